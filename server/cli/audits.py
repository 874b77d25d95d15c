"""The commands under `audit`: the sealed audit checked, written out, and what must be erased of it."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from approvals.desk.auditing import AuditDesk
from approvals.desk.retaining import Erased, RetentionDesk
from approvals.errors import AuditBroken, InvalidRequest
from approvals.evidence.audit_check import AuditReport
from approvals.evidence.export import check_export
from approvals.evidence.refusals import AnchorsUnreadable
from approvals.evidence.signatures import PublicKeys, read_key_set
from approvals.keys.audit_signer import KIND as AUDIT
from approvals.keys.audit_signer import AuditSigner
from approvals.keys.signing_keys import public_keys
from approvals.model.ids import UserId
from approvals.model.seal import SignedHead, Tail
from server.cli.audit_lines import show
from server.cli.config import ConfigOption, read_settings
from server.cli.house import House, open_house, open_keyring
from server.cli.screen import errors, moment, output
from server.cli.trust import heads_in, kept_heads, read_trust
from server.joining import keeping_of
from server.settings import Settings

app = typer.Typer(
    help="The audit: checked against its seal, written out, erased where it must be.", no_args_is_help=True
)
app.command("list")(show)

TrustOption = Annotated[
    Path | None, typer.Option("--trust", metavar="DIR", help="Your own anchors; without them, the database's own keys.")
]
HeadsOption = Annotated[
    list[Path] | None,
    typer.Option("--heads", metavar="FILE", help="Heads kept outside, once a file; the settings' file without it."),
]
ExportOption = Annotated[
    Path | None, typer.Option("--export", metavar="FILE", help="Check an export instead of the database.")
]
Told = Callable[[int], None]


@app.command("verify")
def verify(
    *, export: ExportOption = None, heads: HeadsOption = None, trust: TrustOption = None, config: ConfigOption = None
) -> None:
    """Find any sealed row that was changed, removed or added, in the database or in an export.

    What is claimed ends at the last head that is kept outside; rows behind it are counted. Exits 1 for any finding.

    Examples: `contreseing audit verify`, `contreseing audit verify --export audit.jsonl --trust anchors`
    """
    if export is not None:
        _tell(_verify_export(export, heads or (), trust))
        return
    report, tail = asyncio.run(_verify(read_settings(config), heads, trust))
    _tell_tail(report, tail)
    _tell(report)


@app.command("export")
def write_export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="New file; its owner alone may read it.")],
    *,
    config: ConfigOption = None,
) -> None:
    """Write everything that is sealed into a file, a JSON line a row, for `audit verify --export`.

    Example: `contreseing audit export audit.jsonl`
    """
    asyncio.run(_export(read_settings(config), file))
    output.print(f"Wrote {file}.")


@app.command("erase")
def erase(
    user: Annotated[str, typer.Argument(metavar="USER", help="The person's id.")],
    *,
    reference: Annotated[
        str, typer.Option("--reference", metavar="TEXT", help="The request in the bank's register: no name in it.")
    ],
    config: ConfigOption = None,
) -> None:
    """Erase what the law lets go of what the audit tells of a person, at their request (GDPR article 17).

    Evidence and audit stay until their time; what goes by itself when its time is over needs no command.

    Example: `contreseing audit erase usr_01k9… --reference DPO-2026-17`
    """
    erased = asyncio.run(_erase(read_settings(config), UserId(user), reference))
    output.print(f"Erased {erased.erased} values; {erased.held} are held by law until their time.")


@app.command("end-relation")
def end_relation(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="The company's client identifier.")],
    *,
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="The day the relation ended.")],
    config: ConfigOption = None,
) -> None:
    """Write down since when a company is no customer any more: its audit is kept five years from then.

    Example: `contreseing audit end-relation 40012345 --on 2026-11-23`
    """
    asyncio.run(_end_relation(read_settings(config), client, on.replace(tzinfo=UTC)))
    output.print("Written down.")


# --- verifying ----------------------------------------------------------------------------------------------


async def _verify(settings: Settings, heads: Sequence[Path] | None, trust: Path | None) -> tuple[AuditReport, Tail]:
    async with open_house(settings) as house:
        keys, outside = await _anchors(settings, house, heads, trust)
        desk = AuditDesk(book=house.book)
        with _progress() as told:
            report = await desk.verify(keys, outside, told)
        return report, await desk.tail()


async def _anchors(
    settings: Settings, house: House, heads: Sequence[Path] | None, trust: Path | None
) -> tuple[PublicKeys, list[SignedHead]]:
    outside = list(heads_in(kept_heads(settings, heads)))
    if trust is None:
        return read_key_set(public_keys(await house.desk.secrets(AUDIT))), outside
    own = read_trust(trust)
    return own.audit_keys, [*outside, *own.heads]


def _verify_export(export: Path, heads: Sequence[Path], trust: Path | None) -> AuditReport:
    if trust is None:
        raise InvalidRequest("an export is checked with your own anchors: name them with --trust")
    own = read_trust(trust)
    try:
        with export.open("rb") as lines, _progress() as told:
            return check_export(lines, own.audit_keys, [*heads_in(heads), *own.heads], told)
    except OSError as error:
        raise AnchorsUnreadable(f"{export.name} cannot be read: {error.strerror}") from error


def _tell(report: AuditReport) -> None:
    """Say what was found. Raises AuditBroken for any finding."""
    if report.erased:
        output.print(f"{report.erased} values were erased, each by a row that says why.")
    if report.abandoned:
        output.print(f"{report.abandoned} heads outside were left behind by a restore that is recorded.")
    for finding in report.findings:
        errors.print(f"{finding.where}: {finding.what}", style="red", markup=False)
    if report.findings:
        raise AuditBroken(f"{len(report.findings)} findings in {report.rows} rows under {report.heads} heads")
    output.print(f"{report.rows} rows under {report.heads} heads go together.")
    if report.anchored is None:
        output.print("No head of them was found outside: a history written anew as a whole would not be seen.")
        return
    told = f"the head of {report.anchored.size}, signed {moment(report.anchored.at)} and kept outside"
    output.print(f"Nothing was changed, removed or added before {told}.")
    if report.rows > report.anchored.size:
        output.print(f"{report.rows - report.anchored.size} rows behind it are claimed by the database alone.")


def _tell_tail(report: AuditReport, tail: Tail) -> None:
    if tail.rows:
        since = moment(tail.oldest)
        output.print(f"{tail.rows} rows since {since} are not sealed yet: nothing is claimed of them.")
    elif report.last is None:
        output.print("Nothing is sealed yet.")


@contextmanager
def _progress() -> Iterator[Told]:
    """Show how many rows went through, on a terminal."""
    columns = (SpinnerColumn(), TextColumn("{task.completed} rows"), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda rows: progress.update(task, completed=rows)


# --- the others ---------------------------------------------------------------------------------------------


async def _export(settings: Settings, file: Path) -> None:
    async with open_house(settings) as house:
        signer = AuditSigner(await open_keyring(settings, house), await house.desk.secrets(AUDIT))
        await _write(file, AuditDesk(book=house.book).export(signer, house.clock.now()))


async def _write(file: Path, lines: AsyncIterator[bytes]) -> None:
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            async for line in lines:
                opened.write(line)
    except OSError as error:
        raise InvalidRequest(f"{file.name} cannot be written: {error.strerror}") from None


async def _erase(settings: Settings, user_id: UserId, reference: str) -> Erased:
    if not reference.strip() or len(reference) > 64:
        raise InvalidRequest("a reference has 1 to 64 characters", field="reference")
    async with open_house(settings) as house:
        return await _retention(settings, house).erase(user_id, reference)


async def _end_relation(settings: Settings, client: str, on: datetime) -> None:
    async with open_house(settings) as house:
        await _retention(settings, house).end_relation(client, on)


def _retention(settings: Settings, house: House) -> RetentionDesk:
    return RetentionDesk(book=house.book, clock=house.clock, keeping=keeping_of(settings.audit))
