"""What a good file says, and that it says the same however it is cut."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.errors import RemittanceError
from approvals.model.remittance import PaymentOrder, RemittanceFormat, RemittanceRules
from approvals.remittance.reader import RemittanceReader
from deploy.demo.make_remittance import Batch, french_iban, remittance
from tests.remittance.files import make_file, read

TWO_BLOCKS = b"".join(remittance("CUT", [Batch(id="B1", orders=4), Batch(id="B2", orders=2, smallest=7)]))


@pytest.mark.parametrize("version", ["09", "03"])
def test_both_formats_give_the_same_orders(version: str) -> None:
    orders, whole = read(make_file(version=version))
    assert whole.format == RemittanceFormat(f"pain.001.001.{version}")
    assert (whole.message_id, whole.created_at, whole.count) == ("MSG-1", "2026-11-23T09:30:00", 3)
    assert whole.initiating_party.name == "Ateliers du Canal"
    assert orders[1] == PaymentOrder(
        group=0,
        position=2,
        payment_information_id="B1",
        end_to_end_id="B1-2",
        name="Charpente Lyon 1",
        iban=orders[1].iban,
        bic="AGRIFRPP",
        country="FR",
        amount=10_101,
        currency="EUR",
        category_purpose=None,
        reference="Facture 2",
        unstructured_address=False,
    )
    assert orders[1].iban == french_iban(2)


def test_a_group_holds_its_account_its_blocks_and_every_execution_date() -> None:
    _, whole = read(
        make_file(
            Batch(id="B1", orders=2, execution_date=date(2026, 12, 4)),
            Batch(id="B2", orders=1, execution_date=date(2026, 12, 1)),
            Batch(id="B3", orders=1, execution_date=date(2026, 12, 4)),
        )
    )
    (group,) = whole.groups
    assert group.payment_information_ids == ("B1", "B2", "B3")
    assert group.execution_dates == (date(2026, 12, 1), date(2026, 12, 4))
    assert (group.count, group.total, group.currency) == (4, 40_101, "EUR")
    assert [(block.count, block.total) for block in group.blocks] == [(2, 20_101), (1, 10_000), (1, 10_000)]


def test_two_accounts_and_two_currencies_are_a_group_each() -> None:
    orders, whole = read(
        make_file(
            Batch(id="B1", orders=1),
            Batch(id="B2", orders=1, currency="USD"),
            Batch(id="B3", orders=1, debtor_iban=french_iban(99)),
            Batch(id="B4", orders=1),
        )
    )
    assert [order.group for order in orders] == [0, 1, 2, 0]
    assert [order.position for order in orders] == [1, 2, 3, 4]
    assert [(group.index, group.currency, group.payment_information_ids) for group in whole.groups] == [
        (0, "EUR", ("B1", "B4")),
        (1, "USD", ("B2",)),
        (2, "EUR", ("B3",)),
    ]
    assert whole.groups[2].debtor_iban == french_iban(99)


def test_a_group_is_a_salary_batch_only_when_every_order_is() -> None:
    salaries = Batch(id="B1", orders=2, purpose="SALA")
    _, whole = read(make_file(salaries))
    _, mixed = read(make_file(salaries, Batch(id="B2", orders=1)))
    assert whole.groups[0].salary
    assert not mixed.groups[0].salary


def test_an_order_may_name_its_own_purpose() -> None:
    own = b"</PmtId><PmtTpInf><CtgyPurp><Cd>SALA</Cd></CtgyPurp></PmtTpInf>"
    orders, whole = read(make_file().replace(b"</PmtId>", own, 1))
    assert [order.category_purpose for order in orders] == ["SALA", None, None]
    assert not whole.groups[0].salary


def test_control_sums_and_block_counts_may_be_left_out() -> None:
    head, block = make_file().replace(b"<CtrlSum>303.03</CtrlSum>", b"").split(b"<PmtInf>")
    _, whole = read(head + b"<PmtInf>" + block.replace(b"<NbOfTxs>3</NbOfTxs>", b""))
    assert whole.groups[0].total == 30_303


def test_an_empty_reference_falls_back_on_the_creditor_reference() -> None:
    structured = b"<Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd>"
    orders, _ = read(make_file().replace(b"<Ustrd>Facture 1</Ustrd>", structured))
    assert orders[0].reference == "RF18539007547034"


def test_a_prefix_on_every_element_changes_nothing() -> None:
    plain = make_file()
    prefixed = plain.replace(b"xmlns=", b"xmlns:p=").replace(b"</", b"\0").replace(b"<", b"<p:")
    prefixed = prefixed.replace(b"\0", b"</p:").replace(b"<p:?xml", b"<?xml")
    assert read(prefixed) == read(plain)


def test_a_byte_order_mark_and_a_missing_declaration_change_nothing() -> None:
    file = make_file()
    bare = file.split(b"?>\n", 1)[1]
    assert read(b"\xef\xbb\xbf" + file) == read(bare) == read(file)


@given(cuts=st.lists(st.integers(0, len(TWO_BLOCKS)), max_size=40))
def test_cutting_anywhere_gives_the_same_orders_and_totals(cuts: list[int]) -> None:
    whole_reader, cut_reader = RemittanceReader(RemittanceRules()), RemittanceReader(RemittanceRules())
    expected = whole_reader.feed(TWO_BLOCKS)
    places = [0, *sorted(cuts), len(TWO_BLOCKS)]
    found = [order for start, end in pairwise(places) for order in cut_reader.feed(TWO_BLOCKS[start:end])]
    assert found == expected
    assert cut_reader.close() == whole_reader.close()


def test_byte_by_byte_gives_each_order_with_its_last_byte() -> None:
    reader = RemittanceReader(RemittanceRules())
    seen = [n for n in range(len(TWO_BLOCKS)) if reader.feed(TWO_BLOCKS[n : n + 1])]
    ends = [
        n + len(b"</CdtTrfTxInf>") - 1 for n in range(len(TWO_BLOCKS)) if TWO_BLOCKS.startswith(b"</CdtTrfTxInf>", n)
    ]
    assert seen == ends
    assert reader.close().count == 6


def test_a_closed_reader_takes_no_more() -> None:
    reader = RemittanceReader(RemittanceRules())
    reader.feed(make_file())
    reader.close()
    with pytest.raises(ValueError, match="closed"):
        reader.feed(b"")


def test_files_read_in_several_threads_do_not_disturb_each_other() -> None:
    files = [make_file(Batch(id=f"B{n}", orders=200 + n)) for n in range(8)]
    files[3] = files[3].replace(b"<EndToEndId>B3-100<", b"<EndToEndId><")

    def count(file: bytes) -> int | str:
        try:
            return read(file, range(0, len(file), 4096))[1].count
        except RemittanceError as refused:
            return refused.code

    with ThreadPoolExecutor(max_workers=4) as threads:
        assert list(threads.map(count, files)) == [200, 201, 202, "schema_violated", 204, 205, 206, 207]
