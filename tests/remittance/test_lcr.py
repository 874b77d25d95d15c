"""LCR/BOR records of 160 columns: the layout column by column, and each way a record can be wrong."""

import hashlib
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.errors import RemittanceError
from approvals.model.collection import Collection, CollectionFormat, Crediting
from approvals.model.remittance import RemittanceRules
from approvals.remittance.lcr import LcrReader
from approvals.remittance.rib import iban_of_rib
from deploy.demo.make_collection import CREDITOR_IBAN, bills, lcr
from deploy.demo.make_remittance import french_iban

# One remittance typed by hand, in pieces of the CFONB's own columns (the last one of each piece on its right).
HEADER = (
    "03"  # 2 record
    "60"  # 4 operation: LCR, BOR
    "00000001"  # 12 number
    "      "  # 18 issuer's number, of no use here
    "      "  # 24 type of convention, for Dailly alone
    "231126"  # 30 day of the remittance
    "ATELIERS DU CANAL       "  # 54 who remits
    "BTP BANQUE PARIS        "  # 78 their bank
    "1"  # 79 entry: discount
    "0"  # 80 Dailly: nothing said
    "E"  # 81 euro
    "30006"  # 86 bank
    "00001"  # 91 branch
    "12345678901"  # 102 account
    "                "  # 118
    "      "  # 124 value date
    "          "  # 134
    "552100554      "  # 149 SIREN
    "REMISE 0042"  # 160 reference
)
BILL = (
    "06"  # 2 record
    "60"  # 4 operation
    "00000002"  # 12 number
    "      "  # 18
    "  "  # 20
    "CLIENT 007"  # 30 the drawee's reference
    "MENUISERIE LE GOFF      "  # 54 drawee
    "LA BANQUE POSTALE       "  # 78 their bank
    "1"  # 79 acceptance: accepted LCR
    "  "  # 81
    "20041"  # 86 bank
    "01005"  # 91 branch
    "0500013M026"  # 102 account
    "000000123456"  # 114 1,234.56 EUR
    "    "  # 118
    "311226"  # 124 due
    "201126"  # 130 drawn
    "    "  # 134
    "               "  # 149 type, nature, country and begin of the SIREN of the drawee
    " "  # 150
    "FACT 12345"  # 160 the drawer's reference
)
TOTAL = (
    "08"  # 2 record
    "60"  # 4 operation
    "00000003"  # 12 number
    + 90
    * " "  # 102
    + "000000123456"  # 114 total
    "0000"  # 118
     + 42 * " "  # 160
)
BY_HAND = [HEADER, BILL, TOTAL]


def read(file: bytes, cuts: tuple[int, ...] = ()) -> Collection:
    reader = LcrReader(RemittanceRules())
    for start, end in pairwise([0, *sorted(cuts), len(file)]):
        reader.feed(file[start:end])
    return reader.close()


def test_a_file_typed_by_hand_is_read_column_by_column() -> None:
    assert [len(record) for record in BY_HAND] == [160, 160, 160]
    whole = read(lcr(BY_HAND))
    (group,) = whole.groups
    assert (whole.format, whole.message_id, whole.created_at) == (
        CollectionFormat.LCR,
        "2026-11-23 REMISE 0042",
        "2026-11-23",
    )
    assert (group.creditor.name, group.creditor.iban) == ("ATELIERS DU CANAL", CREDITOR_IBAN)
    assert (group.creditor.identifier, group.crediting) == ("552100554", Crediting.DISCOUNT)
    assert (group.count, group.total, group.due_dates) == (1, 123_456, (date(2026, 12, 31),))
    assert group.blocks == ("REMISE 0042",)


def test_the_digest_covers_every_debtor_as_the_documentation_says() -> None:
    line = '[1,"FACT 12345","MENUISERIE LE GOFF","FR1420041010050500013M02606",123456,"2026-12-31","1"]\n'
    assert read(lcr(BY_HAND)).groups[0].digest == hashlib.sha256(line.encode()).hexdigest()


@pytest.mark.parametrize(
    ("entry", "crediting"),
    [
        ("1", Crediting.DISCOUNT),
        ("2", Crediting.DISCOUNT_AT_VALUE),
        ("3", Crediting.CASH),
        ("4", Crediting.CASH_AFTER_DELAY),
    ],
)
def test_the_entry_code_says_cash_or_discount(entry: str, crediting: Crediting) -> None:
    assert read(lcr(bills(2, entry=entry))).groups[0].crediting is crediting


def changed(line: int, first: int, text: str) -> list[str]:
    """Write over a record, from a column that counts from 1 as the CFONB's do."""
    records = bills(3)
    record = records[line - 1]
    records[line - 1] = record[: first - 1] + text + record[first - 1 + len(text) :]
    return records


def without(line: int) -> list[str]:
    return [record for n, record in enumerate(bills(3), start=1) if n != line]


