"""What a signer signs: facts as canonical bytes, and the text rendered from those facts alone.

Facts are the same for every signer and hold no prose (DESIGN, "Facts, text, signature"); the text in French or
English is made here and nowhere else, from the labels an operation declares.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final, cast

import rfc8785

from approvals.model.action import Action
from approvals.model.challenge import Challenge
from approvals.model.ids import ActionId, ChallengeId, UserId
from approvals.model.json import Facts, Json
from approvals.model.money import DECIMALS, in_main_unit
from approvals.model.person import Language

TEMPLATE_VERSION: Final = 1
"""Raised when the same facts would render another text; named in every envelope."""


def canonical(facts: Facts) -> bytes:
    """Return the RFC 8785 bytes of the facts."""
    return rfc8785.dumps(cast("dict[str, object]", facts))  # type: ignore[arg-type]  # its type refuses Mapping


def digest(facts: Facts) -> str:
    """Return the SHA-256 of the canonical bytes, lower-case hex."""
    return hashlib.sha256(canonical(facts)).hexdigest()


def fingerprint(statement_digest: str) -> str:
    """Return the digest's first 8 hex digits in two groups: what two people can compare by voice."""
    return f"{statement_digest[:4]} {statement_digest[4:8]}".upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What one signature covers: one statement, one challenge, one purpose (RULES 14)."""

    environment: str
    purpose: str
    action: ActionId
    challenge: ChallengeId
    signer: UserId
    expires_at: datetime
    statement_digest: str
    language: Language

    def facts(self) -> Facts:
        """Return the envelope as it is made canonical and signed; `expires` in milliseconds since 1970."""
        return {
            "environment": self.environment,
            "purpose": self.purpose,
            "action": self.action,
            "challenge": self.challenge,
            "signer": self.signer,
            "expires": int(self.expires_at.timestamp() * 1000),
            "statement": self.statement_digest,
            "language": self.language.value,
            "template": TEMPLATE_VERSION,
        }


def envelope_of(action: Action, challenge: Challenge, environment: str, language: Language) -> Envelope:
    """Return what a signature for this challenge covers, in the language its signer reads."""
    return Envelope(
        environment=environment,
        purpose="approval",
        action=action.id,
        challenge=challenge.id,
        signer=challenge.user_id,
        expires_at=challenge.expires_at,
        statement_digest=action.statement_digest,
        language=language,
    )


# --- the text ---------------------------------------------------------------------------------------------


class Format(Enum):
    """How a fact is shown."""

    TEXT = auto()
    MONEY = auto()  # {"amount": "1234.50", "currency": "EUR"}
    IBAN = auto()
    DATES = auto()  # a list of ISO 8601 dates
    COUNT = auto()
    CHOICE = auto()  # a code with its own words
    NAMES = auto()  # a list of texts
    VERIFICATION = auto()  # {"answers": {code: count}, "findings": […]}, or {"opted_out": day}
    PAYEES = auto()  # a list of {"name", "iban", "amount", "currency", "standing"}
    TEXTS = auto()  # a list of texts, a line each
    CHOICES = auto()  # a list of codes with their own words
    ACCOUNTS = auto()  # a list of IBANs, or the word "all"
    DAY = auto()  # an ISO 8601 date
    CEILINGS = auto()  # a list of {"kind", "account", "currency", "per_remittance", "per_day"}, in minor units
    BEFORE_AFTER = auto()  # {"before", "after"}, each in the field's `inner` format or null


Words = Mapping[Language, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One fact a person is shown: its key, its label, its format.

    `choices` gives the words of codes; `inner` is the format of both sides of a BEFORE_AFTER.
    """

    key: str
    label: Words
    format: Format = Format.TEXT
    inner: Format = Format.TEXT
    choices: Mapping[str, Words] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The statement as one person reads it."""

    title: str
    lines: tuple[Line, ...]


def render(title: Words, fields: Sequence[Field], facts: Facts, language: Language) -> Text:
    """Write the text from the facts; a field whose fact is absent or null has no line.

    Facts may hold `before`: what some of them were. Where that is another value, the line shows both.
    """
    before = cast("Facts", facts.get("before") or {})
    lines: list[Line] = []
    for field in fields:
        value = facts.get(field.key)
        if field.key in before and before[field.key] != value:
            lines.append(_changed(field, before[field.key], value, language))
        elif value is not None:
            lines.extend(_lines(field, value, language))
    return Text(title=title[language], lines=tuple(lines))


def _changed(field: Field, before: Json, value: Json, language: Language) -> Line:
    """Both values of one line, each a dash where there is none."""
    shown = [_lines(field, each, language)[0].value if each else "—" for each in (before, value)]
    return Line(field.label[language], f"{shown[0]} → {shown[1]}")


def _lines(field: Field, value: Json, language: Language) -> list[Line]:
    label = field.label[language]
    match field.format:
        case Format.PAYEES:
            return _under(label, [_payee(payee, language) for payee in cast("Sequence[Mapping[str, str]]", value)])
        case Format.VERIFICATION:
            return _under(label, _verification(cast("Facts", value), language))
        case Format.TEXTS:
            return _under(label, cast("Sequence[str]", value))
        case Format.NAMES:
            return [Line(label, ", ".join(cast("Sequence[str]", value)))] if value else []
        case Format.BEFORE_AFTER:
            return [Line(label, _compared(field, cast("Mapping[str, Json]", value), language))]
        case shape:
            return [Line(label, _text(field, shape, value, language))]


def _under(label: str, values: Sequence[str]) -> list[Line]:
    """Several lines under one label."""
    return [Line(label if n == 0 else "", value) for n, value in enumerate(values)]


def _text(field: Field, shape: Format, value: Json, language: Language) -> str:
    match shape:
        case Format.COUNT:
            return _grouped(str(value), language)
        case Format.MONEY:
            return _money(cast("Mapping[str, str]", value), language)
        case Format.IBAN:
            return spaced_iban(str(value))
        case Format.DAY:
            return _date(str(value), language)
        case Format.CHOICE:
            return _worded(field, value, language)
        case Format.DATES | Format.CHOICES | Format.ACCOUNTS | Format.CEILINGS:
            return _listed(field, shape, cast("Sequence[Json]", value), language)
        case _:
            return str(value)


def _worded(field: Field, code: Json, language: Language) -> str:
    """The code's words; the code itself where only another version knew them: what stands in the book is shown."""
    words = (field.choices or {}).get(str(code))
    return str(code) if words is None else words[language]


