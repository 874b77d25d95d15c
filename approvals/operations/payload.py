"""Reads the fields of an opener's payload, each with an error that names it."""

from collections.abc import Collection, Mapping, Sequence

import schwifty
from schwifty.exceptions import InvalidLength, SchwiftyException

from approvals.errors import InvalidRequest
from approvals.model.json import Json
from approvals.operations.names import check_name, check_text
from approvals.operations.refusals import BicWrong, IbanLengthWrong, IbanWrong


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
        """Return the IBAN without spaces (ISO 13616). Raises IbanLengthWrong, IbanWrong."""
        value = self._left.pop(field, None)
        try:
            return str(schwifty.IBAN(value if isinstance(value, str) else ""))
        except InvalidLength:
            raise IbanLengthWrong(f"{field}: another length than an IBAN of its country has", field=field) from None
        except (SchwiftyException, ValueError):
            raise IbanWrong(f"{field}: not a valid IBAN", field=field) from None

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
