"""A payment file fed in chunks: checked orders out as they come, the whole remittance or collection at its end.

It only joins the steps: `pieces` (bytes), `parsing` (XML and schema), `contents` (values, rules and sums). It waits
for nothing and reads nothing but the schema, once; whose account it is and who may sign are asked elsewhere.
"""

from collections.abc import Iterator

from approvals.model.collection import Collection, CollectionFormat
from approvals.model.remittance import PaymentOrder, Remittance, RemittanceRules
from approvals.remittance.contents import Contents
from approvals.remittance.debits import DebitContents
from approvals.remittance.parsing import Parsing
from approvals.remittance.pieces import Pieces
from approvals.remittance.schemas import Message


class RemittanceReader:
    """Reads one pain.001 or pain.008 file, of any size in constant memory, the same however it is cut.

    Use it from one thread that ends with the file: libxml2 keeps the names it has seen as long as its thread.
    After it has raised it takes no more (ValueError): a file is never half right.
    """

    def __init__(self, rules: RemittanceRules) -> None:
        self._rules = rules
        self._pieces = Pieces()
        self._steps: tuple[Parsing, Contents | DebitContents] | None = None
        self._spent = False

    def feed(self, chunk: bytes) -> list[PaymentOrder]:
        """Return the orders that end in this chunk. Raises a RemittanceError, AmountNotSignable."""
        self._spend()
        orders = [order for piece in self._pieces.cut(chunk) for order in self._orders_in(piece)]
        self._spent = False
        return orders

    def close(self) -> Remittance | Collection:
        """The file has ended: return what it held. Raises a RemittanceError.

        No order is left to return: every piece but the last ends with one.
        """
        self._spend()
        last = self._pieces.last()
        parsing, contents = self._begun(last)
        for element in parsing.feed(last):
            contents.take(element)
        parsing.close()
        return contents.whole()

    def _orders_in(self, piece: bytes) -> Iterator[PaymentOrder]:
        parsing, contents = self._begun(piece)
        for element in parsing.feed(piece):
            order = contents.take(element)
            if order is not None:
                yield order

    def _begun(self, piece: bytes) -> tuple[Parsing, Contents | DebitContents]:
        """The first piece says which message this is."""
        if self._steps is None:
            parsing = Parsing(piece)
            self._steps = parsing, _contents_of(parsing.message, self._rules)
        return self._steps

    def _spend(self) -> None:
        """Only a feed that went through makes the reader good for another."""
        if self._spent:
            raise ValueError("this reader has raised or was closed")
        self._spent = True


def _contents_of(message: Message, rules: RemittanceRules) -> Contents | DebitContents:
    return DebitContents(message, rules) if isinstance(message, CollectionFormat) else Contents(message, rules)
