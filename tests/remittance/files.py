"""Files as the bank's customers send them, and how the tests have them read."""

from collections.abc import Sequence
from itertools import pairwise

from approvals.model.remittance import PaymentOrder, Remittance, RemittanceRules
from approvals.remittance.reader import RemittanceReader
from deploy.demo.make_remittance import Batch, remittance

LAW = RemittanceRules()


def make_file(*batches: Batch, version: str = "09") -> bytes:
    """Return a file of one block with three orders, 303.03 EUR in all, unless other batches are asked for."""
    return b"".join(remittance("MSG-1", batches or [Batch(id="B1", orders=3)], version))


def read(file: bytes, cuts: Sequence[int] = (), rules: RemittanceRules = LAW) -> tuple[list[PaymentOrder], Remittance]:
    """Feed the file, cut at the given places, and close."""
    reader = RemittanceReader(rules)
    orders: list[PaymentOrder] = []
    for start, end in pairwise([0, *sorted(cuts), len(file)]):
        orders += reader.feed(file[start:end])
    whole = reader.close()
    assert isinstance(whole, Remittance)
    return orders, whole
