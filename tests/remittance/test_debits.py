"""Direct debit messages (pain.008): what is signed of them, and each way they can be wrong."""

import hashlib
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.errors import RemittanceError
from approvals.model.collection import Collection, CollectionFormat
from approvals.model.remittance import RemittanceRules
from approvals.remittance.reader import RemittanceReader
from deploy.demo.make_collection import CREDITOR_IBAN, DUE, ICS, Debits, direct_debits
from deploy.demo.make_remittance import french_iban, made_payee


def make(*blocks: Debits, version: str = "08") -> bytes:
    return b"".join(direct_debits("SDD-1", list(blocks) or [Debits(id="D1", orders=3)], version))


def read(file: bytes, cuts: Sequence[int] = ()) -> Collection:
    reader = RemittanceReader(RemittanceRules())
    for start, end in pairwise([0, *sorted(cuts), len(file)]):
        assert reader.feed(file[start:end]) == []
    whole = reader.close()
    assert isinstance(whole, Collection)
    return whole


@pytest.mark.parametrize("version", ["08", "02"])
def test_both_versions_say_whom_how_much_and_when(version: str) -> None:
    whole = read(make(version=version))
    (group,) = whole.groups
    assert whole.format is CollectionFormat(f"pain.008.001.{version}")
    assert (group.creditor.iban, group.creditor.identifier) == (CREDITOR_IBAN, ICS)
    assert (group.count, group.total, group.currency, group.due_dates) == (3, 30_303, "EUR", (DUE,))
    assert group.crediting is None


def test_the_digest_covers_every_debtor_as_the_documentation_says() -> None:
    lines = "".join(
        f'[{n},"D1","D1-{n}","RUM-{n}","{name}","{iban}",{9_899 + 101 * n},"EUR"]\n'
        for n, (name, iban) in enumerate(map(made_payee, range(3)), start=1)
    )
    assert read(make()).groups[0].digest == hashlib.sha256(lines.encode()).hexdigest()


def test_blocks_of_one_creditor_and_account_are_one_group_and_another_account_is_another() -> None:
    second = french_iban(90_001)
    file = make(Debits(id="D1", orders=1), Debits(id="D2", orders=2, creditor_iban=second), Debits(id="D3", orders=1))
    assert [(group.blocks, group.count) for group in read(file).groups] == [(("D1", "D3"), 2), (("D2",), 2)]


WRONG = [
    (b"<NbOfTxs>3", b"<NbOfTxs>4", "count_mismatch", "GrpHdr/NbOfTxs"),
    (b"<CtrlSum>303.03", b"<CtrlSum>303.04", "control_sum_mismatch", "GrpHdr/CtrlSum"),
    (b"2026-12-15</Req", b"20026-12-15</Req", "date_invalid", "PmtInf[1]/ReqdColltnDt"),
    (b"FR7630006000011234567890189", b"FR7630006000011234567890188", "iban_invalid", "PmtInf[1]/CdtrAcct"),
    (b">FR72ZZZ123456<", b">FR73ZZZ123456<", "creditor_id_invalid", "PmtInf[1]/CdtrSchmeId"),
    (b">FR72ZZZ123456<", b">552100554<", "creditor_id_invalid", "PmtInf[1]/CdtrSchmeId"),
    (b">100.00</Inst", b">0.00</Inst", "amount_not_positive", "DrctDbtTxInf[1]/InstdAmt"),
    (b">101.01</Inst", b">101.010</Inst", "amount_scale", "DrctDbtTxInf[2]/InstdAmt"),
    (b'"EUR">100', b'"ZZZ">100', "currency_unknown", "DrctDbtTxInf[1]/InstdAmt"),
    (b'"EUR">102', b'"USD">102', "currency_mixed", "DrctDbtTxInf[3]/InstdAmt"),
    (b"<Nm>Menuiserie Paris 0</Nm>", b"", "element_missing", "DrctDbtTxInf[1]/Dbtr/Nm"),
    (french_iban(2).encode(), b"FR7630006000011234567890188", "iban_invalid", "DrctDbtTxInf[2]/DbtrAcct"),
    (b"Paris 0", "Paris \u202e0".encode(), "character_refused", "DrctDbtTxInf[1]"),
    (b"RUM-2", "RUM\u200b-2".encode(), "character_refused", "DrctDbtTxInf[2]"),
    (b"Paris 0", "Paris \ufdd00".encode(), "character_refused", None),
    (b"<PmtMtd>DD", b"<PmtMtd>TRF", "schema_violated", "up to DrctDbtTxInf[1]"),
    (b"<EndToEndId>D1-2", b"<EndToEndId>" + b"x" * 36, "schema_violated", "after DrctDbtTxInf[1]"),
    (b"Facture 1", b"Facture \0 1", "xml_malformed", None),
    (b"<Document", b"<!DOCTYPE Document><Document", "doctype_refused", None),
    (b"pain.008.001.08", b"pain.008.001.10", "message_not_supported", "/"),
]


