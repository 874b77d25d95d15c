"""The evidence of one action: gathered, proved under the newest head outside, signed."""

from collections.abc import Mapping, Sequence

from approvals import statement
from approvals.desk.actions import load_sheets
from approvals.desk.terms import Terms
from approvals.errors import NotFound
from approvals.evidence.bindings import exhibits_of
from approvals.evidence.composing import Asked, Maker, Record, compose
from approvals.evidence.file import EVIDENCE_TYPE, signed_bytes, write_file
from approvals.evidence.tiles import Tiles, proof_keys
from approvals.evidence.tree import inclusion_proof
from approvals.model.action import Action
from approvals.model.audit import AuditLine
from approvals.model.challenge import Challenge
from approvals.model.ids import ActionId, AuditId, ChallengeId
from approvals.model.person import Language
from approvals.model.proof import Proof
from approvals.model.seal import KeptHead
from approvals.model.sheet import ActionSheet
from approvals.operations import OPERATIONS
from approvals.ports.book import Book, Ledger
from approvals.ports.sealing import AuditSigner
from approvals.ports.world import Clock, PublishedKeys
from approvals.statement import Envelope


class EvidenceDesk:
    """Makes files of evidence."""

    def __init__(
        self, *, book: Book, clock: Clock, terms: Terms, signer: AuditSigner, release_keys: PublishedKeys
    ) -> None:
        self._book = book
        self._clock = clock
        self._terms = terms
        self._signer = signer
        self._release_keys = release_keys

    async def of_action(self, action_id: ActionId) -> bytes:
        """Return the file: JSON in canonical form, signed. Raises NotFound."""
        record = await self._book.reading(lambda ledger: self._gather(ledger, action_id))
        evidence = compose(record, self._maker(), self._clock.now())
        return write_file(evidence, self._signer.sign_detached(EVIDENCE_TYPE, signed_bytes(evidence)))

    async def _gather(self, ledger: Ledger, action_id: ActionId) -> Record:
        sheets = await load_sheets(ledger, [action_id])
        if not sheets:
            raise NotFound("no such action")
        sheet, action = sheets[0], sheets[0].action
        proofs = await ledger.proofs.of_action(action_id)
        lines = await ledger.audit_tree.of_action(action_id)
        head = await ledger.audit_tree.last_anchored()
        asked = [self._asked(sheet, challenge, proofs) for challenge in sheet.challenges]
        return Record(
            action=action,
            texts=_texts(action, {each.envelope.language for each in asked}),
            asked=asked,
            release=await ledger.releases.of_action(action_id),
            audit=lines,
            head=head,
            exhibits=await ledger.exhibits.load(frozenset().union(*map(exhibits_of, proofs))),
            inclusion={} if head is None else await _inclusion(ledger, lines, head),
        )

    def _asked(self, sheet: ActionSheet, challenge: Challenge, proofs: Sequence[Proof]) -> Asked:
        own: ChallengeId = challenge.id
        return Asked(
            challenge=challenge,
            envelope=self._envelope(sheet, challenge),
            proofs=[proof for proof in proofs if proof.challenge_id == own],
        )

    def _envelope(self, sheet: ActionSheet, challenge: Challenge) -> Envelope:
        signer = sheet.people.get(challenge.user_id)
        language = signer.language if signer else Language.FR
        return statement.envelope_of(sheet.action, challenge, self._terms.parties.environment, language)

    def _maker(self) -> Maker:
        parties = self._terms.parties
        return Maker(
            environment=parties.environment,
            issuer=parties.issuer,
            audience=parties.audience,
            audit_keys=self._signer.published_keys(),
            release_keys=self._release_keys.published_keys(),
        )


def _texts(action: Action, languages: set[Language]) -> Mapping[Language, statement.Text]:
    operation = OPERATIONS[action.kind]
    return {
        language: statement.render(operation.title, operation.fields, action.facts, language)
        for language in sorted(languages)
    }


async def _inclusion(ledger: Ledger, lines: Sequence[AuditLine], head: KeptHead) -> Mapping[AuditId, Sequence[bytes]]:
    """Prove each row that the head covers."""
    size = head.signed.head.size
    leaves = {line.row.id: line.leaf for line in lines if line.leaf is not None and line.leaf < size}
    keys = {key for leaf in leaves.values() for key in proof_keys(leaf, size)}
    subtree = Tiles(size, await ledger.audit_tree.tiles(keys)).subtree
    return {audit_id: inclusion_proof(leaf, size, subtree) for audit_id, leaf in leaves.items()}
