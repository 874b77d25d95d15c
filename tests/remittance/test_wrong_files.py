"""Well-formed files that say something a bank cannot take: each has its own code and a place."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.errors import AmountNotSignable, RemittanceError
from approvals.model.remittance import RemittanceFormat, RemittanceRules
from approvals.remittance import refusals
from approvals.remittance.reader import RemittanceReader
from deploy.demo.make_remittance import Batch, french_iban
from tests.remittance.files import make_file, read

LINES = b"<AdrLine>12 rue des Lilas</AdrLine>"
TOWN = b"<TwnNm>Paris</TwnNm>"
COUNTRY = b"<Ctry>FR</Ctry>"


def _address(inside: bytes, file: bytes) -> bytes:
    """Put another address into the file's first order."""
    before, rest = file.split(b"<PstlAdr>", 1)
    return before + b"<PstlAdr>" + inside + rest[rest.index(b"</PstlAdr>") :]


WRONG = [
    (b"<NbOfTxs>3", b"<NbOfTxs>4", "count_mismatch", "GrpHdr/NbOfTxs"),
    (b"<CtrlSum>303.03", b"<CtrlSum>303.04", "control_sum_mismatch", "GrpHdr/CtrlSum"),
    (b"<PmtMtd>TRF", b"<PmtMtd>CHK", "element_not_taken", "PmtInf[1]/PmtMtd"),
    (b">2026-12-01</Dt>", b">20026-12-01</Dt>", "date_invalid", "PmtInf[1]/ReqdExctnDt"),
    (b"FR7630006000011234567890189", b"FR7630006000011234567890188", "iban_invalid", "PmtInf[1]/DbtrAcct"),
    (b"100.00</Inst", b"0.00</Inst", "amount_not_positive", "CdtTrfTxInf[1]/Amt"),
    (b"100.00</Inst", b"-0</Inst", "amount_not_positive", "CdtTrfTxInf[1]/Amt"),
    (b"101.01</Inst", b"101.010</Inst", "amount_scale", "CdtTrfTxInf[2]/Amt"),
    (b'"EUR">100', b'"ZZZ">100', "currency_unknown", "CdtTrfTxInf[1]/Amt"),
    (b'"EUR">102', b'"USD">102', "currency_mixed", "CdtTrfTxInf[3]/Amt"),
    (b"<Nm>Menuiserie Paris 0</Nm>", b"", "element_missing", "CdtTrfTxInf[1]/Cdtr/Nm"),
    (french_iban(2).encode(), b"FR7630006000011234567890188", "iban_invalid", "CdtTrfTxInf[2]/CdtrAcct"),
    (french_iban(2).encode(), b"ZZ7630006000011234567890188", "iban_invalid", "CdtTrfTxInf[2]/CdtrAcct"),
    (b"Paris 0", "Paris \u202e0".encode(), "character_refused", "CdtTrfTxInf[1]"),
    (b"Facture 2", "Facture\u200b 2".encode(), "character_refused", "CdtTrfTxInf[2]"),
    (b"B1-3", b"B1\n-3", "character_refused", "CdtTrfTxInf[3]"),
    (b"<MsgId>MSG-1", "<MsgId>MSG\u2066-1".encode(), "character_refused", "GrpHdr"),
    (b"Paris 0", "Paris \ufdd00".encode(), "character_refused", None),
]


@pytest.mark.parametrize(("found", "put", "code", "path"), WRONG)
def test_a_wrong_value_has_its_own_code_and_place(found: bytes, put: bytes, code: str, path: str | None) -> None:
    file = make_file()
    assert found in file
    with pytest.raises(RemittanceError) as refused:
        read(file.replace(found, put, 1))
    assert (refused.value.code, refused.value.path) == (code, path)


