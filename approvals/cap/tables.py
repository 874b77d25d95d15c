"""Profiles as tables of a configuration file: strict, in the notation cards use, read and written back.

What a profile must be is `profile`'s to say.
"""

import tomllib
from collections.abc import Sequence
from importlib.resources import files
from typing import Final, Literal

import msgspec

from approvals.cap.des import Padding
from approvals.cap.keys import CardKeyOption, KeyTree, SessionKey, SessionKeyDerivation
from approvals.cap.profile import Application, CapProfile, DataObject, Tag
from approvals.cap.token import TokenLayout
from approvals.errors import CapProfileError
from approvals.model.ids import ProfileId
from approvals.model.reader import CapMode

_TREE: Final = "emv2000-tree"


class TreeTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shape of the EMV2000 tree."""

    branches: int
    height: int


class ProfileTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One `[[profile]]` table: bytes are hexadecimal text, the rest as in `CapProfile`."""

    id: str
    bins: list[str]
    application: Application
    bitmap: str
    flags: str
    code_length: int
    cdol1: str
    aip: str
    card_results: str
    iad: str
    card_key_option: CardKeyOption
    session_key: Literal["none", "emv-csk", "mastercard-skd", "emv2000-tree"]
    tree: TreeTable | None = None
    padding: Padding
    modes: frozenset[CapMode]
    atc_window: int = 32
    max_resync_distance: int = 1000
    shares_atc_with_payments: bool = False


class _ProfilesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    profile: list[ProfileTable]


def read_profiles(text: bytes) -> tuple[CapProfile, ...]:
    """The profiles of a TOML text.

    Raises CapProfileError, naming the place, for unknown keys and wrong values, for two profiles of one id and
    for a BIN that two profiles claim.
    """
    try:
        content = msgspec.convert(tomllib.loads(text.decode()), _ProfilesFile)
    except (ValueError, msgspec.ValidationError) as refusal:
        raise CapProfileError(f"the profiles cannot be read: {refusal}") from refusal
    profiles = tuple(profile_of(table) for table in content.profile)
    _require_distinct("id", [profile.id for profile in profiles])
    _require_distinct("BIN", [prefix for profile in profiles for prefix in profile.bins])
    return profiles


def published_profiles() -> tuple[CapProfile, ...]:
    """The profiles that ship with the package, of test cards only."""
    return read_profiles(files("approvals.cap").joinpath("profiles.toml").read_bytes())


def profile_of(table: ProfileTable) -> CapProfile:
    """The profile a table describes; raises CapProfileError when it is none."""
    try:
        return CapProfile(
            id=ProfileId(table.id),
            bins=tuple(table.bins),
            application=table.application,
            layout=_layout_of(table),
            cdol1=read_data_object_list(bytes.fromhex(table.cdol1)),
            aip=bytes.fromhex(table.aip),
            card_results=bytes.fromhex(table.card_results),
            iad=bytes.fromhex(table.iad),
            card_key_option=table.card_key_option,
            session_key=_session_key_of(table),
            padding=table.padding,
            modes=table.modes,
            atc_window=table.atc_window,
            max_resync_distance=table.max_resync_distance,
            shares_atc_with_payments=table.shares_atc_with_payments,
        )
    except ValueError as refusal:
        raise CapProfileError(f"profile {table.id}: {refusal}") from refusal


def table_of(profile: CapProfile) -> ProfileTable:
    """The table `profile_of` reads this profile back from."""
    tree = profile.session_key if isinstance(profile.session_key, KeyTree) else None
    return ProfileTable(
        id=profile.id,
        bins=list(profile.bins),
        application=profile.application,
        bitmap=profile.layout.bitmap.hex().upper(),
        flags=f"{profile.layout.flags:02X}",
        code_length=profile.layout.code_length,
        cdol1=_written(profile.cdol1),
        aip=profile.aip.hex().upper(),
        card_results=profile.card_results.hex().upper(),
        iad=profile.iad.hex().upper(),
        card_key_option=profile.card_key_option,
        session_key=_TREE if isinstance(profile.session_key, KeyTree) else profile.session_key.value,
        tree=TreeTable(branches=tree.branches, height=tree.height) if tree else None,
        padding=profile.padding,
        modes=profile.modes,
        atc_window=profile.atc_window,
        max_resync_distance=profile.max_resync_distance,
        shares_atc_with_payments=profile.shares_atc_with_payments,
    )


def read_data_object_list(encoded: bytes) -> tuple[DataObject, ...]:
    """The entries of a CDOL (EMV book 3, 5.4): tag of one or two bytes, then one byte of length.

    Raises CapProfileError for a tag no CAP reader fills, or a list cut short.
    """
    entries, rest = [], encoded
    while rest:
        width = 2 if rest[0] & 0x1F == 0x1F else 1
        if len(rest) <= width:
            raise CapProfileError("the CDOL1 is cut short")
        entries.append(DataObject(tag=_known_tag(rest[:width]), length=rest[width]))
        rest = rest[width + 1 :]
    return tuple(entries)


def _known_tag(encoded: bytes) -> Tag:
    try:
        return Tag(int.from_bytes(encoded))
    except ValueError as unknown:
        raise CapProfileError(f"the CDOL1 asks for {encoded.hex()}, which no CAP reader fills") from unknown


def _written(cdol1: tuple[DataObject, ...]) -> str:
    return "".join(f"{item.tag:02X}{item.length:02X}" for item in cdol1)


def _layout_of(table: ProfileTable) -> TokenLayout:
    return TokenLayout(bitmap=bytes.fromhex(table.bitmap), flags=int(table.flags, 16), code_length=table.code_length)


def _session_key_of(table: ProfileTable) -> SessionKeyDerivation:
    if (table.session_key == _TREE) != (table.tree is not None):
        raise CapProfileError(f"profile {table.id}: a tree is given for {_TREE}, and for nothing else")
    if table.tree is not None:
        return KeyTree(branches=table.tree.branches, height=table.tree.height)
    return SessionKey(table.session_key)


def _require_distinct(what: str, names: Sequence[str]) -> None:
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise CapProfileError(f"one {what} stands in two profiles: {', '.join(doubles)}")
