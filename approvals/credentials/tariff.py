"""Which row of the tariff holds on a day. Pure."""

from collections.abc import Iterable
from datetime import date

from approvals.credentials.card_refusals import FeeUnknown
from approvals.model.card import CardKind
from approvals.model.card_order import OrderReason
from approvals.model.fee import Fee
from approvals.model.money import Money


def fee_for(fees: Iterable[Fee], reason: OrderReason, kind: CardKind, day: date) -> Money:
    """Return the newest row that is valid by then. Raises FeeUnknown when there is none: no price is made up."""
    valid = [fee for fee in fees if (fee.reason, fee.kind) == (reason, kind) and fee.valid_from <= day]
    if not valid:
        raise FeeUnknown(f"the tariff has no fee for {reason}, {kind}: `contreseing tariff set`")
    return max(valid, key=lambda fee: fee.valid_from).price
