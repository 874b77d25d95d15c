"""What a person does on their CAP reader, step by step, in their language (BANK, "The CAP reader")."""

from typing import Final

from approvals.cap.linking import account_digits
from approvals.credentials.card_texts import KINDS
from approvals.model.card import Card
from approvals.model.money import DECIMALS, in_main_unit
from approvals.model.person import Language
from approvals.model.reader import CapMode, ReaderInput
from approvals.operations.operation import Link
from approvals.statement import Words

_INSERT: Final[Words] = {
    Language.FR: "Insérez dans le lecteur votre {card} se terminant par {last4}, puce vers vous.",
    Language.EN: "Insert your {card} ending in {last4} into the reader, chip towards you.",
}
_PRESS: Final[Words] = {Language.FR: "Appuyez sur la touche {key}.", Language.EN: "Press the {key} key."}
_PIN: Final[Words] = {
    Language.FR: "Composez le code secret de la carte et validez.",
    Language.EN: "Type the card's PIN and confirm.",
}
_TYPE: Final[Words] = {
    Language.FR: "Tapez {number} et validez : {meaning}.",
    Language.EN: "Type {number} and confirm: {meaning}.",
}
_AMOUNT: Final[Words] = {Language.FR: "c'est le montant total", Language.EN: "the total amount"}
_PAYEE: Final[Words] = {
    Language.FR: "{purpose} désigne ce type d'opération, {rest} sont les 7 derniers chiffres du compte du "
    "bénéficiaire, à comparer avec votre facture ou son RIB",
    Language.EN: "{purpose} stands for this kind of operation, {rest} are the last 7 digits of the payee's account, "
    "to be compared with your invoice",
}
_HASHED: Final[Words] = {
    Language.FR: "{purpose} désigne ce type d'opération, {rest} sont calculés sur tout son contenu",
    Language.EN: "{purpose} stands for this kind of operation, {rest} are computed over all that is in it",
}
_COPY: Final[Words] = {
    Language.FR: "Recopiez ici les {length} chiffres affichés par le lecteur.",
    Language.EN: "Copy here the {length} digits shown by the reader.",
}


def reader_steps(asked: ReaderInput, card: Card, link: Link | None, code_length: int, language: Language) -> list[str]:
    """Return the steps in order. `link` is what the code binds, None under the CODE key (RULES 11)."""
    key = "CODE" if asked.mode is CapMode.IDENTIFY else "SIGN"
    return [
        _INSERT[language].format(card=KINDS[card.kind][language], last4=card.last4),
        _PRESS[language].format(key=key),
        _PIN[language],
        *(_TYPE[language].format(number=number, meaning=meaning) for number, meaning in _typed(asked, link, language)),
        _COPY[language].format(length=code_length),
    ]


def _typed(asked: ReaderInput, link: Link | None, language: Language) -> list[tuple[str, str]]:
    """Return the numbers in the order they are typed, each with what it stands for."""
    match asked.mode:
        case CapMode.IDENTIFY:
            return []
        case CapMode.RESPOND:
            return [_linked(asked.digits, link, language)]
        case CapMode.SIGN:
            return [_linked(asked.digits, link, language), (_amount(asked, link, language), _AMOUNT[language])]
        case CapMode.TDS:
            *amounts, digits = asked.fields
            return [*((amount, _AMOUNT[language]) for amount in amounts), _linked(digits, link, language)]


def _linked(digits: str, link: Link | None, language: Language) -> tuple[str, str]:
    purpose, rest = digits[:1], digits[1:]
    is_account = link is not None and link.payee_iban is not None and account_digits(link.payee_iban) == rest
    return digits, (_PAYEE if is_account else _HASHED)[language].format(purpose=purpose, rest=rest)


def _amount(asked: ReaderInput, link: Link | None, language: Language) -> str:
    """Write the amount in the main unit, as it is typed; the currency is the link's where the reader asks none."""
    currency = asked.currency or (link.currency if link else None) or "EUR"
    amount = str(in_main_unit(asked.amount or 0, DECIMALS[currency]))
    return amount.replace(".", ",") if language is Language.FR else amount
