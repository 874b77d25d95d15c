"""How far each device has read, gathered here and written now and then, all devices' in one statement.

Nobody waits for it and no approval pays for it: a device says itself where it goes on (CHANNELS, "Resume"), so that a
node that dies before it wrote costs a few events read twice at most.
"""

from approvals.model.ids import DeviceId
from approvals.ports.book import Book


class CursorDesk:
    """Takes acknowledgements: cumulative, never back."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._moved: dict[DeviceId, int] = {}

    def acknowledge(self, device_id: DeviceId, s: int) -> None:
        self._moved[device_id] = max(s, self._moved.get(device_id, 0))

    async def write(self) -> None:
        """Write what moved since the last time; what cannot be written now is kept for the next."""
        moved, self._moved = self._moved, {}
        if not moved:
            return
        try:
            await self._book.statement(lambda ledger: ledger.devices.acknowledge(moved))
        except BaseException:
            for device_id, s in moved.items():
                self.acknowledge(device_id, s)
            raise
