"""What is typed into the reader for one challenge with one card: bound to the action where its operation says so.

The same inputs give the same digits, so a card that came to hand after the opening can sign too.
"""

from approvals.model.action import Action
from approvals.model.card import Card
from approvals.model.challenge import Challenge
from approvals.model.ids import ChallengeId
from approvals.model.reader import CODE_KEY, LinkSubject, ReaderInput
from approvals.operations import OPERATIONS
from approvals.ports.world import CardProfiles


def reader_input(action: Action, challenge_id: ChallengeId, card: Card, profiles: CardProfiles) -> ReaderInput:
    """Return mode and digits (RULES 11 and 12). Raises CapInputError for a card whose profile cannot bind them."""
    link = OPERATIONS[action.kind].link(action.facts)
    if link is None or (action.policy.code_on_money is not None and link.amount is not None):
        return CODE_KEY
    subject = LinkSubject(
        purpose=link.purpose,
        challenge_id=challenge_id,
        statement_digest=action.statement_digest,
        payee_iban=link.payee_iban,
        amount=link.amount,
        currency=link.currency,
    )
    return profiles.link(card, subject)


def asked_of(action: Action, challenge: Challenge, card: Card, profiles: CardProfiles) -> ReaderInput:
    """Return what is typed with one of the signer's cards: what was frozen at the opening for the one proposed then."""
    if challenge.card_id == card.id and challenge.reader_input is not None:
        return challenge.reader_input
    return reader_input(action, challenge.id, card, profiles)
