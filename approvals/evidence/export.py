"""The audit in a file of its own, a JSON line a piece: every sealed row, and each head right behind the rows it covers.

The first line says which head the export goes up to, under the house's signature: an export cut short says so itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, TypeAlias, cast

import msgspec
from msgspec import Meta, Struct

from approvals.evidence.audit_check import AuditCheck, AuditReport
from approvals.evidence.file import Object
from approvals.evidence.heads import Hash, SignedHeadForm, head_digest, read_signed_head, signed_head_facts
from approvals.evidence.leaves import from_milliseconds, milliseconds, row_facts
from approvals.evidence.refusals import AnchorsUnreadable, EvidenceInvalid
from approvals.evidence.signatures import PublicKeys
from approvals.model.audit import AuditLine, AuditRow, Disclosure, Retention, SealedLine
from approvals.model.ids import ActionId, AuditId
from approvals.model.json import Facts
from approvals.model.seal import Head, SignedHead
from approvals.statement import canonical

FORMAT: Final = "contreseing-audit/1"
EXPORT_TYPE: Final = "contreseing-audit-export"
"""`typ` of an export's signature."""

Piece: TypeAlias = SealedLine | SignedHead


class _Row(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    action: str | None
    n: int | None
    code: str
    actor: str
    at: int
    commitment: Hash
    retention: Retention


class _Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="row"):
    leaf: int
    hash: Hash | None
    row: _Row
    is_held: bool
    salt: Hash | None
    value: Object | None
    erased_by: str | None


class _Head(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="head"):
    signed: SignedHeadForm


class _Begin(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: str
    at: int
    size: Annotated[int, Meta(ge=0)]
    head: Hash | None


class _SignedBegin(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    begin: _Begin
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How far an export goes: up to the head of `size` leaves, `head` being its digest; None for an empty audit."""

    at: datetime
    size: int
    head: bytes | None


def extent_facts(last: Head | None, at: datetime) -> Facts:
    """Return what the first line signs."""
    return {
        "format": FORMAT,
        "at": milliseconds(at),
        "size": last.size if last else 0,
        "head": head_digest(last).hex() if last else None,
    }


def write_begin(extent: Facts, signature: str) -> bytes:
    return canonical({"begin": extent, "signature": signature}) + b"\n"


def write_piece(piece: Piece) -> bytes:
    """Return one further line."""
    if isinstance(piece, SignedHead):
        return canonical({"type": "head", "signed": signed_head_facts(piece)}) + b"\n"
    held = piece.line.disclosure
    return (
        canonical(
            {
                "type": "row",
                "leaf": piece.line.leaf,
                "hash": piece.hash.hex() if piece.hash else None,
                "row": row_facts(piece.line.row),
                "is_held": held is not None,
                "salt": held.salt.hex() if held and held.salt else None,
                "value": held.value if held else None,
                "erased_by": held.erased_by if held else None,
            }
        )
        + b"\n"
    )


def check_export(
    lines: Iterable[bytes], keys: PublicKeys, outside: Iterable[SignedHead], progress: Callable[[int], None]
) -> AuditReport:
    """Check an export line by line; `progress` is told how many rows went through.

    Heads outside that are newer than the export are not held against it. Raises AnchorsUnreadable for what is no
    export, EvidenceInvalid when its first line is not signed by a pinned key or its end is missing.
    """
    numbered = enumerate(lines, start=1)
    extent = _read_begin(next(numbered, (1, b""))[1], keys)
    check = AuditCheck(keys, (signed for signed in outside if signed.head.at <= extent.at))
    last: Head | None = None
    for number, line in numbered:
        piece = _read_piece(number, line)
        if isinstance(piece, SealedLine):
            check.row(piece)
        else:
            check.head(piece)
            last = piece.head
            progress(check.size)
    if (head_digest(last) if last else None) != extent.head or check.size != extent.size:
        raise EvidenceInvalid(f"the export ends at leaf {check.size}, and says it goes up to {extent.size}")
    return check.end()


def _read_begin(line: bytes, keys: PublicKeys) -> Extent:
    try:
        form = msgspec.json.decode(line, type=_SignedBegin)
    except msgspec.MsgspecError as error:
        raise AnchorsUnreadable("the file is no export of an audit") from error
    if form.begin.format != FORMAT:
        raise AnchorsUnreadable("the export is of another format")
    keys.check_detached(form.signature, canonical(cast("Facts", msgspec.to_builtins(form.begin))), EXPORT_TYPE)
    head = None if form.begin.head is None else bytes.fromhex(form.begin.head)
    return Extent(at=from_milliseconds(form.begin.at), size=form.begin.size, head=head)


def _read_piece(number: int, line: bytes) -> Piece:
    try:
        form = msgspec.json.decode(line, type=_Line | _Head)
    except msgspec.MsgspecError as error:
        raise AnchorsUnreadable(f"line {number} is no line of an export") from error
    return read_signed_head(form.signed) if isinstance(form, _Head) else _sealed_line(form)


def _sealed_line(form: _Line) -> SealedLine:
    row = form.row
    held = Disclosure(
        salt=None if form.salt is None else bytes.fromhex(form.salt),
        value=cast("Facts | None", form.value),
        erased_by=None if form.erased_by is None else AuditId(form.erased_by),
    )
    return SealedLine(
        line=AuditLine(
            row=AuditRow(
                id=AuditId(row.id),
                action_id=None if row.action is None else ActionId(row.action),
                n=row.n,
                code=row.code,
                actor=row.actor,
                at=from_milliseconds(row.at),
                commitment=bytes.fromhex(row.commitment),
                retention=row.retention,
            ),
            leaf=form.leaf,
            disclosure=held if form.is_held else None,
        ),
        hash=None if form.hash is None else bytes.fromhex(form.hash),
    )
