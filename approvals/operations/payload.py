"""Reads the fields of an opener's payload, each with an error that names it."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias

import schwifty
from schwifty.exceptions import InvalidLength, SchwiftyException

from approvals.certificates.pasting import read_pasted
from approvals.certificates.refusals import CertificateRefused
from approvals.credentials.refusals import LimitBelowZero
from approvals.errors import InvalidRequest, PayloadRefused
from approvals.model.json import Json
from approvals.operations.names import check_name, check_text
from approvals.operations.refusals import BicWrong, IbanLengthWrong, IbanWrong

Unknown: TypeAlias = type[InvalidRequest] | type[PayloadRefused]
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-\"$-?A-~]*)?")
"""Host and path in printable ASCII; neither user nor fragment."""
_LONGEST_ADDRESS: Final = 300
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_LIST: Final = 200
_LARGEST_LIMIT: Final = 10**15
"""In minor units: above any amount a card can bind, and far from what a BIGINT holds."""


class PayloadReader:
    """Takes fields one by one; `done` refuses what nobody took."""

    def __init__(self, payload: Mapping[str, Json]) -> None:
        self._left = dict(payload)

    def text(self, field: str, *, longest: int) -> str:
        """Return a trimmed text of 1 to `longest` characters without control or direction characters."""
        return _text(self._left.pop(field, None), field, longest)

    def name(self, field: str, *, longest: int) -> str:
        """Return the name of a person, company or list, which can be taken for no other (`names.check_name`)."""
        return _name(self._left.pop(field, None), field, longest)

    def names(self, field: str, *, longest: int, most: int) -> list[str]:
        """Return different names, in alphabetical order; none when the payload has no such field."""
        values = self._left.pop(field, None) or []
        if not isinstance(values, Sequence) or isinstance(values, str) or len(values) > most:
            raise InvalidRequest(f"{field}: a list of at most {most} names is needed", field=field)
        return sorted({_name(value, field, longest) for value in values})

    def choice(self, field: str, among: Collection[str], *, unknown: Unknown = InvalidRequest) -> str:
        """Return a code; raises `unknown` where it is none of them."""
        value = self._left.pop(field, None)
        if not isinstance(value, str) or value not in among:
            raise unknown(f"{field}: one of {', '.join(sorted(among))} is needed", field=field)
        return value

    def choice_or_none(self, field: str, among: Collection[str]) -> str | None:
        if self._left.get(field) is None:
            self._left.pop(field, None)
            return None
        return self.choice(field, among)

    def count(self, field: str, *, most: int) -> int:
        value = self._left.pop(field, None)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise InvalidRequest(f"{field}: a whole number from 1 to {most} is needed", field=field)
        return value

    def choices(self, field: str, among: Collection[str], *, unknown: Unknown = InvalidRequest) -> list[str]:
        """Return the codes of a list, each once, sorted; none where the payload has no such field.

        Raises `unknown` for a code that is none of them.
        """
        values = self._list(field)
        for value in values:
            if not isinstance(value, str) or value not in among:
                raise unknown(f"{field}: each one of {', '.join(sorted(among))}", field=field)
        return sorted({str(value) for value in values})

    def ibans(self, field: str) -> list[str] | None:
        """Return the accounts of a list, sorted, or None where the payload names none or null."""
        if self._left.get(field) is None:
            self._left.pop(field, None)
            return None
        return sorted({_iban(field, value) for value in self._list(field)})

    def records(self, field: str) -> list["PayloadReader"]:
        """Return a reader for each record of a list; none where the payload has no such field."""
        values = self._list(field)
        if not all(isinstance(value, Mapping) for value in values):
            raise InvalidRequest(f"{field}: a list of records is needed", field=field)
        return [PayloadReader(value) for value in values if isinstance(value, Mapping)]

    def day(self, field: str) -> str | None:
        """Return a calendar day as YYYY-MM-DD, or None when the payload names none."""
        value = self._left.pop(field, None)
        if value is None:
            return None
        if not isinstance(value, str) or not _DAY.fullmatch(value) or not _is_day(value):
            raise InvalidRequest(f"{field}: a day as YYYY-MM-DD is needed", field=field)
        return value

    def limit(self, field: str) -> int | None:
        """Return a limit in minor units, or None for no limit. Raises LimitBelowZero."""
        value = self._left.pop(field, None)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value > _LARGEST_LIMIT:
            raise InvalidRequest(f"{field}: a whole number of minor units is needed", field=field)
        if value < 0:
            raise LimitBelowZero(f"{field}: a limit is not below zero", field=field)
        return value

    def _list(self, field: str) -> Sequence[Json]:
        value = self._left.pop(field, None)
        if value is None:
            return []
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > _LONGEST_LIST:
            raise InvalidRequest(f"{field}: a list of at most {_LONGEST_LIST} is needed", field=field)
        return value

    def certificate(self, field: str) -> bytes:
        """Return the DER of a certificate pasted as PEM or base64."""
        value = self._left.pop(field, None)
        try:
            return read_pasted(value if isinstance(value, str) else "")
        except CertificateRefused:
            raise InvalidRequest(
                f"{field}: a certificate as PEM, or its DER as base64, is needed", field=field
            ) from None

    def url(self, field: str) -> str | None:
        """Return an address of HTTP without credentials, or None where the payload names none."""
        value = self._left.pop(field, None)
        if value is None:
            return None
        if not isinstance(value, str) or not _ADDRESS.fullmatch(value) or len(value) > _LONGEST_ADDRESS:
            raise InvalidRequest(f"{field}: an address http://host/… or https://host/… is needed", field=field)
        return value

    def iban(self, field: str) -> str:
        """Return the IBAN without spaces (ISO 13616). Raises IbanLengthWrong, IbanWrong."""
        return _iban(field, self._left.pop(field, None))

    def bic(self, field: str) -> str | None:
        """Return the BIC (ISO 9362), or None when the payload names none. Raises BicWrong."""
        value = self._left.pop(field, None)
        if value is None:
            return None
        try:
            return str(schwifty.BIC(value if isinstance(value, str) else ""))
        except (SchwiftyException, ValueError):
            raise BicWrong(f"{field}: not a valid BIC", field=field) from None

    def done(self) -> None:
        for field in self._left:
            raise InvalidRequest(f"{field}: this action has no such field", field=field)


def _text(value: Json, field: str, longest: int) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise InvalidRequest(f"{field}: a text of 1 to {longest} characters is needed", field=field)
    check_text(value, field)
    return value.strip()


def _name(value: Json, field: str, longest: int) -> str:
    name = _text(value, field, longest)
    check_name(name, field)
    return name


def _iban(field: str, value: Json) -> str:
    try:
        return str(schwifty.IBAN(value if isinstance(value, str) else ""))
    except InvalidLength:
        raise IbanLengthWrong(f"{field}: another length than an IBAN of its country has", field=field) from None
    except (SchwiftyException, ValueError):
        raise IbanWrong(f"{field}: not a valid IBAN", field=field) from None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
