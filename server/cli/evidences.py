"""The commands under `evidence`: what an auditor checks far from the bank, and what the bank does for it."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from ssl import DER_cert_to_PEM_cert
from typing import Annotated

import typer

from approvals.checkers.cap import CapChecker, CapProfiles
from approvals.desk.rechecking import RecheckDesk, Rechecked
from approvals.errors import InvalidRequest
from approvals.evidence.file_check import check_file
from approvals.evidence.refusals import EvidenceInvalid
from approvals.keys.audit_signer import KIND as AUDIT
from approvals.keys.house_secrets import ISSUER_KEY, LINKING, open_newest
from approvals.keys.release_signer import KIND as RELEASE
from approvals.keys.signing_keys import public_keys
from approvals.model.certificate import Authority
from approvals.model.ids import ActionId
from server.cli.config import ConfigOption, read_settings
from server.cli.house import open_house, open_keyring
from server.cli.screen import output
from server.cli.trust import AUDIT_KEYS, AUTHORITIES, HEADS, RELEASE_KEYS, kept_heads, read_trust
from server.foundation import read_all_profiles
from server.issuer_keys import open_card_keys
from server.settings import Settings

app = typer.Typer(help="Files of evidence, checked by whoever needs to.", no_args_is_help=True)

TrustOption = Annotated[
    Path, typer.Option("--trust", metavar="DIR", help="Anchors, as `evidence anchors` writes them.")
]


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="As GET /v1/actions/{action}/evidence gave it.")],
    *,
    trust: TrustOption,
) -> None:
    """Check a file of evidence with your own anchors alone: no database, no network. Says what is proved, and by whom.

    Exits 0 when everything holds, 1 when anything does not.

    Example: `contreseing evidence verify act_01k9….json --trust anchors`
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InvalidRequest(f"{file.name} cannot be read: {error.strerror}") from None
    report = check_file(content, read_trust(trust))
    output.print(f"Evidence of {report.action}: everything in it holds.", markup=False)
    for proved in report.proved:
        output.print(f"- {proved.told}", markup=False)
    if report.unsealed:
        output.print(f"{report.unsealed} rows of the audit are not under a head yet: ask for the file again later.")
    if report.erased:
        output.print(f"{report.erased} rows of the audit have no value any more: it was erased, the row stays proved.")


@app.command("anchors")
def anchors(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New folder.")], *, config: ConfigOption = None
) -> None:
    """Write what an auditor needs to check evidence: public keys, the heads kept outside, issuing authorities.

    Hand it over in person, or compare the keys' ids by another channel, and the authorities of people's certificates
    (certificate-authorities.pem) with what those authorities publish; add the timestamp authority's certificate as
    timestamp-authority.pem.

    Example: `contreseing evidence anchors anchors-2026`
    """
    asyncio.run(_anchors(read_settings(config), folder))
    output.print(f"Wrote {folder}.")


@app.command("recheck")
def recheck(
    action: Annotated[str, typer.Argument(metavar="ACTION", help="Its id.")], *, config: ConfigOption = None
) -> None:
    """Compute the codes an action was signed with again, from the cards' keys; they are compared and never shown.

    Example: `contreseing evidence recheck act_01k9…`
    """
    rechecked = asyncio.run(_recheck(read_settings(config), ActionId(action)))
    for each in rechecked:
        said = "is the code its card gives" if each.holds else "IS NOT the code its card gives"
        output.print(f"{each.proof.id} of {each.proof.user_id}: {said}", markup=False)
    if not all(each.holds for each in rechecked):
        raise EvidenceInvalid("a code is not its card's")
    output.print(f"{len(rechecked)} codes hold.")


async def _anchors(settings: Settings, folder: Path) -> None:
    async with open_house(settings) as house:
        keys = {kind: public_keys(await house.desk.secrets(kind)) for kind in (AUDIT, RELEASE)}
        authorities = await house.book.reading(lambda ledger: ledger.authorities.all())
    files = {AUDIT_KEYS: keys[AUDIT], RELEASE_KEYS: keys[RELEASE]}
    if authorities:
        files[AUTHORITIES] = _as_pem(authorities)
    await asyncio.to_thread(_write, folder, files, kept_heads(settings, None))


def _as_pem(authorities: Sequence[Authority]) -> bytes:
    """Return their own certificates; of those withdrawn too, for what was signed under them still stands."""
    pinned = dict.fromkeys(authority.certificate for authority in authorities)
    return "".join(map(DER_cert_to_PEM_cert, pinned)).encode("ascii")


def _write(folder: Path, files: Mapping[str, bytes], heads: Sequence[Path]) -> None:
    try:
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        for file in heads:
            (folder / HEADS).write_bytes(file.read_bytes())
    except OSError as error:
        raise InvalidRequest(f"{folder.name} cannot be written: {error.strerror}") from None


async def _recheck(settings: Settings, action_id: ActionId) -> Sequence[Rechecked]:
    async with open_house(settings) as house:
        keyring = await open_keyring(settings, house)
        linking = open_newest(keyring, LINKING, await house.desk.secrets(LINKING))
        issuer_keys = {(each.id, each.version): each.sealed for each in await house.desk.secrets(ISSUER_KEY)}
        profiles = CapProfiles(read_all_profiles(settings), linking)
        checker = CapChecker(profiles, open_card_keys(settings.issuer_keys, keyring, issuer_keys))
        return await RecheckDesk(book=house.book, checker=checker).recheck(action_id)
