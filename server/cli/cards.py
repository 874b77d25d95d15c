"""The commands under `cards`: orders of cards, and their messages on the way to the two makers."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from approvals.delivery import Patience
from approvals.desk.cards.messages import CardMessageDesk
from approvals.model.card import CardKind
from approvals.model.card_order import CardMessage, CardOrder, Maker
from approvals.model.ids import MessageId
from approvals.model.page import Page
from approvals.model.release import DeliveryStatus
from approvals.ports.cards import CardOrderFilter
from server.cli.config import ConfigOption, read_settings
from server.cli.house import House, open_house
from server.cli.screen import moment, output, show_table
from server.settings import Settings

app = typer.Typer(help="Orders of cards, and their makers.", no_args_is_help=True)

KindOption = Annotated[CardKind | None, typer.Option("--kind", help="Which cards; both without it.")]
ProducedOption = Annotated[
    bool | None, typer.Option("--produced/--not-produced", help="Those that are made, or those that are not.")
]
AfterOption = Annotated[str | None, typer.Option("--after", metavar="CURSOR", help="Where the page before ended.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many at most.")]
MakerArgument = Annotated[Maker, typer.Argument(help="Whose outbox.")]
StatusOption = Annotated[DeliveryStatus, typer.Option("--status", help="Which messages.")]


@app.command("orders")
def orders(
    *,
    kind: KindOption = None,
    produced: ProducedOption = None,
    after: AfterOption = None,
    limit: LimitOption = 100,
    config: ConfigOption = None,
) -> None:
    """List orders of cards, newest first, with where card and PIN are.

    Examples: `contreseing cards orders`, `contreseing cards orders --kind professional --not-produced`
    """
    wanted = CardOrderFilter(kind=kind, is_produced=produced)
    page = asyncio.run(_orders(read_settings(config), wanted, after, limit))
    columns = ("card", "kind", "client", "user", "reason", "delivery", "ordered", "produced", "PIN letter")
    show_table(columns, [_row(order) for order in page.items])
    if page.next:
        output.print(f"More: --after {page.next}")


@app.command("messages")
def messages(
    maker: MakerArgument,
    *,
    status: StatusOption = DeliveryStatus.GIVEN_UP,
    limit: LimitOption = 100,
    config: ConfigOption = None,
) -> None:
    """List orders on their way to one maker; those given up unless told otherwise.

    Examples: `contreseing cards messages manufacturer`, `contreseing cards messages pin_printer --status due`
    """
    found = asyncio.run(_messages(read_settings(config), maker, status, limit))
    rows = [
        (each.id, each.card_id, str(each.attempts), moment(each.created_at), each.last_error or "-") for each in found
    ]
    show_table(("message", "card", "attempts", "created", "last error"), rows)


@app.command("resend")
def resend(
    maker: MakerArgument,
    message_ids: Annotated[list[str], typer.Argument(metavar="MESSAGE...", help="Ids of `cards messages`.")],
    *,
    config: ConfigOption = None,
) -> None:
    """Make messages that were given up due again: the same bytes under the same webhook id.

    Example: `contreseing cards resend manufacturer msg_01k9…`
    """
    for message in asyncio.run(_resend(read_settings(config), maker, list(map(MessageId, message_ids)))):
        output.print(f"{message.id} {message.status}")


def _row(order: CardOrder) -> tuple[str, ...]:
    return (
        order.card_id,
        order.kind.value,
        order.client_identifier,
        order.user_number,
        order.reason.value,
        order.delivery.value,
        moment(order.ordered_at),
        moment(order.produced_at),
        order.pin_letter.value,
    )


async def _orders(settings: Settings, wanted: CardOrderFilter, after: str | None, limit: int) -> Page[CardOrder]:
    async with open_house(settings) as house:
        return await house.book.reading(lambda ledger: ledger.card_orders.browse(wanted, after, limit))


async def _messages(settings: Settings, maker: Maker, status: DeliveryStatus, limit: int) -> Sequence[CardMessage]:
    async with open_house(settings) as house:
        return await _desk(house).listed(maker, status, limit)


async def _resend(settings: Settings, maker: Maker, message_ids: Sequence[MessageId]) -> list[CardMessage]:
    async with open_house(settings) as house:
        desk = _desk(house)
        return [await desk.resend(maker, message_id) for message_id in message_ids]


def _desk(house: House) -> CardMessageDesk:
    return CardMessageDesk(book=house.book, clock=house.clock, patience=Patience())
