"""Bills of exchange (LCR) and promissory notes (BOR) in records of 160 columns, read as they come, line by line.

The layout is the CFONB's, *Effets de commerce LCR-BOR, dispositions destinées à la clientèle* (September 2002; a public
copy: https://doczz.fr/doc/617571/effets-de-commerce-lcr---bor), compared column by column with what the OCA's
account_banking_fr_lcr and Axelor's bank orders write. A remittance is one record 03 (who remits), records 06 (one bill
each), one record 08 (the total), numbered from 1; a file may hold several. Endorsements (07) and addresses (16) are not
taken. Columns below count from 1, as the CFONB's do.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from approvals.model.collection import Collection, CollectionFormat, Crediting, Creditor
from approvals.model.remittance import InitiatingParty, PaymentOrder, RemittanceRules
from approvals.remittance.collecting import Creditors, CreditorTotals
from approvals.remittance.refusals import (
    AcceptanceWrong,
    AmountMalformed,
    AmountNotPositive,
    CharacterRefused,
    ControlSumMismatch,
    CurrencyUnknown,
    DateInvalid,
    EntryCodeWrong,
    OperationCodeWrong,
    RecordLengthWrong,
    RecordMissing,
    RecordUnexpected,
    RemittanceEmpty,
    RunningNumberWrong,
    SirenInvalid,
)
from approvals.remittance.rib import iban_of_rib

WIDTH: Final = 160
_LINE_END: Final = b"\r\n"


def _columns(first: int, last: int) -> slice:
    return slice(first - 1, last)


_RECORD, _OPERATION, _NUMBER = _columns(1, 2), _columns(3, 4), _columns(5, 12)
_NAME, _RIB, _AMOUNT = _columns(31, 54), _columns(82, 102), _columns(103, 114)
# record 03: who remits
_REMITTED, _ENTRY, _CURRENCY = _columns(25, 30), _columns(79, 79), _columns(81, 81)
_SIREN, _REFERENCE = _columns(135, 149), _columns(150, 160)
# record 06: one bill
_ACCEPTANCE, _DUE, _DRAWN, _DRAWERS = _columns(79, 79), _columns(119, 124), _columns(125, 130), _columns(151, 160)

_ENTRIES: Final[Mapping[str, Crediting]] = {
    "1": Crediting.DISCOUNT,
    "2": Crediting.DISCOUNT_AT_VALUE,
    "3": Crediting.CASH,
    "4": Crediting.CASH_AFTER_DELAY,
}
_ACCEPTANCES: Final = frozenset({"0", "1", "2"})  # LCR not accepted, LCR accepted, BOR


class LcrReader:
    """Reads one file, of any size in constant memory, the same however it is cut.

    After it has raised it takes no more: a file is never half right.
    """

    def __init__(self, rules: RemittanceRules) -> None:
        self._lines = _Lines()
        self._records = _Records(Creditors(rules.most_groups))

    def feed(self, chunk: bytes) -> list[PaymentOrder]:
        """Read on; no order is handed out, since nobody is paid. Raises a RemittanceError, AmountNotSignable."""
        for line in self._lines.cut(chunk):
            self._records.take(line)
        return []

    def close(self) -> Collection:
        """The file has ended: return what it held. Raises as `feed` does."""
        for line in self._lines.last():
            self._records.take(line)
        return self._records.whole()


class _Lines:
    """Cuts the stream at line ends; a line that is too long is handed on at once, cut."""

    def __init__(self) -> None:
        self._rest = b""

    def cut(self, chunk: bytes) -> Iterator[bytes]:
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        yield from (line.rstrip(b"\r") for line in lines)
        if len(self._rest) > WIDTH + len(_LINE_END):
            yield self._rest[: WIDTH + len(_LINE_END)]

    def last(self) -> Iterator[bytes]:
        if self._rest.strip(_LINE_END):
            yield self._rest.rstrip(b"\r")


class _Records:
    """What the records say, in their order: 03, then 06 as often as there are bills, then 08."""

    def __init__(self, creditors: Creditors) -> None:
        self._creditors = creditors
        self._line = 0
        self._number = 0
        self._position = 0
        self._total = 0
        self._open: CreditorTotals | None = None
        self._first: tuple[str, str, InitiatingParty] | None = None
        self._digest = hashlib.sha256()
        self._records: Mapping[str, Callable[[str, str], None]] = {
            "03": self._begin,
            "06": self._bill,
            "08": self._end,
        }

    def take(self, line: bytes) -> None:
        self._line += 1
        path = f"line {self._line}"
        record = _text_of(line, path)
        self._digest.update(line)
        self._number = self._number + 1 if self._open is not None else 1
        if record[_RECORD] not in self._records:
            raise RecordUnexpected("a record is 03, 06 or 08", path=path)
        if (self._open is None) is not (record[_RECORD] == "03"):
            raise RecordUnexpected("a remittance is one 03, then 06, then one 08", path=path)
        if record[_OPERATION] != "60":
            raise OperationCodeWrong("LCR and BOR have the operation code 60", path=path)
        if record[_NUMBER] != f"{self._number:08d}":
            raise RunningNumberWrong(f"the record's number should be {self._number}", path=path)
        self._records[record[_RECORD]](record, path)

    def whole(self) -> Collection:
        if self._first is None:
            raise RemittanceEmpty("the file is empty")
        if self._open is not None:
            raise RecordMissing("the last record is not 08", path=f"line {self._line}")
        message_id, created_at, party = self._first
        return Collection(
            format=CollectionFormat.LCR,
            message_id=message_id
            or self._digest.hexdigest(),  # without a reference the content says whether it is twice
            created_at=created_at,
            initiating_party=party,
            groups=self._creditors.all(),
        )

    def _begin(self, record: str, path: str) -> None:
        crediting = _ENTRIES.get(record[_ENTRY])
        if crediting is None:
            raise EntryCodeWrong("the entry code is 1 or 2 (discount), 3 or 4 (cash)", path=path)
        if record[_CURRENCY] != "E":
            raise CurrencyUnknown("the currency code is E, the euro", path=path)
        name, siren, reference = (
            record[_NAME].strip(),
            _siren_of(record[_SIREN].strip(), path),
            record[_REFERENCE].strip(),
        )
        remitted = _day_of(record[_REMITTED], path).isoformat()
        creditor = Creditor(name=name or None, iban=iban_of_rib(record[_RIB], path), identifier=siren)
        self._open = self._creditors.of(creditor, "EUR", crediting)
        self._open.begin_block(reference or remitted)
        self._total = 0
        if self._first is None:
            party = InitiatingParty(name=name or None, id=siren)
            self._first = f"{remitted} {reference}" if reference else "", remitted, party

    def _bill(self, record: str, path: str) -> None:
        if record[_ACCEPTANCE] not in _ACCEPTANCES:
            raise AcceptanceWrong("acceptance is 0 or 1 (LCR) or 2 (BOR)", path=path)
        amount, due, debtor = _amount_of(record, path), _day_of(record[_DUE], path), iban_of_rib(record[_RIB], path)
        _day_of(record[_DRAWN], path)
        if amount == 0:
            raise AmountNotPositive("a bill is of more than zero", path=path)
        self._position += 1
        self._total += amount
        reference, drawee = record[_DRAWERS].strip(), record[_NAME].strip()
        if self._open is not None:
            line = (self._position, reference, drawee, debtor, amount, due.isoformat(), record[_ACCEPTANCE])
            self._open.add(line, amount, due)

    def _end(self, record: str, path: str) -> None:
        if _amount_of(record, path) != self._total:
            raise ControlSumMismatch("the total is not the sum of the bills", path=path)
        if self._number == 2:
            raise RecordMissing("a remittance holds no bill", path=path)
        self._open = None


def _text_of(line: bytes, path: str) -> str:
    """Raises RecordLengthWrong, CharacterRefused: CFONB records are of printable ASCII."""
    if len(line) != WIDTH:
        raise RecordLengthWrong(f"a record has {WIDTH} columns", path=path)
    record = line.decode("ascii", "replace")
    if not record.isprintable() or not record.isascii():
        raise CharacterRefused("a record holds printable ASCII alone", path=path)
    return record


def _amount_of(record: str, path: str) -> int:
    """Return cents. Raises AmountMalformed."""
    if not record[_AMOUNT].isdigit():
        raise AmountMalformed("an amount is 12 digits, in cents", path=path)
    return int(record[_AMOUNT])


def _day_of(text: str, path: str) -> date:
    """Return the day of DDMMYY, in this century. Raises DateInvalid."""
    try:
        return date.fromisoformat(f"20{text[4:]}-{text[2:4]}-{text[:2]}")
    except ValueError:
        raise DateInvalid("a day is DDMMYY", path=path) from None


def _siren_of(text: str, path: str) -> str | None:
    """Raises SirenInvalid: nine digits whose Luhn sum holds (Insee)."""
    if not text:
        return None
    digits = [int(digit) * (1 + n % 2) for n, digit in enumerate(reversed(text))] if text.isdecimal() else [1]
    if len(text) != 9 or sum(digit // 10 + digit % 10 for digit in digits) % 10:
        raise SirenInvalid("a SIREN is nine digits whose last one holds", path=path)
    return text
