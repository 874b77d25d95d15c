"""A token bucket: so many at once, then so many a second."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`burst` at once; `per_second` come back."""

    burst: float
    per_second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """`level` tokens were left at `at`."""

    rate: Rate
    level: float
    at: datetime

    @classmethod
    def full(cls, rate: Rate, now: datetime) -> "Bucket":
        return cls(rate=rate, level=rate.burst, at=now)

    def refilled(self, now: datetime) -> "Bucket":
        """Time that went backwards gives nothing."""
        seconds = max((now - self.at).total_seconds(), 0.0)
        level = min(self.level + seconds * self.rate.per_second, self.rate.burst)
        return replace(self, level=level, at=max(now, self.at))

    def taken(self) -> "Bucket | None":
        """Return the bucket with one token less; None when there is none."""
        return replace(self, level=self.level - 1) if self.level >= 1 else None

    def given_back(self) -> "Bucket":
        """Return the bucket with the token that was taken back in it."""
        return replace(self, level=min(self.level + 1, self.rate.burst))

    def seconds_until_one(self) -> float:
        return max(1 - self.level, 0.0) / self.rate.per_second
