"""From what the house knows of an action to its file of evidence, unsigned."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import msgspec
from msgspec import Struct

from approvals import statement
from approvals.evidence.bindings import policy_facts, proof_facts
from approvals.evidence.file import (
    FORMAT,
    ActionForm,
    EvidenceForm,
    HouseForm,
    KeysForm,
    LineForm,
    Object,
    ReleaseForm,
    SealForm,
    SignerForm,
    TextForm,
)
from approvals.evidence.heads import SignedHeadForm, signed_head_facts
from approvals.evidence.leaves import milliseconds, row_facts
from approvals.model.action import Action
from approvals.model.audit import AuditLine
from approvals.model.challenge import Challenge
from approvals.model.ids import AuditId
from approvals.model.json import Facts
from approvals.model.person import Language
from approvals.model.proof import Proof
from approvals.model.release import Release
from approvals.model.seal import KeptHead
from approvals.statement import Envelope, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One challenge with its envelope and the proofs offered, by time."""

    challenge: Challenge
    envelope: Envelope
    proofs: Sequence[Proof]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything kept of one action. `inclusion` holds the proof of each row under `head`, where there is one."""

    action: Action
    texts: Mapping[Language, Text]
    asked: Sequence[Asked]
    release: Release | None
    audit: Sequence[AuditLine]
    head: KeptHead | None
    inclusion: Mapping[AuditId, Sequence[bytes]]
    exhibits: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Whose name evidence is made in; the public keys are JWKS documents."""

    environment: str
    issuer: str
    audience: str
    audit_keys: bytes
    release_keys: bytes


class _Delivered(Struct, frozen=True):
    token: str


class _Webhook(Struct, frozen=True):
    """The part of a release's body that is read back."""

    data: _Delivered


def token_of(release: Release) -> str:
    return msgspec.json.decode(release.body, type=_Webhook).data.token


def compose(record: Record, maker: Maker, at: datetime) -> EvidenceForm:
    return EvidenceForm(
        format=FORMAT,
        at=milliseconds(at),
        house=HouseForm(environment=maker.environment, issuer=maker.issuer, audience=maker.audience),
        action=_action(record.action),
        texts=[_text(language, text) for language, text in record.texts.items()],
        signers=[_signer(asked) for asked in record.asked],
        release=None if record.release is None else _release(record.release),
        audit=[_line(line, record.inclusion.get(line.row.id)) for line in record.audit],
        seal=None if record.head is None else _seal(record.head),
        exhibits={digest: base64.b64encode(each).decode() for digest, each in record.exhibits.items()},
        keys=KeysForm(audit=_keys(maker.audit_keys), release=_keys(maker.release_keys)),
    )


def _action(action: Action) -> ActionForm:
    return ActionForm(
        id=action.id,
        subscription=action.subscription_id,
        kind=action.kind,
        status=action.status,
        reason=action.reason,
        initiator=action.initiator,
        opened_by=action.opened_by,
        created=milliseconds(action.created_at),
        expires=milliseconds(action.expires_at),
        ended=_milliseconds(action.ended_at),
        reference=action.reference,
        bundle=action.bundle_id,
        payload_sha256=action.payload_digest,
        statement=_object(action.facts),
        statement_sha256=action.statement_digest,
        policy=_object(policy_facts(action.policy)),
    )


def _text(language: Language, text: Text) -> TextForm:
    return TextForm(
        language=language,
        template=statement.TEMPLATE_VERSION,
        title=text.title,
        lines=[(line.label, line.value) for line in text.lines],
    )


def _signer(asked: Asked) -> SignerForm:
    challenge, envelope = asked.challenge, asked.envelope.facts()
    return SignerForm(
        challenge=challenge.id,
        signer=challenge.user_id,
        group=challenge.group,
        means=challenge.signed_with,
        status=challenge.status,
        ended=_milliseconds(challenge.ended_at),
        refusal=challenge.refusal,
        asked=None if challenge.reader_input is None else msgspec.to_builtins(challenge.reader_input),
        envelope=_object(envelope),
        envelope_sha256=statement.digest(envelope),
        proofs=[_object(proof_facts(proof)) for proof in asked.proofs],
    )


def _release(release: Release) -> ReleaseForm:
    return ReleaseForm(id=release.id, created=milliseconds(release.created_at), token=token_of(release))


def _line(line: AuditLine, inclusion: Sequence[bytes] | None) -> LineForm:
    held = line.disclosure
    return LineForm(
        row=_object(row_facts(line.row)),
        salt=held.salt.hex() if held and held.salt else None,
        value=_object(held.value) if held and held.value is not None else None,
        erased_by=held.erased_by if held else None,
        leaf=None if inclusion is None else line.leaf,
        inclusion=None if inclusion is None else [step.hex() for step in inclusion],
    )


def _seal(kept: KeptHead) -> SealForm:
    return SealForm(
        signed=msgspec.convert(signed_head_facts(kept.signed), SignedHeadForm),
        anchored=_milliseconds(kept.anchored_at) or 0,
        timestamp=None if kept.timestamp is None else base64.b64encode(kept.timestamp).decode(),
    )


def _keys(key_set: bytes) -> list[Object]:
    return msgspec.json.decode(key_set, type=dict[str, list[Object]])["keys"]


def _milliseconds(at: datetime | None) -> int | None:
    return None if at is None else milliseconds(at)


def _object(facts: Facts) -> Object:
    return cast("Object", facts)
