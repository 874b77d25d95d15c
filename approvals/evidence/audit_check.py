"""The audit held against its heads: each row goes through once, in order, and whatever was touched is named.

Memory does not grow with the rows. What is found says no more than can be known: before the last head that somebody
outside keeps, nothing was changed, removed or added (RULES 32). Reading the rows is the caller's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from approvals.evidence.commitments import SALT_SIZE, opens
from approvals.evidence.heads import HEAD_TYPE, head_digest, head_facts
from approvals.evidence.leaves import hash_of
from approvals.evidence.refusals import EvidenceInvalid
from approvals.evidence.signatures import PublicKeys
from approvals.evidence.tree import Frontier, is_consistent
from approvals.model.audit import AuditLine, Disclosure, SealedLine
from approvals.model.ids import AuditId
from approvals.model.json import Facts
from approvals.model.seal import NO_HEAD, Head, SignedHead
from approvals.statement import canonical

ERASED: Final = "audit_values_erased"
"""The code of the row that says why values were erased; its value holds `count`."""
RESTORED: Final = "restore_finished"
"""The code of the row that ends a restore; its value holds what `abandoned_by` reads."""
_MOST_FINDINGS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is not as it was sealed: where, and what."""

    where: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What was found. `anchored` is the last head that the copies outside hold too.

    `abandoned` counts heads outside that a recorded restore left behind, `erased` values whose erasure has its own row.
    """

    findings: tuple[Finding, ...]
    rows: int
    heads: int
    last: Head | None
    anchored: Head | None
    abandoned: int
    erased: int


@dataclass(slots=True)
class _Erasures:
    """Values gone, by the row that is said to say why; and how many those rows say."""

    gone: dict[AuditId, int] = field(default_factory=dict)
    said: dict[AuditId, int | None] = field(default_factory=dict)


class AuditCheck:
    """Takes rows by `row` and heads by `head`, each head right after the last row it covers."""

    def __init__(self, keys: PublicKeys, outside: Iterable[SignedHead]) -> None:
        """`keys` are those heads may be signed with; `outside` the heads that copies out of the house's reach hold."""
        self._keys = keys
        self._frontier = Frontier()
        self._last: Head | None = None
        self._anchored: Head | None = None
        self._heads = 0
        self._findings: list[Finding] = []
        self._erasures = _Erasures()
        self._restores: list[Facts] = []
        self._outside: dict[bytes, Head] = {head_digest(signed.head): signed.head for signed in outside}

    @property
    def size(self) -> int:
        """How many rows went through."""
        return self._frontier.size

    def row(self, sealed: SealedLine) -> None:
        """Take in the next sealed row."""
        line = sealed.line
        place = f"leaf {self.size} ({line.row.id})"
        if line.leaf != self.size:
            self._find(place, f"a row is missing, or was added: this one says it is leaf {line.leaf}")
        found = hash_of(line.row)
        if found != sealed.hash:
            self._find(place, "the row is not the one that the tree holds")
        self._disclosed(place, line)
        self._frontier.append(found)

    def head(self, signed: SignedHead) -> None:
        """Compare a head with the rows before it, with the head before it and with the copies outside."""
        head, place = signed.head, f"head of {signed.head.size}"
        if head.size != self.size:
            self._find(place, f"there are {self.size} rows before it: rows were removed")
        elif head.root != self._frontier.root():
            since = self._last.size if self._last else 0
            self._find(place, f"a row from leaf {since} to {head.size - 1} was changed, removed or added")
        for what in head_faults(signed, self._last, self._keys):
            self._find(place, what)
        if self._outside.pop(head_digest(head), None) is not None:
            self._anchored = head
        self._last = head
        self._heads += 1

    def tiles(self, root: bytes) -> None:
        """Compare the root that the tree's kept tiles give with the last head's: the next head grows from them."""
        if self._last is not None and root != self._last.root:
            self._find("the tree", "its kept hashes do not give the root of its last head")

    def end(self) -> AuditReport:
        """Say what was found once everything went through."""
        self._settle_erasures()
        abandoned = self._settle_outside()
        return AuditReport(
            findings=tuple(self._findings),
            rows=self.size,
            heads=self._heads,
            last=self._last,
            anchored=self._anchored,
            abandoned=abandoned,
            erased=sum(self._erasures.gone.values()),
        )

    # --- values -------------------------------------------------------------------------------------------

    def _disclosed(self, place: str, line: AuditLine) -> None:
        held = line.disclosure
        if held is None:
            self._find(place, "what opens its commitment was removed")
        elif held.erased_by is not None:
            self._erasures.gone[held.erased_by] = self._erasures.gone.get(held.erased_by, 0) + 1
            if held.salt is not None or held.value is not None:
                self._find(place, "its value is said to be erased, and is there")
        elif not _opens(line.row.commitment, held):
            self._find(place, "its value is not the one that was committed to")
        if line.row.code == ERASED:
            self._erasures.said[line.row.id] = _count(held)
        if line.row.code == RESTORED and held is not None and held.value is not None:
            self._restores.append(held.value)

    def _settle_erasures(self) -> None:
        for audit_id, gone in self._erasures.gone.items():
            if audit_id not in self._erasures.said:
                self._find(audit_id, f"{gone} values are gone, and no sealed row says why")
            elif self._erasures.said[audit_id] not in {None, gone}:
                said = self._erasures.said[audit_id]
                self._find(audit_id, f"{gone} values are gone, and the row that says why says {said}")

    # --- the copies outside -------------------------------------------------------------------------------

    def _settle_outside(self) -> int:
        """Heads outside that are none of ours: a restore that says so left them behind, or history was rewritten."""
        explained = {digest for restore in self._restores for digest in abandoned_by(restore, self._outside)}
        for digest, head in self._outside.items():
            if digest not in explained:
                told = f"signed at {head.at:%Y-%m-%d %H:%M:%SZ}, is none of this history: rows were changed or removed"
                self._find(f"head of {head.size} outside", told)
        return len(explained)

    def _find(self, where: str, what: str) -> None:
        if len(self._findings) < _MOST_FINDINGS:
            self._findings.append(Finding(where=where, what=what))


