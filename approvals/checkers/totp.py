"""An adviser's TOTP: opens the sealed seed, asks the pure rules, and notes what an auditor needs (RULES 33)."""

from datetime import datetime

from approvals.credentials.totp import RightStep, check_totp
from approvals.model.adviser import Adviser
from approvals.model.json import Facts
from approvals.model.proof import TotpProof, Verdict
from approvals.ports.vault import Keyring, SealedSecret


class SealedTotpChecker:
    """Implements the TotpChecker port."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def check_totp(self, adviser: Adviser, seed: SealedSecret, proof: TotpProof, now: datetime) -> Verdict:
        """Raises KeyringError when the seed does not open."""
        opened = self._keyring.open(seed.kind, seed.id, seed.version, seed.sealed)
        outcome = check_totp(opened, proof.code, adviser.last_step, now)
        evidence: Facts = {
            "asserted_by": "bank",
            "seed_version": seed.version,
            "step_before": adviser.last_step,
        }
        if isinstance(outcome, RightStep):
            step = outcome.step
            return Verdict(right=True, reason="totp_right", time_step=step, evidence={**evidence, "step": step})
        return Verdict(right=False, reason=outcome.value, evidence=evidence)
