"""The command `check-config`, and what `serve` asks of its settings too."""

import asyncio

from approvals.errors import SchemaUnknown, StoreUnavailable
from server import settings_check as rules
from server.cli.config import ConfigOption, read_settings
from server.cli.house import open_house
from server.cli.screen import errors, output
from server.foundation import read_all_profiles
from server.issuer_keys import require_token
from server.settings import Settings, SettingsError


def check_config(*, config: ConfigOption = None) -> None:
    """Read the settings as `serve` would, and say what is wrong with them; warn of what is allowed and unsafe.

    Example: `contreseing check-config --config /etc/contreseing.toml`
    """
    settings = read_settings(config)
    require_sound(settings)
    require_token(settings.issuer_keys, [], {}, demo=False)
    output.print("The settings are sound.")
    for warning in asyncio.run(_warnings(settings)):
        errors.print(f"Warning: {warning}", style="yellow", markup=False)


async def _warnings(settings: Settings) -> list[str]:
    """Return what works as it was decided, and should be known all the same (RULES 11 and 32)."""
    warnings = []
    if settings.audit.heads_file is None and settings.audit.timestamp_url is None:
        warnings.append("audit: no place outside keeps the seal's heads, so nobody could tell it replaced")
    try:
        async with open_house(settings) as house:
            companies = await house.book.reading(lambda ledger: ledger.policies.with_code_on_money())
            makes = await house.book.reading(lambda ledger: ledger.cards.makes())
            is_demo = await house.book.reading(lambda ledger: ledger.house.is_demo())
    except (StoreUnavailable, SchemaUnknown):
        return [*warnings, "the database was not looked at: it cannot be reached, or has no schema yet"]
    require_token(settings.issuer_keys, makes, read_all_profiles(settings), demo=is_demo)
    if companies:
        told = "sign payments with the CODE key: a code harvested at sign-in could sign one"
        warnings.append(f"{len(companies)} companies {told} ({', '.join(companies[:5])})")
    return warnings


def require_sound(settings: Settings) -> None:
    """Show what is wrong with the settings. Raises SettingsError when anything is."""
    problems = rules.check(settings)
    for problem in problems:
        errors.print(problem, style="red", markup=False)
    if problems:
        raise SettingsError(f"{len(problems)} to mend before it can serve")
