"""Reads the fields of an opener's payload, each with an error that names it."""

import unicodedata
from collections.abc import Collection, Mapping

import schwifty
from schwifty.exceptions import SchwiftyException

from approvals.errors import InvalidRequest
from approvals.model.json import Json

_DIRECTION_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class PayloadReader:
    """Takes fields one by one; `done` refuses what nobody took."""

    def __init__(self, payload: Mapping[str, Json]) -> None:
        self._left = dict(payload)

    def text(self, field: str, *, longest: int) -> str:
        """Return a trimmed text of 1 to `longest` characters without control or direction characters."""
        value = self._left.pop(field, None)
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            raise InvalidRequest(f"{field}: a text of 1 to {longest} characters is needed", field=field)
        if any(char in _DIRECTION_CONTROLS or unicodedata.category(char) == "Cc" for char in value):
            raise InvalidRequest(f"{field}: control and direction characters are refused", field=field)
        return value.strip()

    def choice(self, field: str, among: Collection[str]) -> str:
        value = self._left.pop(field, None)
        if not isinstance(value, str) or value not in among:
            raise InvalidRequest(f"{field}: one of {', '.join(sorted(among))} is needed", field=field)
        return value

    def count(self, field: str, *, most: int) -> int:
        value = self._left.pop(field, None)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise InvalidRequest(f"{field}: a whole number from 1 to {most} is needed", field=field)
        return value

    def iban(self, field: str) -> str:
        """Return the IBAN without spaces; its length, structure and check digits are right (ISO 13616)."""
        value = self._left.pop(field, None)
        try:
            return str(schwifty.IBAN(value if isinstance(value, str) else ""))
        except (SchwiftyException, ValueError):
            raise InvalidRequest(f"{field}: not a valid IBAN", field=field) from None

    def bic(self, field: str) -> str | None:
        """Return the BIC (ISO 9362), or None when the payload names none."""
        value = self._left.pop(field, None)
        if value is None:
            return None
        try:
            return str(schwifty.BIC(value if isinstance(value, str) else ""))
        except (SchwiftyException, ValueError):
            raise InvalidRequest(f"{field}: not a valid BIC", field=field) from None

    def done(self) -> None:
        for field in self._left:
            raise InvalidRequest(f"{field}: this action has no such field", field=field)
