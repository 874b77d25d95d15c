"""The tabs that devices connected here have on other nodes, as far as hints told.

Kept only for devices with a seat here: the oldest tab of a device is closed by the node that holds it, and that node
has heard of every newer one. What a node that died held stays until the device leaves here: at worst a tab is closed
when a device has four, not five.
"""

from collections.abc import Iterable

from approvals.model.ids import DeviceId


class Elsewhere:
    """Stamps by device and tab."""

    def __init__(self) -> None:
        self._tabs: dict[DeviceId, dict[str, int]] = {}

    def took(self, device_id: DeviceId, tab: str, stamp: int) -> None:
        self._tabs.setdefault(device_id, {})[tab] = stamp

    def left(self, device_id: DeviceId, tab: str, stamp: int) -> None:
        """Forget the seat taken with this stamp; a newer one of the same tab stays."""
        tabs = self._tabs.get(device_id, {})
        if tabs.get(tab) == stamp:
            self._drop(device_id, tab)

    def came_here(self, device_id: DeviceId, tab: str) -> None:
        """The tab is connected to this node now."""
        if tab in self._tabs.get(device_id, {}):
            self._drop(device_id, tab)

    def forget(self, device_id: DeviceId) -> None:
        """The device has no seat here any more."""
        self._tabs.pop(device_id, None)

    def stamps(self, device_id: DeviceId) -> Iterable[int]:
        return self._tabs.get(device_id, {}).values()

    def _drop(self, device_id: DeviceId, tab: str) -> None:
        tabs = self._tabs[device_id]
        del tabs[tab]
        if not tabs:
            del self._tabs[device_id]