@pytest.mark.parametrize(("element", "code"), [("NbOfTxs", "count_mismatch"), ("CtrlSum", "control_sum_mismatch")])
def test_a_blocks_own_count_and_sum_are_checked_too(element: str, code: str) -> None:
    head, block = make_file(Batch(id="B1", orders=3), Batch(id="B2", orders=3)).split(b"<PmtInfId>B2")
    opening = f"<{element}>3".encode()
    with pytest.raises(RemittanceError) as refused:
        read(head + b"<PmtInfId>B2" + block.replace(opening, f"<{element}>4".encode(), 1))
    assert (refused.value.code, refused.value.path) == (code, f"PmtInf[2]/{element}")


def test_an_account_without_iban_is_refused() -> None:
    iban = f"<IBAN>{french_iban(3)}</IBAN>".encode()
    with pytest.raises(refusals.AccountNotIban) as refused:
        read(make_file().replace(iban, b"<Othr><Id>0123456789</Id></Othr>"))
    assert refused.value.path == "CdtTrfTxInf[3]/CdtrAcct"


def test_the_same_block_id_twice_is_refused() -> None:
    with pytest.raises(refusals.BlockDuplicated) as refused:
        read(make_file(Batch(id="B1", orders=1), Batch(id="B1", orders=1)))
    assert refused.value.path == "PmtInf[2]/PmtInfId"


@pytest.mark.parametrize(
    "instead",
    [
        b"<Amt><EqvtAmt><Amt Ccy='EUR'>1</Amt><CcyOfTrf>USD</CcyOfTrf></EqvtAmt></Amt>",
        b"<Amt><InstdAmt Ccy='EUR'>100</InstdAmt></Amt><ChqInstr/>",
    ],
)
def test_cheques_and_equivalent_amounts_are_refused(instead: bytes) -> None:
    with pytest.raises(refusals.ElementNotTaken) as refused:
        read(make_file().replace(b'<Amt><InstdAmt Ccy="EUR">100.00</InstdAmt></Amt>', instead))
    assert refused.value.path == "CdtTrfTxInf[1]"


def test_supplementary_data_is_refused() -> None:
    extra = b"</RmtInf><SplmtryData><Envlp><x xmlns='urn:x'/></Envlp></SplmtryData>"
    with pytest.raises(refusals.ElementNotTaken):
        read(make_file().replace(b"</RmtInf>", extra, 1))


def test_orders_cannot_be_smuggled_in_beside_the_blocks() -> None:
    """The schema lets any content stand there; to the bank's core it is no order."""
    file = make_file(Batch(id="B1", orders=1), Batch(id="B2", orders=1))
    second = file[file.rindex(b"<PmtInf>") : file.rindex(b"</PmtInf>") + len(b"</PmtInf>")]
    smuggled = file.replace(second, b"<SplmtryData><Envlp>" + second + b"</Envlp></SplmtryData>")
    with pytest.raises(refusals.ElementNotTaken) as refused:
        read(smuggled)
    assert refused.value.path == "after CdtTrfTxInf[2]"


def test_a_total_of_twelve_digits_can_be_signed_and_of_thirteen_not() -> None:
    _, whole = read(make_file(Batch(id="B1", orders=1, smallest=999_999_999_999)))
    assert whole.groups[0].total == 999_999_999_999
    with pytest.raises(AmountNotSignable):
        read(make_file(Batch(id="B1", orders=1, smallest=999_999_999_990), Batch(id="B2", orders=1, smallest=10)))


def test_more_blocks_or_groups_than_the_bank_takes_are_refused() -> None:
    file = make_file(Batch(id="B1", orders=1), Batch(id="B2", orders=1, currency="USD"))
    assert len(read(file, rules=RemittanceRules(most_blocks=2, most_groups=2))[1].groups) == 2
    with pytest.raises(refusals.TooManyBlocks):
        read(file, rules=RemittanceRules(most_blocks=1))
    with pytest.raises(refusals.TooManyGroups):
        read(file, rules=RemittanceRules(most_groups=1))