_NONE: Final[Words] = {Language.FR: "néant", Language.EN: "none"}
_ALL_ACCOUNTS: Final[Words] = {Language.FR: "tous les comptes", Language.EN: "all accounts"}
_UNCHANGED: Final[Words] = {Language.FR: "inchangé", Language.EN: "unchanged"}


def _listed(field: Field, shape: Format, values: Sequence[Json], language: Language) -> str:
    match shape:
        case Format.DATES:
            return ", ".join(_date(str(day), language) for day in values)
        case Format.ACCOUNTS if values == "all":
            return _ALL_ACCOUNTS[language]
        case Format.ACCOUNTS:
            shown = [spaced_iban(str(iban)) for iban in values]
        case Format.CEILINGS:
            shown = [_ceiling(field, cast("Mapping[str, Json]", each), language) for each in values]
        case _:
            shown = [_worded(field, code, language) for code in values]
    return " ; ".join(shown) or _NONE[language]


def _compared(field: Field, pair: Mapping[str, Json], language: Language) -> str:
    """Show what becomes of a fact: "before → after", or the one value there is with a word that it stays."""
    before, after = (
        _NONE[language] if pair[side] is None else _text(field, field.inner, pair[side], language)
        for side in ("before", "after")
    )
    return f"{after} ({_UNCHANGED[language]})" if before == after else f"{before} → {after}"


_PER_REMITTANCE: Final[Words] = {Language.FR: "par remise", Language.EN: "a remittance"}
_PER_DAY: Final[Words] = {Language.FR: "par jour", Language.EN: "a day"}
_UNLIMITED: Final[Words] = {Language.FR: "sans plafond", Language.EN: "no limit"}


def _limit(minor: int, currency: str, language: Language) -> str:
    return _money({"amount": str(in_main_unit(minor, DECIMALS[currency])), "currency": currency}, language)


