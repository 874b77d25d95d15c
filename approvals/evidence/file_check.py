"""A file of evidence checked with an auditor's own anchors, and nothing else: what it proves, and who asserts it.

Everything is checked again from what stands in the file: digests, envelopes, commitments, inclusion, signatures; and
the rows of the audit are held against what the file says besides (RULES 33).
"""

import base64
import hashlib
from binascii import Error as Base64Error
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from approvals import statement
from approvals.evidence import bindings
from approvals.evidence.commitments import opens
from approvals.evidence.file import (
    EVIDENCE_TYPE,
    FORMAT,
    EvidenceForm,
    LineForm,
    Object,
    SealForm,
    SignerForm,
    read_file,
    signed_bytes,
)
from approvals.evidence.heads import HEAD_TYPE, head_digest, head_facts, read_signed_head
from approvals.evidence.refusals import EvidenceInvalid
from approvals.evidence.signature_check import SignatureAnchors, check_signature
from approvals.evidence.signatures import PublicKeys
from approvals.evidence.tree import is_included, leaf_hash
from approvals.model.json import Facts
from approvals.model.release import RELEASE_TYPE
from approvals.model.seal import Head, SignedHead
from approvals.statement import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What the auditor pinned: ids and keys of the house, copies of its heads, issuing and timestamp authorities."""

    audit_keys: PublicKeys
    release_keys: PublicKeys
    heads: Iterable[SignedHead] = ()
    anchors: SignatureAnchors = field(default_factory=SignatureAnchors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """One thing the file proves, and who asserts it; `is_proved` where it holds whatever the bank says (RULES 33)."""

    what: str
    asserted_by: str
    is_proved: bool = False

    @property
    def told(self) -> str:
        """The whole in words: CAP is asserted by the bank, X.509 proved by the signer."""
        return f"{self.what}: {'proved' if self.is_proved else 'asserted'} by {self.asserted_by}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What holds. `unsealed` rows of the audit are under no head yet; `erased` ones have no value any more."""

    action: str
    proved: tuple[Proved, ...]
    unsealed: int
    erased: int


def check_file(content: bytes, trust: Trust) -> FileReport:
    """Return what the file proves. Raises EvidenceInvalid when anything of it does not hold."""
    file = read_file(content)
    key_id = trust.audit_keys.check_detached(file.signature, signed_bytes(file.evidence), EVIDENCE_TYPE)
    try:
        return _Check(file.evidence, trust, key_id).run()
    except (KeyError, TypeError, ValueError) as error:
        raise EvidenceInvalid("something in the file is not what belongs there") from error