def test_a_currency_without_decimals_takes_none() -> None:
    file = make_file(Batch(id="B1", orders=1, currency="JPY"))
    with pytest.raises(refusals.AmountScaleWrong):
        read(file)
    orders, _ = read(file.replace(b'"JPY">100.00', b'"JPY">100'))
    assert orders[0].amount == 100


@given(
    amounts=st.lists(st.decimals("0.01", "99999999.99", places=2), min_size=1, max_size=6), off=st.sampled_from([0, 1])
)
def test_sums_are_exact_to_the_cent(amounts: list[Decimal], off: int) -> None:
    file = make_file(Batch(id="B1", orders=len(amounts)))
    made = Batch(id="B1", orders=len(amounts))
    declared = f"{made.total // 100}.{made.total % 100:02d}"
    for n, amount in enumerate(amounts):
        old = made.amount(n)
        file = file.replace(f">{old // 100}.{old % 100:02d}</Inst".encode(), f">{amount}</Inst".encode(), 1)
    total = sum(amounts) + Decimal(off) / 100
    file = file.replace(f"<CtrlSum>{declared}".encode(), f"<CtrlSum>{total}".encode())
    if off:
        with pytest.raises(refusals.ControlSumMismatch):
            read(file)
    else:
        assert read(file)[1].groups[0].total == int(total * 100)


@pytest.mark.parametrize("inside", [LINES, LINES + LINES, TOWN + LINES, COUNTRY + LINES, TOWN + COUNTRY + 3 * LINES])
@pytest.mark.parametrize("version", ["09", "03"])
def test_an_unstructured_address_is_refused(inside: bytes, version: str) -> None:
    with pytest.raises(refusals.AddressUnstructured) as refused:
        read(_address(inside, make_file(version=version)))
    assert refused.value.path == "CdtTrfTxInf[1]"


@pytest.mark.parametrize("inside", [b"", TOWN, COUNTRY, TOWN + COUNTRY, TOWN + COUNTRY + 2 * LINES])
def test_a_structured_or_hybrid_address_passes(inside: bytes) -> None:
    orders, _ = read(_address(inside, make_file()))
    assert not orders[0].unstructured_address


def test_a_bank_may_still_take_unstructured_addresses_in_the_old_format_only() -> None:
    rules = RemittanceRules(unstructured_addresses_in=frozenset({RemittanceFormat.PAIN_001_001_03}))
    orders, _ = read(_address(LINES, make_file(version="03")), rules=rules)
    assert [order.unstructured_address for order in orders] == [True, False, False]
    with pytest.raises(refusals.AddressUnstructured):
        read(_address(LINES, make_file(version="09")), rules=rules)


@pytest.mark.parametrize(("party", "path"), [(b"<Dbtr>", "PmtInf[1]"), (b"<InitgPty>", "GrpHdr")])
def test_the_debtors_and_the_senders_addresses_are_held_to_the_same_rule(party: bytes, path: str) -> None:
    name = party + b"<Nm>Ateliers du Canal</Nm>"
    with pytest.raises(refusals.AddressUnstructured) as refused:
        read(make_file().replace(name, name + b"<PstlAdr>" + LINES + b"</PstlAdr>"))
    assert refused.value.path == path


def test_a_reader_that_has_refused_takes_no_more() -> None:
    reader = RemittanceReader(RemittanceRules())
    with pytest.raises(refusals.AmountNotPositive):
        reader.feed(make_file().replace(b">100.00</Inst", b">0</Inst"))
    with pytest.raises(ValueError, match="raised"):
        reader.close()


def test_every_refusal_has_a_code_of_its_own_and_a_line_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "remittance.md").read_text(encoding="utf-8")
    codes = [refusal.code for refusal in RemittanceError.__subclasses__()]
    assert len(set(codes)) == len(codes) > 20
    assert [code for code in codes if f"`{code}`" not in page] == []
