"""Heads as they are signed, named by the next one, and written outside the database: one line of JSON each."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Annotated, Final, TypeAlias

import msgspec
from msgspec import Meta, Struct

from approvals.evidence.leaves import from_milliseconds, milliseconds
from approvals.evidence.refusals import AnchorsUnreadable
from approvals.model.json import Facts
from approvals.model.seal import Head, SignedHead
from approvals.statement import canonical

HEAD_TYPE: Final = "contreseing-head"
"""`typ` of a head's signature: a signature made for one thing never serves another."""

Hash: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}(?![\s\S])")]


class HeadForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A head as it is written."""

    environment: str
    epoch: str
    size: Annotated[int, Meta(ge=1)]
    root: Hash
    previous: Hash
    at: int


class SignedHeadForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the file of heads."""

    head: HeadForm
    signature: str
    growth: tuple[Hash, ...]


def head_facts(head: Head) -> Facts:
    """Return what is signed; `at` in milliseconds since 1970, hashes in lower-case hex."""
    return {
        "environment": head.environment,
        "epoch": head.epoch,
        "size": head.size,
        "root": head.root.hex(),
        "previous": head.previous.hex(),
        "at": milliseconds(head.at),
    }


def head_digest(head: Head) -> bytes:
    """Return the SHA-256 of what is signed: what the next head names, and what a timestamp is over."""
    return hashlib.sha256(canonical(head_facts(head))).digest()


def signed_head_facts(signed: SignedHead) -> Facts:
    return {
        "head": head_facts(signed.head),
        "signature": signed.signature,
        "growth": [step.hex() for step in signed.growth],
    }


def write_line(signed: SignedHead) -> bytes:
    """Return the line, its newline included, in canonical form."""
    return canonical(signed_head_facts(signed)) + b"\n"


def read_signed_head(form: SignedHeadForm) -> SignedHead:
    return SignedHead(
        head=Head(
            environment=form.head.environment,
            epoch=form.head.epoch,
            size=form.head.size,
            root=bytes.fromhex(form.head.root),
            previous=bytes.fromhex(form.head.previous),
            at=from_milliseconds(form.head.at),
        ),
        signature=form.signature,
        growth=tuple(map(bytes.fromhex, form.growth)),
    )


def read_lines(lines: Iterable[bytes]) -> Iterator[SignedHead]:
    """Yield the heads of a file, in its order. Raises AnchorsUnreadable naming the line.

    A line that was cut short while it was written is passed over: its head was written again.
    """
    for number, line in enumerate(lines, start=1):
        try:
            form = msgspec.json.decode(line, type=SignedHeadForm)
        except msgspec.ValidationError as error:
            raise AnchorsUnreadable(f"line {number} is not a head") from error
        except msgspec.DecodeError:
            continue
        yield read_signed_head(form)
