"""Actions as signers and the core see them, complete enough to be shown."""

from dataclasses import replace
from datetime import datetime

from approvals import statement
from approvals.model.action import Action
from approvals.model.card import Card
from approvals.model.challenge import Challenge
from approvals.model.ids import ActionKind, UserId
from approvals.model.json import Facts
from approvals.model.reader import ReaderInput
from approvals.model.sheet import ActionSheet
from tests.builders import make_action, make_card, make_challenge, make_user

PAYEE_IBAN = "FR1420041010050500013M02606"
ACCOUNT_IBAN = "FR7630006000011234567890189"
BENEFICIARY: Facts = {"change": "add", "name": "Menuiserie Le Goff", "iban": PAYEE_IBAN, "bic": None}
CHEQUEBOOK: Facts = {"account": ACCOUNT_IBAN, "book": "desk", "number": 1, "delivery": "branch"}
REMITTANCE: Facts = {
    "total": {"amount": "1234.50", "currency": "EUR"},
    "count": 1,
    "account": ACCOUNT_IBAN,
    "dates": ["2026-03-05"],
    "payees": [
        {
            "name": "Menuiserie Le Goff",
            "iban": PAYEE_IBAN,
            "amount": "1234.50",
            "currency": "EUR",
            "standing": "known",
        }
    ],
    "message": "PAY-2026-03",
}
SIGNER = make_user("usr_1")
COLLEAGUE = make_user("usr_2")


class CodesOfEight:
    """The CardProfiles port, as far as a view asks it: every reader shows eight digits."""

    def link(self, card: Card, subject: object) -> ReaderInput:
        raise NotImplementedError

    def code_length(self, card: Card) -> int:
        del card
        return 8

    def strength(self, card: Card) -> int:
        raise NotImplementedError


def make_sheet(kind: str = "beneficiary", facts: Facts = BENEFICIARY, asked: ReaderInput | None = None) -> ActionSheet:
    """Two people are asked to sign; the first one's reader takes `asked`."""
    action = replace(make_action("act_1"), kind=ActionKind(kind), facts=facts, statement_digest=statement.digest(facts))
    own, other = make_challenge("act_1", "usr_1"), make_challenge("act_1", "usr_2")
    if asked is not None:
        own = replace(own, reader_input=asked)
    return sheet_of(action, own, other)


def sheet_of(action: Action, *challenges: Challenge) -> ActionSheet:
    people = {user.id: user for user in (SIGNER, COLLEAGUE)}
    cards = {card.id: card for card in map(make_card, people)}
    return ActionSheet(action=action, challenges=challenges, people=people, cards=cards)


def initiated_by(sheet: ActionSheet, user_id: str) -> ActionSheet:
    return replace(sheet, action=replace(sheet.action, initiator=UserId(user_id)))


def expiring(sheet: ActionSheet, at: datetime) -> ActionSheet:
    """The same action, its time over at `at`; nobody has swept it yet."""
    challenges = tuple(replace(challenge, expires_at=at) for challenge in sheet.challenges)
    return replace(sheet, action=replace(sheet.action, expires_at=at), challenges=challenges)
