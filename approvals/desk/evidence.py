"""What is known of one action's approval: statement, envelopes, verdicts, release token, audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from approvals.desk.actions import read_sheets
from approvals.desk.terms import Terms
from approvals.errors import NotFound
from approvals.model.audit import AuditEntry
from approvals.model.challenge import Challenge
from approvals.model.ids import ActionId, ChallengeId
from approvals.model.person import Language
from approvals.model.proof import Proof
from approvals.model.release import Release
from approvals.model.sheet import ActionSheet
from approvals.ports.book import Book, Ledger
from approvals.statement import Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRecord:
    """Everything kept of one action; `proofs` by time, `audit` as it was written."""

    sheet: ActionSheet
    envelopes: Mapping[ChallengeId, Envelope]
    proofs: Sequence[Proof]
    release: Release | None
    audit: Sequence[AuditEntry]


class EvidenceDesk:
    """Gathers the evidence of an action."""

    def __init__(self, *, book: Book, terms: Terms) -> None:
        self._book = book
        self._terms = terms

    async def of_action(self, action_id: ActionId) -> EvidenceRecord:
        """Raises NotFound."""

        async def work(ledger: Ledger) -> EvidenceRecord:
            action = await ledger.actions.load(action_id)
            if action is None:
                raise NotFound("no such action")
            sheet = (await read_sheets(ledger, [action]))[0]
            return EvidenceRecord(
                sheet=sheet,
                envelopes={challenge.id: self._envelope(sheet, challenge) for challenge in sheet.challenges},
                proofs=await ledger.proofs.of_action(action_id),
                release=await ledger.releases.of_action(action_id),
                audit=await ledger.audit.of_action(action_id),
            )

        return await self._book.reading(work)

    def _envelope(self, sheet: ActionSheet, challenge: Challenge) -> Envelope:
        signer = sheet.people.get(challenge.user_id)
        return Envelope(
            environment=self._terms.parties.environment,
            purpose="approval",
            action=sheet.id,
            challenge=challenge.id,
            signer=challenge.user_id,
            expires_at=challenge.expires_at,
            statement_digest=sheet.action.statement_digest,
            language=signer.language if signer else Language.FR,
        )
