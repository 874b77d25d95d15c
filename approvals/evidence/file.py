"""The file of evidence of one action: what stands in it, declared once, and how it is written and read.

It is JSON in canonical form (RFC 8785): every byte of it is either signed or the signature, so that no byte can be
another. What a check finds in it is `file_check`'s.
"""

from collections.abc import Mapping
from typing import Annotated, Final, TypeAlias, cast

import msgspec
from msgspec import Meta, Struct

from approvals.evidence.heads import Hash, SignedHeadForm
from approvals.evidence.refusals import EvidenceInvalid
from approvals.model.json import Facts
from approvals.statement import canonical

FORMAT: Final = "contreseing-evidence/1"
EVIDENCE_TYPE: Final = "contreseing-evidence"
"""`typ` of a file's signature."""

Object: TypeAlias = dict[str, Annotated[object, Meta(extra_json_schema={"description": "Any JSON but a float."})]]


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every field is always there, null where it does not apply. Times are milliseconds since 1970, hashes hex."""


class HouseForm(Part, frozen=True, kw_only=True):
    """Whose evidence it is."""

    environment: str
    issuer: str
    audience: str


class ActionForm(Part, frozen=True, kw_only=True):
    """The action; `statement` holds the facts that every signer was shown and signed."""

    id: str
    subscription: str
    kind: str
    status: str
    reason: str | None
    initiator: str
    opened_by: str
    created: int
    expires: int
    ended: int | None
    reference: str | None
    bundle: str | None
    payload_sha256: str
    statement: Object
    statement_sha256: Hash
    policy: Object


class TextForm(Part, frozen=True, kw_only=True):
    """The text as it was rendered from the facts in one language, by one version of the templates."""

    language: str
    template: int
    title: str
    lines: list[tuple[str, str]]


class SignerForm(Part, frozen=True, kw_only=True):
    """One signer's challenge: what was asked, what their signature covers, every proof they offered.

    `means` is what they signed with, null where they did not.
    """

    challenge: str
    signer: str
    group: str
    means: str | None
    status: str
    ended: int | None
    refusal: str | None
    asked: Object | None
    envelope: Object
    envelope_sha256: Hash
    proofs: list[Object]


class ReleaseForm(Part, frozen=True, kw_only=True):
    """The release: `token` is the compact JWS that the bank's core checked."""

    id: str
    created: int
    token: str


class LineForm(Part, frozen=True, kw_only=True):
    """A row of the audit, what opens its commitment, and its proof under the head; null where not yet sealed."""

    row: Object
    salt: Hash | None
    value: Object | None
    erased_by: str | None
    leaf: int | None
    inclusion: list[Hash] | None


class SealForm(Part, frozen=True, kw_only=True):
    """The anchored head that the rows are proved under; `timestamp` is its RFC 3161 token, DER in base64."""

    signed: SignedHeadForm
    anchored: int
    timestamp: str | None


class KeysForm(Part, frozen=True, kw_only=True):
    """Public keys as JWK (RFC 7517), for who has pinned their ids; nothing is believed because it stands here."""

    audit: list[Object]
    release: list[Object]


class EvidenceForm(Part, frozen=True, kw_only=True):
    """Everything there is about one action.

    `exhibits` are the bytes that proofs by certificate name by their SHA-256, in base64: certificates, revocation
    answers, timestamps.
    """

    format: str
    at: int
    house: HouseForm
    action: ActionForm
    texts: list[TextForm]
    signers: list[SignerForm]
    release: ReleaseForm | None
    audit: list[LineForm]
    seal: SealForm | None
    exhibits: dict[Hash, str]
    keys: KeysForm


class EvidenceFile(Part, frozen=True, kw_only=True):
    """Evidence, and the house's signature over its canonical bytes: a JWS without its content (RFC 7515 app. F)."""

    evidence: EvidenceForm
    signature: str


def signed_bytes(evidence: EvidenceForm) -> bytes:
    """Return what the signature is over."""
    return canonical(_facts(evidence))


def write_file(evidence: EvidenceForm, signature: str) -> bytes:
    return canonical(_facts(EvidenceFile(evidence=evidence, signature=signature)))


def read_file(content: bytes) -> EvidenceFile:
    """Return the file. Raises EvidenceInvalid unless it is one, byte by byte as it would be written."""
    try:
        written: Mapping[str, object] = msgspec.json.decode(content, type=Object)
        if canonical(cast("Facts", written)) != content:
            raise EvidenceInvalid("the file is not in canonical form: it was altered")
        return msgspec.convert(written, EvidenceFile)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise EvidenceInvalid("the file is no evidence, or was altered") from error


def _facts(part: Part) -> Facts:
    facts: Facts = msgspec.to_builtins(part)
    return facts