@dataclass(slots=True)
class _Check:
    """One file on its way through; every step raises EvidenceInvalid or notes what it proved."""

    file: EvidenceForm
    trust: Trust
    key_id: str
    proved: list[Proved] = field(default_factory=list)

    def run(self) -> FileReport:
        _require(self.file.format == FORMAT, "the file is of another format")
        self._note(f"the file is whole, signed with key {self.key_id}", "the bank")
        self._statement()
        for signer in self.file.signers:
            self._signer(signer)
        self._release()
        values = self._rows()
        self._seal()
        self._bound(values)
        return FileReport(
            action=self.file.action.id,
            proved=tuple(self.proved),
            unsealed=sum(line.inclusion is None for line in self.file.audit),
            erased=sum(line.value is None for line in self.file.audit),
        )

    # --- what was asked and answered ----------------------------------------------------------------------

    def _statement(self) -> None:
        action = self.file.action
        _require(_digest(action.statement) == action.statement_sha256, "the statement is not the one digested")
        self._note(f"every signer was asked for statement {action.statement_sha256}", "the bank")

    def _signer(self, signer: SignerForm) -> None:
        envelope = signer.envelope
        _require(_digest(envelope) == signer.envelope_sha256, "an envelope is not the one digested")
        expected = {
            "environment": self.file.house.environment,
            "action": self.file.action.id,
            "challenge": signer.challenge,
            "signer": signer.signer,
            "statement": self.file.action.statement_sha256,
        }
        _require(expected.items() <= envelope.items(), "an envelope is of something else")
        for proof in signer.proofs:
            _require(
                proof.get("challenge") == signer.challenge and proof.get("signer") == signer.signer,
                "a proof is of another challenge",
            )
            self.proved.append(self._said_of(signer, proof))
            self.proved.extend(_code_said(proof))

    def _said_of(self, signer: SignerForm, proof: Object) -> Proved:
        """What a right signature shows, its signer proved; the rest is the bank's word (RULES 33)."""
        verdict = proof.get("verdict")
        if not isinstance(verdict, Mapping) or not verdict["right"] or "jws" not in verdict["evidence"]:
            return _asserted(proof)
        signed = check_signature(proof, signer.envelope, self._exhibits(), self.trust.anchors)
        clock = "by its timestamp" if signed.is_stamped else "by the bank's clock"
        when = f"{signed.at:%Y-%m-%d %H:%M:%SZ} {clock}"
        what = f"{proof['signer']} signed challenge {signer.challenge} with their certificate, good at {when}"
        return Proved(what=what, asserted_by="the signer", is_proved=True)

    def _exhibits(self) -> dict[str, bytes]:
        found = {digest: _decoded(text) for digest, text in self.file.exhibits.items()}
        for digest, content in found.items():
            _require(hashlib.sha256(content).hexdigest() == digest, "an exhibit is not the one digested")
        return found

    def _release(self) -> None:
        release, action = self.file.release, self.file.action
        if release is None:
            return
        claims = self.trust.release_keys.read_token(release.token, RELEASE_TYPE)
        expected: Facts = {
            "env": self.file.house.environment,
            "action": action.id,
            "jti": release.id,
            "statement_sha256": action.statement_sha256,
            "payload_sha256": action.payload_sha256,
        }
        _require(expected.items() <= claims.items(), "the release token is of something else")
        approved, satisfied = _approvals(claims), _satisfied(self.file)
        _require(approved == satisfied, "the release token names other signers")
        self._note(f"{len(approved)} signatures released payload {action.payload_sha256}", "the bank")

    # --- the audit ----------------------------------------------------------------------------------------

    def _rows(self) -> list[tuple[Object, Object]]:
        """Check each row by itself; return those whose value is held, with it."""
        held: list[tuple[Object, Object]] = []
        for number, line in enumerate(self.file.audit, start=1):
            _require(line.row.get("n") == number, "a row of the audit is missing or added")
            _require(line.row.get("action") == self.file.action.id, "a row of the audit is of another action")
            if line.value is not None:
                _require(_is_open(line), "a row of the audit is not opened by its value")
                held.append((line.row, line.value))
        return held

    def _seal(self) -> None:
        seal = self.file.seal
        sealed = [line for line in self.file.audit if line.inclusion is not None]
        if seal is None:
            _require(not sealed, "rows are proved under a head that is not there")
            return
        signed = read_signed_head(seal.signed)
        self.trust.audit_keys.check_detached(signed.signature, canonical(head_facts(signed.head)), HEAD_TYPE)
        _require(signed.head.environment == self.file.house.environment, "the head is of another environment")
        for line in sealed:
            _require(_is_under(line, signed.head), "a row of the audit is not under the head")
        self._note(f"{len(sealed)} rows of the audit are under the head of {signed.head.size}", "the bank")
        self._outside(signed.head)
        self._stamped(seal, signed.head)

    def _outside(self, head: Head) -> None:
        digest = head_digest(head)
        pinned = {head_digest(signed.head): signed.head.at for signed in self.trust.heads}
        if digest in pinned:
            self._note(f"the head of {head.size} is among the heads you keep", "your own copy")
        else:
            _require(all(head.at > at for at in pinned.values()), "the head is none of those you keep")

    def _stamped(self, seal: SealForm, head: Head) -> None:
        stamps = self.trust.anchors.stamps
        if seal.timestamp is not None and stamps is not None:
            at = stamps(_decoded(seal.timestamp), head_digest(head))
            self._note(f"the head of {head.size} was there {at:%Y-%m-%d %H:%M:%SZ}", "the timestamp authority")

    def _bound(self, rows: Sequence[tuple[Object, Object]]) -> None:
        """Hold statement, policy, proofs and token against what the rows say of them."""
        known = dict(self._digests())
        for row, value in rows:
            for name in (bindings.STATEMENT, bindings.POLICY, bindings.PROOF, bindings.RELEASE):
                if name in value:
                    _require(value[name] in known[name], f"row {row['n']} of the audit says another {name}")
        said = {str(value[bindings.PROOF]) for _, value in rows if bindings.PROOF in value}
        for signer in self.file.signers:
            if signer.status == "satisfied" and len(rows) == len(self.file.audit):
                _require(bool(said & set(map(_digest, signer.proofs))), "a signature stands in no row of the audit")

    def _digests(self) -> Iterator[tuple[str, set[str]]]:
        proofs = (proof for signer in self.file.signers for proof in signer.proofs)
        release = self.file.release
        yield bindings.STATEMENT, {self.file.action.statement_sha256}
        yield bindings.POLICY, {_digest(self.file.action.policy)}
        yield bindings.PROOF, set(map(_digest, proofs))
        yield bindings.RELEASE, {bindings.token_digest(release.token)} if release else set()

    def _note(self, what: str, asserted_by: str) -> None:
        self.proved.append(Proved(what=what, asserted_by=asserted_by))