@pytest.mark.parametrize(("found", "put", "code", "path"), WRONG)
def test_each_wrong_piece_has_its_own_code_and_place(found: bytes, put: bytes, code: str, path: str | None) -> None:
    file = make()
    assert found in file
    with pytest.raises(RemittanceError) as refused:
        read(file.replace(found, put, 1))
    assert (refused.value.code, refused.value.path) == (code, path)


@pytest.mark.parametrize(("element", "code"), [("NbOfTxs", "count_mismatch"), ("CtrlSum", "control_sum_mismatch")])
def test_a_block_s_own_count_and_sum_are_checked_too(element: str, code: str) -> None:
    head, block = make(Debits(id="D1", orders=3), Debits(id="D2", orders=3)).split(b"<PmtInfId>D2")
    opening = f"<{element}>3".encode()
    with pytest.raises(RemittanceError) as refused:
        read(head + b"<PmtInfId>D2" + block.replace(opening, f"<{element}>4".encode(), 1))
    assert (refused.value.code, refused.value.path) == (code, f"PmtInf[2]/{element}")


def test_the_same_block_id_twice_is_refused() -> None:
    with pytest.raises(RemittanceError) as refused:
        read(make(Debits(id="D1", orders=1), Debits(id="D1", orders=1)))
    assert (refused.value.code, refused.value.path) == ("block_duplicated", "PmtInf[2]/PmtInfId")


def test_a_creditor_identifier_may_stand_with_the_first_order_and_must_then_be_the_same_everywhere() -> None:
    block = make()[make().index(b"<CdtrSchmeId>") : make().index(b"</CdtrSchmeId>") + len(b"</CdtrSchmeId>")]
    moved = make().replace(block, b"").replace(b"</MndtRltdInf>", b"</MndtRltdInf>" + block)
    assert read(moved) == read(make())
    other = block.replace(b"FR72ZZZ123456", b"DE98ZZZ09999999999")
    before, last = moved.rsplit(block, 1)
    with pytest.raises(RemittanceError) as refused:
        read(before + other + last)
    assert (refused.value.code, refused.value.path) == (
        "creditor_id_mixed",
        "DrctDbtTxInf[3]/DrctDbtTx/CdtrSchmeId",
    )


def test_supplementary_data_is_refused() -> None:
    extra = b"</RmtInf><SplmtryData><Envlp><x xmlns='urn:x'/></Envlp></SplmtryData>"
    with pytest.raises(RemittanceError) as refused:
        read(make().replace(b"</RmtInf>", extra, 1))
    assert refused.value.code == "element_not_taken"


GOOD = make()


@given(cuts=st.lists(st.integers(1, len(GOOD) - 1), max_size=6))
def test_the_same_file_is_read_the_same_however_it_is_cut(cuts: list[int]) -> None:
    assert read(GOOD, cuts) == read(GOOD)


@given(end=st.integers(1, len(GOOD) - 2))
def test_a_file_cut_short_anywhere_is_never_taken(end: int) -> None:
    with pytest.raises(RemittanceError):
        read(GOOD[:end])
