"""The commands under `tariff`: what a card costs, by the reason it is made for."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

import typer

from approvals.desk.cards.tariff import TariffDesk
from approvals.errors import InvalidRequest
from approvals.model.card import CardKind
from approvals.model.card_order import OrderReason
from approvals.model.fee import Fee
from approvals.model.money import DECIMALS, Money, in_main_unit, in_minor_units
from approvals.model.paris import day_in_paris
from server.cli.config import ConfigOption, read_settings
from server.cli.house import open_house
from server.cli.screen import output, show_table
from server.settings import Settings

app = typer.Typer(help="What a card costs.", no_args_is_help=True)

ReasonOption = Annotated[OrderReason, typer.Option("--reason", help="What the card is made for.")]
KindOption = Annotated[CardKind, typer.Option("--kind", help="Which card.")]
AmountOption = Annotated[str, typer.Option("--amount", metavar="0.00", help="In the currency's main unit.")]
CurrencyOption = Annotated[str, typer.Option("--currency", metavar="CODE", help="ISO 4217.")]
FromOption = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="First day it holds, in Paris; today unless told otherwise."),
]


@app.command("show")
def show(*, config: ConfigOption = None) -> None:
    """Show every fee with the day from which it holds; a later row takes over from an earlier one.

    Example: `contreseing tariff show`
    """
    fees = asyncio.run(_all(read_settings(config)))
    rows = [(fee.kind.value, fee.reason.value, _priced(fee.price), fee.valid_from.isoformat()) for fee in fees]
    show_table(("card", "reason", "fee", "from"), rows)


@app.command("set")
def put(
    *,
    reason: ReasonOption,
    kind: KindOption = CardKind.SECUR_ACCES,
    amount: AmountOption,
    currency: CurrencyOption = "EUR",
    valid_from: FromOption = None,
    config: ConfigOption = None,
) -> None:
    """Set a fee from a day on. What was ordered before keeps the fee it was approved at.

    Examples: `contreseing tariff set --reason blocked --amount 15.00`,
    `contreseing tariff set --reason lost --kind professional --amount 12.50 --from 2027-01-01`
    """
    price = _read_price(amount, currency)
    day = valid_from.date() if valid_from else None
    fee = asyncio.run(_put(read_settings(config), reason, kind, price, day))
    output.print(f"From {fee.valid_from.isoformat()}, {fee.kind} {fee.reason}: {_priced(fee.price)}.")


def _read_price(amount: str, currency: str) -> Money:
    """Raise InvalidRequest for what is no amount of this currency."""
    decimals = DECIMALS.get(currency)
    if decimals is None:
        raise InvalidRequest("currency: not an ISO 4217 currency", field="currency")
    whole, _, fraction = amount.partition(".")
    minor = in_minor_units(amount, decimals) if whole.isdecimal() and (fraction or "0").isdecimal() else None
    if minor is None:
        raise InvalidRequest(f"amount: a number with at most {decimals} decimals is needed", field="amount")
    return Money(amount=minor, currency=currency)


def _priced(price: Money) -> str:
    return f"{in_main_unit(price.amount, DECIMALS[price.currency])} {price.currency}"


async def _all(settings: Settings) -> Sequence[Fee]:
    async with open_house(settings) as house:
        return await TariffDesk(book=house.book, clock=house.clock).all()


async def _put(settings: Settings, reason: OrderReason, kind: CardKind, price: Money, day: date | None) -> Fee:
    async with open_house(settings) as house:
        valid_from = day or day_in_paris(house.clock.now())
        fee = Fee(reason=reason, kind=kind, price=price, valid_from=valid_from)
        await TariffDesk(book=house.book, clock=house.clock).put(fee)
        return fee