def _ceiling(field: Field, ceiling: Mapping[str, Json], language: Language) -> str:
    currency = str(ceiling["currency"])
    limits = [
        f"{_limit(limit, currency, language)} {per[language]}"
        for limit, per in ((ceiling["per_remittance"], _PER_REMITTANCE), (ceiling["per_day"], _PER_DAY))
        if isinstance(limit, int)
    ]
    kind = _worded(field, ceiling["kind"], language)
    return f"{kind}, {spaced_iban(str(ceiling['account']))} : {', '.join(limits) or _UNLIMITED[language]}"


def spaced_iban(iban: str) -> str:
    """Return the IBAN in groups of four, as it is printed (ISO 13616)."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


_STANDINGS: Final[Mapping[str, Words]] = {
    "unknown": {Language.FR: "inconnu", Language.EN: "unknown"},
    "changed": {Language.FR: "modifié", Language.EN: "changed"},
    "new": {Language.FR: "récent", Language.EN: "new"},
    "known": {Language.FR: "connu", Language.EN: "known"},
}


_OPTED_OUT: Final[Words] = {
    Language.FR: "renonciation de l'entreprise du {day}",
    Language.EN: "opted out on {day}",
}
_ANSWERS: Final[Mapping[str, Words]] = {
    "MTCH": {Language.FR: "{count} conforme(s)", Language.EN: "{count} match(es)"},
    "CMTC": {Language.FR: "{count} proche(s)", Language.EN: "{count} close match(es)"},
    "NMTC": {Language.FR: "{count} non conforme(s)", Language.EN: "{count} without match"},
    "NOAP": {Language.FR: "{count} sans réponse", Language.EN: "{count} not verifiable"},
}
_FINDINGS: Final[Mapping[str, Words]] = {
    "CMTC": {
        Language.FR: "{name} {iban} : nom proche, le compte est celui de {returned}",
        Language.EN: "{name} {iban}: close match, the account is held by {returned}",
    },
    "NMTC": {
        Language.FR: "{name} {iban} : le compte n'est pas à ce nom",
        Language.EN: "{name} {iban}: the account is not held under this name",
    },
}
_NOT_TOLD: Final[Words] = {Language.FR: "(nom non communiqué)", Language.EN: "(name not given)"}
_MORE: Final[Words] = {
    Language.FR: "et {count} autre(s), à voir dans la liste des bénéficiaires",
    Language.EN: "and {count} more, to be seen in the list of payees",
}


def _verification(fact: Facts, language: Language) -> list[str]:
    """How often each answer came, then every near or no match the facts name (RULES 21)."""
    if "opted_out" in fact:
        return [_OPTED_OUT[language].format(day=_date(str(fact["opted_out"]), language))]
    counts = cast("Mapping[str, int]", fact["answers"])
    summary = ", ".join(_ANSWERS[code][language].format(count=counts[code]) for code in _ANSWERS if counts[code])
    if "findings" not in fact:
        return [summary]
    findings = cast("Sequence[Mapping[str, str | None]]", fact["findings"])
    unlisted = fact["unlisted"]
    more = [_MORE[language].format(count=unlisted)] if unlisted else []
    return [summary, *(_finding(finding, language) for finding in findings), *more]


def _finding(finding: Mapping[str, str | None], language: Language) -> str:
    return _FINDINGS[str(finding["answer"])][language].format(
        name=finding["name"],
        iban=spaced_iban(str(finding["iban"])),
        returned=finding["returned"] or _NOT_TOLD[language],
    )


def _payee(payee: Mapping[str, str], language: Language) -> str:
    standing = _STANDINGS[payee["standing"]][language]
    return f"{payee['name']} ({standing}) {spaced_iban(payee['iban'])} : {_money(payee, language)}"


def _money(money: Mapping[str, str], language: Language) -> str:
    whole, _, cents = money["amount"].partition(".")
    mark = "," if language is Language.FR else "."
    return f"{_grouped(whole, language)}{mark if cents else ''}{cents} {money['currency']}"


def _grouped(digits: str, language: Language) -> str:
    separator = "\N{NARROW NO-BREAK SPACE}" if language is Language.FR else ","
    return f"{int(digits):,}".replace(",", separator)


def _date(day: str, language: Language) -> str:
    year, month, day_of_month = day.split("-")
    return f"{day_of_month}/{month}/{year}" if language is Language.FR else day
