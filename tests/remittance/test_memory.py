"""Memory does not grow with the file: asked of the kernel, in a process of its own."""

from pathlib import Path

import pytest

from approvals.model.remittance import RemittanceRules
from approvals.remittance.pieces import LONGEST_PIECE
from approvals.remittance.reader import RemittanceReader
from approvals.remittance.refusals import OrderTooLarge
from deploy.demo.make_remittance import Batch, remittance
from tests.remittance.measure import measure, write_file

MOST = 64 * 1024  # kB above idle for 100,000 orders (the bank's figure); under 1 MiB is used


def test_a_hundred_thousand_orders_take_no_more_than_64_mib(tmp_path: Path) -> None:
    write_file(tmp_path / "large.xml", 100_000)
    found = measure("reader", tmp_path / "large.xml")
    assert found.orders == 100_000
    assert found.kilobytes_above_idle < MOST


def test_ten_times_the_orders_take_no_more_than_a_mebibyte_more(tmp_path: Path) -> None:
    write_file(tmp_path / "small.xml", 5_000)
    write_file(tmp_path / "large.xml", 50_000)
    small, large = (measure("reader", tmp_path / name).kilobytes_above_idle for name in ("small.xml", "large.xml"))
    assert large - small < 1024


def test_comments_and_instructions_between_orders_do_not_pile_up(tmp_path: Path) -> None:
    filler = b"<!-- " + b"x" * 10_000 + b" --><?x " + b"y" * 10_000 + b"?>"
    with (tmp_path / "padded.xml").open("wb") as file:
        for part in remittance("PADDED", [Batch(id="B1", orders=2_000)]):
            file.write(part.replace(b"<CdtTrfTxInf>", filler + b"<CdtTrfTxInf>"))
    found = measure("reader", tmp_path / "padded.xml")
    assert found.orders == 2_000
    assert found.kilobytes_above_idle < 4 * 1024  # the file is 40 MB


def test_an_order_without_end_is_refused_before_it_is_gathered() -> None:
    reader = RemittanceReader(RemittanceRules())
    for _ in range(LONGEST_PIECE // 1024):
        reader.feed(b" " * 1024)
    with pytest.raises(OrderTooLarge):
        reader.feed(b" ")
