"""Where the issuer keys of this house are: sealed in its database, or in a PKCS#11 token. Here alone it is decided.

What is computed with them is the same (`approvals.keys`). The token's module is an extra, imported when it is used.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from approvals.cap.profile import CapProfile
from approvals.checkers.cap import CardKeys
from approvals.errors import CapProfileError, KeyringError
from approvals.keys.keyring import Keyring
from approvals.keys.software import IssuerKeys, SoftwareCardKeys
from approvals.model.card import CardMake
from approvals.model.ids import ProfileId
from server.settings import IssuerKeysSettings

if TYPE_CHECKING:
    from approvals.keys.token_session import TokenSession

_PUBLISHED: Final = frozenset({bytes.fromhex("cee67cb0f438efc6")})
"""Check values of issuer keys printed in specifications and libraries (RULES 29)."""


def is_in_token(settings: IssuerKeysSettings) -> bool:
    return settings.store == "pkcs11"


def open_card_keys(settings: IssuerKeysSettings, keyring: Keyring, issuer_keys: IssuerKeys) -> CardKeys:
    """Return the keys of cards; a token is logged in to when the first is asked. Raises CardKeysUnavailable."""
    if not is_in_token(settings):
        return SoftwareCardKeys(keyring, issuer_keys)
    from approvals.keys.pkcs11 import TokenCardKeys  # noqa: PLC0415  # an extra: it may not be installed

    return TokenCardKeys(keyring, open_token(settings))


def open_token(settings: IssuerKeysSettings, *, is_writing: bool = False) -> "TokenSession":
    """Return a session with the token of the settings, not yet logged in. Raises CardKeysUnavailable."""
    from approvals.keys.token_session import TokenPlace, TokenSession, read_pin  # noqa: PLC0415  # an extra

    pin = read_pin(Path(settings.pin_file or ""))
    place = TokenPlace(module=Path(settings.module or ""), label=settings.token_label or "", pin=pin)
    return TokenSession(place, is_writing=is_writing)


def put_in_token(settings: IssuerKeysSettings, issuer_key_id: str, version: int, issuer_key: bytes) -> None:
    """Write an issuer key into the token. Raises CapKeyError when it holds one of that name, CardKeysUnavailable."""
    from approvals.keys.pkcs11 import put_issuer_key  # noqa: PLC0415  # an extra

    session = open_token(settings, is_writing=True)
    put_issuer_key(session, issuer_key_id, version, issuer_key)
    session.close()


def require_token(
    settings: IssuerKeysSettings,
    makes: Sequence[CardMake],
    profiles: Mapping[ProfileId, CapProfile],
    *,
    demo: bool,
) -> None:
    """Log in, and require what the house's cards need of the token; nothing is asked where keys are in software.

    Raises CardKeysUnavailable, CapKeyError for a key it does not hold or would let out, CapProfileError for cards
    whose keys no token derives, KeyringError for a published test key outside a demo (RULES 29).
    """
    if not is_in_token(settings):
        return
    session = open_token(settings)
    session.use(lambda _: None)
    for make in makes:
        _require_make(session, make, profiles.get(make.profile_id), demo=demo)
    session.close()


def _require_make(session: "TokenSession", make: CardMake, profile: CapProfile | None, *, demo: bool) -> None:
    from approvals.keys.pkcs11 import check_value, is_derivable, require_issuer_key  # noqa: PLC0415  # an extra

    if profile is not None and not is_derivable(profile):
        told = "a token cannot derive the keys of an EMV2000 tree, and there are cards of it"
        raise CapProfileError(f"profile {profile.id}: {told}")
    require_issuer_key(session, make.issuer_key_id, make.issuer_key_version)
    if not demo and check_value(session, make.issuer_key_id, make.issuer_key_version) in _PUBLISHED:
        raise KeyringError(f"issuer key {make.issuer_key_id} version {make.issuer_key_version} is a published test key")