WRONG: list[tuple[list[str], str, str | None]] = [
    ([], "remittance_empty", None),
    (["0360"], "record_length", "line 1"),
    ([bills(3)[0], bills(3)[1] + " "], "record_length", "line 2"),
    ([*bills(3), ""], "record_length", "line 6"),
    (changed(2, 1, "07"), "record_unexpected", "line 2"),
    (without(1), "record_unexpected", "line 1"),
    ([bills(3)[0], *bills(3)], "record_unexpected", "line 2"),
    ([*bills(3), bills(3)[1]], "record_unexpected", "line 6"),
    (bills(3)[:-1], "record_missing", "line 4"),
    (bills(0), "record_missing", "line 2"),
    (changed(1, 3, "02"), "operation_code", "line 1"),
    (changed(3, 3, "80"), "operation_code", "line 3"),
    (changed(1, 5, "00000002"), "running_number", "line 1"),
    (changed(3, 5, "00000004"), "running_number", "line 3"),
    (changed(3, 5, "       3"), "running_number", "line 3"),
    (without(3), "running_number", "line 3"),
    (changed(1, 25, "311126"), "date_invalid", "line 1"),
    (changed(2, 119, "      "), "date_invalid", "line 2"),
    (changed(2, 119, "300226"), "date_invalid", "line 2"),
    (changed(2, 125, "1511 6"), "date_invalid", "line 2"),
    (changed(1, 79, "5"), "entry_code", "line 1"),
    (changed(1, 81, "F"), "currency_unknown", "line 1"),
    (changed(1, 82, "3000X"), "rib_invalid", "line 1"),
    (changed(1, 135, "552100555"), "siren_invalid", "line 1"),
    (changed(1, 135, "FR1234"), "siren_invalid", "line 1"),
    (changed(4, 79, "3"), "acceptance_code", "line 4"),
    (changed(4, 82, "     "), "rib_invalid", "line 4"),
    (changed(3, 103, "00000000,100"), "amount_malformed", "line 3"),
    (changed(3, 103, "      010000"), "amount_malformed", "line 3"),
    (changed(3, 103, "000000000000"), "amount_not_positive", "line 3"),
    (changed(5, 103, "000000030304"), "control_sum_mismatch", "line 5"),
    (changed(5, 103, "           0"), "amount_malformed", "line 5"),
    (changed(2, 31, "A\tB"), "character_refused", "line 2"),
]


@pytest.mark.parametrize(("records", "code", "path"), WRONG, ids=[f"{n}-{wrong[1]}" for n, wrong in enumerate(WRONG)])
def test_every_malformed_record_has_its_own_code_and_line(records: list[str], code: str, path: str | None) -> None:
    with pytest.raises(RemittanceError) as refused:
        read(lcr(records))
    assert (refused.value.code, refused.value.path) == (code, path)


def test_a_letter_beyond_ascii_is_refused_by_its_line() -> None:
    file = lcr(bills(3)).replace(b"ATELIERS DU", b"ATELIERS D\xc9")
    with pytest.raises(RemittanceError) as refused:
        read(file)
    assert (refused.value.code, refused.value.path) == ("character_refused", "line 1")


def test_a_line_that_never_ends_is_refused_at_once() -> None:
    reader = LcrReader(RemittanceRules())
    with pytest.raises(RemittanceError) as refused:
        reader.feed(b"0" * 200)
    assert refused.value.code == "record_length"


def test_a_total_beyond_twelve_digits_is_refused() -> None:
    records = changed(2, 103, "999999999999")
    with pytest.raises(Exception, match="12 digits"):
        read(lcr(records))


@given(cuts=st.lists(st.integers(1, 160 * 5), max_size=6))
def test_the_same_file_is_read_the_same_however_it_is_cut(cuts: list[int]) -> None:
    file = lcr(bills(3))
    assert read(file, tuple(cuts)) == read(file)


def test_line_feeds_alone_end_records_too_and_the_last_needs_none() -> None:
    assert read("\n".join(bills(3)).encode()) == read(lcr(bills(3)))


def test_two_remittances_in_one_file_are_two_groups_where_account_or_crediting_differ() -> None:
    cash, discount = bills(2, reference="A"), bills(1, entry="1", reference="B")
    same = bills(3, reference="C")
    groups = read(lcr([*cash, *discount, *same])).groups
    assert [(group.blocks, group.count, group.crediting) for group in groups] == [
        (("A", "C"), 5, Crediting.CASH),
        (("B",), 1, Crediting.DISCOUNT),
    ]


def test_without_a_reference_the_content_tells_a_file_from_another() -> None:
    first, again = read(lcr(bills(2, reference=""))), read(lcr(bills(2, reference="")))
    other = read(lcr(bills(3, reference="")))
    assert first.message_id == again.message_id != other.message_id


@given(n=st.integers(0, 99_998))
def test_an_account_s_iban_is_made_from_bank_branch_and_number(n: int) -> None:
    rib = f"30006{n:05d}{n * 7919:011d}"
    iban = iban_of_rib(rib, "")
    assert int("".join(str(int(each, 36)) for each in iban[4:] + iban[:4])) % 97 == 1
    assert iban[4:25] == rib


def test_known_accounts_get_their_known_ibans() -> None:
    assert iban_of_rib("300060000112345678901", "") == CREDITOR_IBAN
    assert iban_of_rib("20041010050500013M026", "") == "FR1420041010050500013M02606"
    assert french_iban(1)[:2] == "FR"
