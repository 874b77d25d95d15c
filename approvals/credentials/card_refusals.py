"""What is refused of a card, its codes and its orders: the cards' part of the tree in `approvals.errors`."""

from collections.abc import Sequence

from approvals.errors import ApprovalError
from approvals.model.card import Card, CardStatus
from approvals.model.ids import CardId


class CardNotUsable(ApprovalError):
    """The card takes no codes, or the person has none that does; `card_id` and `status` are for the audit."""

    code = "card_not_usable"

    def __init__(self, detail: str = "", *, card_id: CardId | None = None, status: CardStatus | None = None) -> None:
        super().__init__(detail)
        self.card_id = card_id
        self.status = status


class CardLocked(CardNotUsable):
    """Too many wrong codes: an adviser unlocks the card (RULES 8)."""

    code = "card_locked"


class CardBlocked(CardNotUsable):
    """Three wrong PINs blocked the chip: a new card is needed (RULES 8)."""

    code = "card_blocked"


class CardResyncDue(ApprovalError):
    """The store was restored: the card's codes count again once it is resynchronised (RULES 30)."""

    code = "card_resync_due"


class CardChoiceNeeded(ApprovalError):
    """The person has several cards, and a code is tried against one: `choices` are those it could be of."""

    code = "card_choice_needed"

    def __init__(self, detail: str, *, choices: Sequence[Card]) -> None:
        super().__init__(detail)
        self.choices = choices


class CardActivatedAlready(ApprovalError):
    """The card took its first right code before: nothing was checked."""

    code = "card_activated_already"


class CardNotLocked(ApprovalError):
    """There is nothing to unlock: the card is not locked by wrong codes."""

    code = "card_not_locked"


class CardReportRepeated(ApprovalError):
    """The maker reported this before."""

    code = "card_report_repeated"


class CardReportOutOfOrder(ApprovalError):
    """The report does not follow from where the card is."""

    code = "card_report_out_of_order"


class CardReportForeign(ApprovalError):
    """The report is of a card that was ordered for somebody else, or was never ordered here."""

    code = "card_report_foreign"


class CardOrderOpen(ApprovalError):
    """Such a card is on its way to this person already."""

    code = "card_order_open"


class CardOrderStale(ApprovalError):
    """What the order was approved for is no longer so: the card was replaced, unlocked or reported meanwhile."""

    code = "card_order_stale"


class FeeUnknown(ApprovalError):
    """The tariff names no fee for this card and reason: nothing is ordered at an unknown price."""

    code = "fee_unknown"
