"""What every node of one house must agree on: whose name it signs in, and what people's devices sign."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseIdentity:
    """`environment`, `issuer` and `audience` stand in envelopes and release tokens, `origin` in device signatures."""

    environment: str
    issuer: str
    audience: str
    origin: str

    def differences(self, other: "HouseIdentity") -> tuple[str, ...]:
        """Return the names of what differs."""
        theirs = asdict(other)
        return tuple(name for name, value in asdict(self).items() if theirs[name] != value)
