"""The desks of cards, joined on the parts they share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from approvals.cap.profile import CapProfile
from approvals.delivery import Patience
from approvals.desk.cards.ageing import CardAgeingDesk
from approvals.desk.cards.making import CardMakingDesk
from approvals.desk.cards.messages import CardMessageDesk
from approvals.desk.cards.own import CardDesk, CardParts
from approvals.desk.cards.reporting import CardReportDesk
from approvals.model.ids import CardId


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDesks:
    """A verb a desk's method."""

    own: CardDesk
    reporting: CardReportDesk
    making: CardMakingDesk
    messages: CardMessageDesk
    ageing: CardAgeingDesk

    @classmethod
    def of(cls, parts: CardParts, profiles: Sequence[CapProfile], seal_pan: Callable[[CardId, str], bytes]) -> Self:
        """`seal_pan` seals a card number for the store."""
        book, clock, announcer = parts.book, parts.clock, parts.announcer
        return cls(
            own=CardDesk(parts),
            reporting=CardReportDesk(book=book, clock=clock, announcer=announcer, origin=parts.terms.origin),
            making=CardMakingDesk(book=book, clock=clock, announcer=announcer, profiles=profiles, seal_pan=seal_pan),
            messages=CardMessageDesk(book=book, clock=clock, patience=Patience()),
            ageing=CardAgeingDesk(book=book, clock=clock, announcer=announcer),
        )
