"""What rows of the audit hold of other tables: digests, so that policy, proof and token are sealed with the row.

Who changes one of them later, in the database or in a file of evidence, contradicts a sealed row.
"""

import hashlib
from typing import Final

import msgspec

from approvals.evidence.leaves import milliseconds
from approvals.model.json import Facts
from approvals.model.policy import Policy
from approvals.model.proof import Proof, Verdict
from approvals.statement import digest

POLICY: Final = "policy_sha256"
PROOF: Final = "proof_sha256"
STATEMENT: Final = "statement_sha256"
RELEASE: Final = "token_sha256"


def policy_facts(policy: Policy) -> Facts:
    facts: Facts = msgspec.to_builtins(policy, order="deterministic")
    return facts


def proof_facts(proof: Proof) -> Facts:
    """Return one attempt as evidence holds it; times in milliseconds since 1970. The code itself is kept nowhere."""
    return {
        "id": proof.id,
        "purpose": proof.purpose.value,
        "challenge": proof.challenge_id,
        "signer": proof.user_id,
        "card": proof.card_id,
        "login": proof.login_id,
        "device": proof.device_id,
        "status": proof.status.value,
        "offered": milliseconds(proof.offered_at),
        "judged": None if proof.judged_at is None else milliseconds(proof.judged_at),
        "answer": None if proof.answer is None else proof.answer.value,
        "attempts_left": proof.attempts_left,
        "verdict": None if proof.verdict is None else _verdict(proof.verdict),
    }


def proof_digest(proof: Proof) -> str:
    return digest(proof_facts(proof))


def exhibits_of(proof: Proof) -> frozenset[str]:
    """Return the digests of the exhibits a proof by certificate rests on."""
    told = {} if proof.verdict is None else proof.verdict.evidence
    chain = told.get("chain")
    named = [*(chain if isinstance(chain, list) else ()), *(told.get(name) for name in ("ocsp", "crl", "timestamp"))]
    return frozenset(each for each in named if isinstance(each, str))


def policy_digest(policy: Policy) -> str:
    return digest(policy_facts(policy))


def token_digest(token: str) -> str:
    """Return the SHA-256 of a release token's characters, lower-case hex."""
    return hashlib.sha256(token.encode("ascii")).hexdigest()


def _verdict(verdict: Verdict) -> Facts:
    return {
        "right": verdict.right,
        "reason": verdict.reason,
        "atc": verdict.atc,
        "time_step": verdict.time_step,
        "evidence": verdict.evidence,
    }