def head_faults(signed: SignedHead, before: Head | None, keys: PublicKeys) -> list[str]:
    """Say what is wrong with a head by itself and behind the one before it, if anything."""
    head, faults = signed.head, []
    try:
        keys.check_detached(signed.signature, canonical(head_facts(head)), HEAD_TYPE)
    except EvidenceInvalid as error:
        faults.append(str(error))
    if head.previous != (head_digest(before) if before else NO_HEAD):
        faults.append("it does not name the head before it: a head was removed, added or changed")
    if before and not is_consistent(before.size, head.size, before.root, head.root, signed.growth):
        faults.append("it does not prove that it grew from the head before it")
    return faults


def abandoned_by(restore: Facts, outside: Mapping[bytes, Head]) -> set[bytes]:
    """Return the digests of heads that this restore left behind, as its row in the audit says.

    They are larger than the head it came back to, of the epoch it ended, and no newer than the head outside that the
    operator had compared.
    """
    anchored = outside.get(bytes.fromhex(str(restore.get("anchored_head") or "")))
    size = restore.get("head_size")
    if anchored is None or not isinstance(size, int):
        return set()
    return {
        digest
        for digest, head in outside.items()
        if size < head.size <= anchored.size and head.epoch == anchored.epoch and head.at <= anchored.at
    }


def _opens(commitment: bytes, held: Disclosure) -> bool:
    if held.salt is None or len(held.salt) != SALT_SIZE or held.value is None:
        return False
    return opens(commitment, held.salt, held.value)


def _count(held: Disclosure | None) -> int | None:
    count = held.value.get("count") if held is not None and held.value is not None else None
    return count if isinstance(count, int) else None
