"""The counters and histograms of one process, and the audit lines that move them."""

from collections.abc import Sequence
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

from approvals.model.audit import AuditEntry
from server.ids import made_at

_SIGNING: Final = (5, 15, 30, 60, 120, 300, 900, 3600, 14_400, 43_200, 86_400, 259_200)
"""Seconds: from a phone in the hand to a file left over a weekend."""
_LAGS: Final = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
_SIGN_INS: Final = {"signed_in": "accepted", "sign_in_refused": "refused"}
_LOCKS: Final = {"person_locked": "person", "card_locked": "card"}


class Figures:
    """Everything that is counted since the process started."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.actions = self._counter("actions", "Actions that came to a state", "status")
        self.challenges = self._counter("challenges", "Signers' challenges that came to a state", "status")
        self.proofs = self._counter("proofs", "Proofs checked, for approvals and sign-in", "means", "verdict")
        self.locks = self._counter("locks", "Persons and cards locked by wrong codes", "what")
        self.sign_ins = self._counter("sign_ins", "Sign-ins", "outcome")
        self.delivery_attempts = self._counter(
            "delivery_attempts", "Attempts to bring a release to the core", "outcome"
        )
        self.push = self._counter("push", "Attempts to wake a device", "channel", "outcome")
        self.time_to_sign = Histogram(
            "contreseing_time_to_sign_seconds",
            "From an action's opening to each signature",
            buckets=_SIGNING,
            registry=self.registry,
        )
        self.loop_lag = Histogram(
            "contreseing_loop_lag_seconds",
            "How late the event loop wakes a task that slept",
            buckets=_LAGS,
            registry=self.registry,
        )

    def watch(self, entries: Sequence[AuditEntry]) -> None:
        """Count what a committed transaction told the audit."""
        for entry in entries:
            self._count(entry)

    def _count(self, entry: AuditEntry) -> None:
        noun, _, status = entry.code.partition("_")
        if entry.code in _SIGN_INS:
            self.sign_ins.labels(_SIGN_INS[entry.code]).inc()
        elif entry.code in _LOCKS:
            self.locks.labels(_LOCKS[entry.code]).inc()
        elif noun == "action":
            self.actions.labels(status).inc()
        elif noun == "challenge":
            self.challenges.labels(status).inc()
        opened_at = made_at(entry.action_id or "")
        if entry.code == "challenge_satisfied" and opened_at is not None:
            self.time_to_sign.observe((entry.at - opened_at).total_seconds())

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"contreseing_{name}", told, labels, registry=self.registry)
