"""What is known of an action's approval, for the bank's core and its auditors."""

from typing import Final

import msgspec
from msgspec import Struct

from approvals import statement
from approvals.desk.evidence import EvidenceRecord
from approvals.errors import NotFound
from approvals.model.api_key import ApiKey, Scope
from approvals.model.audit import AuditEntry
from approvals.model.challenge import Challenge
from approvals.model.ids import ActionId
from approvals.model.proof import Proof, Verdict
from approvals.model.release import Release
from approvals.statement import Envelope
from channels.views.times import milliseconds
from server.http.desks import Desks
from server.http.forms import (
    AttemptContent,
    AuditContent,
    DeliveryContent,
    EnvelopeContent,
    EvidenceContent,
    LanguageQuery,
)
from server.http.gates import Core
from server.http.intake import NoBody
from server.http.replies import Reply
from server.http.routes import Call, Gives, Route, Row
from server.http.sheets import shown

_BANK: Final = "bank"


class _Delivered(Struct, frozen=True):
    token: str


class _Webhook(Struct, frozen=True):
    """The part of a release's body that is read back."""

    data: _Delivered


async def show_evidence(desks: Desks, call: Call[ApiKey, None, LanguageQuery]) -> Reply:
    record = await desks.evidence.of_action(ActionId(call.path["action"]))
    return Reply(
        body=EvidenceContent(
            action=shown(desks, record.sheet, call.caller, call.query.language),
            envelopes=_envelopes(record),
            attempts=[_attempt(proof) for proof in record.proofs],
            release=_delivery(record.release) if record.release is not None else None,
            audit=[_audit(entry) for entry in record.audit],
        )
    )


def _envelopes(record: EvidenceRecord) -> list[EnvelopeContent]:
    return [_envelope(challenge, record.envelopes[challenge.id]) for challenge in record.sheet.challenges]


def _envelope(challenge: Challenge, envelope: Envelope) -> EnvelopeContent:
    facts = envelope.facts()
    return EnvelopeContent(
        challenge=challenge.id,
        signer=challenge.user_id,
        status=challenge.status,
        content=msgspec.Raw(statement.canonical(facts)),
        sha256=statement.digest(facts),
    )


def _attempt(proof: Proof) -> AttemptContent:
    verdict = proof.verdict
    return AttemptContent(
        id=proof.id,
        challenge=proof.challenge_id,
        purpose=proof.purpose,
        card=proof.card_id,
        status=proof.status,
        answer=proof.answer,
        offered=milliseconds(proof.offered_at),
        judged=None if proof.judged_at is None else milliseconds(proof.judged_at),
        reason=verdict.reason if verdict else None,
        counter=_counter(verdict) if verdict else None,
        checked=msgspec.Raw(statement.canonical(verdict.evidence if verdict else {})),
        asserted_by=_BANK,
    )


def _counter(verdict: Verdict) -> int | None:
    return verdict.time_step if verdict.atc is None else verdict.atc


def _delivery(release: Release) -> DeliveryContent:
    return DeliveryContent(
        id=release.id,
        status=release.status,
        attempts=release.attempts,
        created=milliseconds(release.created_at),
        settled=None if release.settled_at is None else milliseconds(release.settled_at),
        token=msgspec.json.decode(release.body, type=_Webhook).data.token,
    )


def _audit(entry: AuditEntry) -> AuditContent:
    return AuditContent(
        code=entry.code,
        actor=entry.actor,
        at=milliseconds(entry.at),
        value=msgspec.Raw(statement.canonical(entry.value)),
    )


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/actions/{action}/evidence",
        summary="Show all that is known of an action's approval",
        who=Core(Scope.READ),
        intake=NoBody(),
        query=LanguageQuery,
        handler=show_evidence,
        gives=Gives(status=200, struct=EvidenceContent),
        errors=(NotFound,),
    ),
)
