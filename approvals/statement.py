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

from approvals.model.ids import ActionId, ChallengeId, UserId
from approvals.model.json import Facts, Json
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


Words = Mapping[Language, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One fact a person is shown: its key, its label, its format; `choices` gives the words of a CHOICE's codes."""

    key: str
    label: Words
    format: Format = Format.TEXT
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
        case Format.TEXT:
            return [Line(label, str(value))]
        case Format.COUNT:
            return [Line(label, _grouped(str(value), language))]
        case Format.MONEY:
            return [Line(label, _money(cast("Mapping[str, str]", value), language))]
        case Format.IBAN:
            return [Line(label, spaced_iban(str(value)))]
        case Format.DATES:
            return [Line(label, ", ".join(_date(str(day), language) for day in cast("Sequence[str]", value)))]
        case Format.NAMES:
            return [Line(label, ", ".join(cast("Sequence[str]", value)))] if value else []
        case Format.CHOICE:
            return [Line(label, (field.choices or {})[str(value)][language])]
        case Format.PAYEES:
            payees = cast("Sequence[Mapping[str, str]]", value)
            return _under(label, [_payee(payee, language) for payee in payees])
        case Format.VERIFICATION:
            return _under(label, _verification(cast("Facts", value), language))


def _under(label: str, values: Sequence[str]) -> list[Line]:
    """Several lines under one label."""
    return [Line(label if n == 0 else "", value) for n, value in enumerate(values)]


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
