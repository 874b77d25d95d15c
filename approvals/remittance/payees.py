"""How well the company knows those it pays, and which of them a person sees first (RULES 17).

Pure: the register and the time are the caller's. Whether unregistered payees are allowed is the policy's to say.
"""

import heapq
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from approvals.model.account import Beneficiary
from approvals.model.payee import Payee, Standing
from approvals.model.remittance import Group, PaymentOrder

NEW_FOR: Final = timedelta(days=30)
MOST_SHOWN: Final = 20

_URGENCY: Final = {Standing.UNKNOWN: 2, Standing.CHANGED: 2, Standing.NEW: 1, Standing.KNOWN: 0}


def folded(name: str) -> str:
    """Return the name as it is compared and searched: without case, accents or surplus spaces."""
    if not name.isascii():
        parts = unicodedata.normalize("NFKD", name)
        name = "".join(character for character in parts if not unicodedata.combining(character))
    return " ".join(name.casefold().split())


class PayeeRegister:
    """The beneficiaries one subscription has registered, looked up by account and by folded name."""

    def __init__(self, beneficiaries: Iterable[Beneficiary], now: datetime) -> None:
        self._new_since = now - NEW_FOR
        self._names: set[str] = set()
        self._registered: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
        for beneficiary in beneficiaries:
            self._put(folded(beneficiary.name), beneficiary)

    def standing(self, name: str, iban: str) -> Standing:
        """UNKNOWN: neither is registered. CHANGED: one is, with another partner. NEW: less than 30 days ago."""
        name = folded(name)
        registered = self._registered.get(iban, {})
        if name in registered:
            return Standing.NEW if registered[name] > self._new_since else Standing.KNOWN
        return Standing.CHANGED if registered or name in self._names else Standing.UNKNOWN

    def payee(self, order: PaymentOrder) -> Payee:
        return Payee(
            group=order.group,
            position=order.position,
            payment_information_id=order.payment_information_id,
            end_to_end_id=order.end_to_end_id,
            name=order.name,
            iban=order.iban,
            amount=order.amount,
            currency=order.currency,
            standing=self.standing(order.name, order.iban),
            bic=order.bic,
        )

    def _put(self, name: str, beneficiary: Beneficiary) -> None:
        """An account may stand on several lists: the oldest entry counts."""
        names = self._registered[beneficiary.iban]
        names[name] = min(beneficiary.registered_at, names.get(name, beneficiary.registered_at))
        self._names.add(name)


class FirstPayees:
    """Keeps the 20 payees of each group that a person must see first, however many go by."""

    def __init__(self) -> None:
        self._heaps: defaultdict[int, list[tuple[tuple[int, int, int], Payee]]] = defaultdict(list)

    def add(self, payee: Payee) -> None:
        heap = self._heaps[payee.group]
        entry = _weight(payee), payee
        if len(heap) < MOST_SHOWN:
            heapq.heappush(heap, entry)
        elif entry[0] > heap[0][0]:
            heapq.heapreplace(heap, entry)

    def shown(self, group: Group) -> tuple[Payee, ...]:
        """Return them in display order; none for salaries, of which the facts hold count and digest only."""
        if group.salary:
            return ()
        return tuple(payee for _, payee in sorted(self._heaps[group.index], reverse=True))


def _weight(payee: Payee) -> tuple[int, int, int]:
    """Unknown and changed first, then new, then known; the largest first; then as in the file. Never equal."""
    return _URGENCY[payee.standing], payee.amount, -payee.position
