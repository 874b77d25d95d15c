"""Reading a payment file off the event loop: one thread a file, one chunk at a time, so the sender is the brake."""

import asyncio
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self, TypeVar

from approvals.model.collection import Collection
from approvals.model.payee import Payee
from approvals.model.remittance import Remittance, RemittanceRules
from approvals.remittance.lcr import LcrReader
from approvals.remittance.payees import FirstPayees, PayeeRegister
from approvals.remittance.reader import RemittanceReader

RECORDS: Final = "text/plain"
Result = TypeVar("Result")


class FileReading:
    """One file being read. libxml2 keeps names as long as its thread, so the thread ends with the file."""

    def __init__(self, content_type: str, rules: RemittanceRules, register: PayeeRegister) -> None:
        """A text that does not begin as XML is read as CFONB records; the first chunk decides."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="remittance")
        self._content_type = content_type
        self._rules = rules
        self._reader: RemittanceReader | LcrReader | None = None
        self._register = register
        self._unregistered: dict[int, int] = {}
        self.first = FirstPayees()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def feed(self, chunk: bytes) -> Sequence[Payee]:
        """Return the payees of the orders that end in this chunk. Raises a RemittanceError, AmountNotSignable."""
        return await self._off_the_loop(lambda: self._feed(chunk))

    async def close(self) -> Remittance | Collection:
        """The file has ended. Raises as `feed` does."""
        return await self._off_the_loop(self._begun(b"").close)

    def unregistered(self, group: int) -> int:
        """How many payees of this group are unknown or changed."""
        return self._unregistered.get(group, 0)

    def _feed(self, chunk: bytes) -> list[Payee]:
        payees = [self._register.payee(order) for order in self._begun(chunk).feed(chunk)]
        for payee in payees:
            self.first.add(payee)
            if payee.standing.is_unregistered:
                self._unregistered[payee.group] = self._unregistered.get(payee.group, 0) + 1
        return payees

    def _begun(self, chunk: bytes) -> RemittanceReader | LcrReader:
        if self._reader is None:
            is_records = self._content_type == RECORDS and not chunk.removeprefix(BOM_UTF8).lstrip().startswith(b"<")
            self._reader = LcrReader(self._rules) if is_records else RemittanceReader(self._rules)
        return self._reader

    async def _off_the_loop(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