def _code_said(proof: Object) -> Iterator[Proved]:
    """A browser's key signs with the confidential code besides, and that one the bank alone has checked (RULES 15)."""
    verdict = proof.get("verdict")
    if isinstance(verdict, Mapping) and verdict["right"] and verdict["evidence"].get("confidential_code") == "right":
        what = f"{proof['signer']} gave the confidential code besides, their key being kept by a browser"
        yield Proved(what=what, asserted_by="the bank")


def _asserted(proof: Object) -> Proved:
    """A CAP code or TOTP is checked with a key the bank holds too: the bank asserts it, and says with what."""
    verdict = proof.get("verdict")
    if not isinstance(verdict, Mapping):
        return Proved(what=f"proof {proof['id']} of {proof['signer']} was not checked", asserted_by="the bank")
    told = ", ".join(f"{name} {value}" for name, value in sorted(verdict["evidence"].items()) if name != "asserted_by")
    right = "right" if verdict["right"] else "wrong"
    what = f"proof {proof['id']} of {proof['signer']} was {right} ({verdict['reason']}; {told})"
    return Proved(what=what, asserted_by="the bank")


def _satisfied(file: EvidenceForm) -> set[tuple[str, str | None]]:
    return {(signer.signer, signer.means) for signer in file.signers if signer.status == "satisfied"}


def _approvals(claims: Facts) -> set[tuple[str, str]]:
    approvals = claims.get("approvals")
    if not isinstance(approvals, list):
        raise EvidenceInvalid("the release token names no approvals")
    return {(str(each["user"]), str(each["means"])) for each in approvals}


def _is_open(line: LineForm) -> bool:
    commitment = bytes.fromhex(str(line.row["commitment"]))
    return line.salt is not None and opens(commitment, bytes.fromhex(line.salt), _facts(line.value or {}))


def _is_under(line: LineForm, head: Head) -> bool:
    if line.leaf is None or line.inclusion is None:
        return False
    leaf = leaf_hash(canonical(_facts(line.row)))
    return is_included(leaf, line.leaf, head.size, [bytes.fromhex(step) for step in line.inclusion], head.root)


def _digest(content: Object) -> str:
    return statement.digest(_facts(content))


def _facts(content: Object) -> Facts:
    return content  # type: ignore[return-value]  # read from JSON: it holds nothing else


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except Base64Error as error:
        raise EvidenceInvalid("a timestamp or exhibit is not in base64") from error


def _require(condition: bool, told: str) -> None:  # noqa: FBT001  # a predicate, as in `assert`
    if not condition:
        raise EvidenceInvalid(told)
