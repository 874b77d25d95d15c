"""The one session with the token that holds the issuer keys: opened, lost, opened again once.

What is done in it is `pkcs11`'s. A PIN the token refused is never offered again: each try brings its lock nearer.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_IMODE
from threading import Lock
from typing import Final, TypeVar

import pkcs11
from pkcs11 import PKCS11Error, Session, Token, TokenFlag
from pkcs11._pkcs11 import lib
from pkcs11.exceptions import MultipleTokensReturned, NoSuchToken, PinIncorrect, PinInvalid, PinLenRange, PinLocked

from approvals.errors import CardKeysUnavailable

_OTHERS_OR_EXECUTE: Final = 0o177
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPlace:
    """The module (a shared library of the token's maker), the token's label, its user's PIN."""

    module: Path
    label: str
    pin: str = field(repr=False)


def read_pin(file: Path) -> str:
    """Return the PIN of a file that its owner alone may read. Raises CardKeysUnavailable."""
    try:
        with file.open(encoding="utf-8") as opened:
            mode = S_IMODE(file.stat().st_mode)
            pin = opened.read().strip()
    except (OSError, UnicodeDecodeError) as error:
        told = error.strerror if isinstance(error, OSError) else "not a text"
        raise CardKeysUnavailable(f"the PIN file {file.name} cannot be read: {told}") from error
    if mode & _OTHERS_OR_EXECUTE:
        raise CardKeysUnavailable(f"the PIN file {file.name} must be of mode 0600, or 0400")
    if not pin:
        raise CardKeysUnavailable(f"the PIN file {file.name} is empty")
    return pin


class TokenSession:
    """A logged-in session, opened when first used; one caller at a time, for modules need not be safe for more."""

    def __init__(self, place: TokenPlace, *, is_writing: bool = False) -> None:
        self._place = place
        self._is_writing = is_writing
        self._session: Session | None = None
        self._is_pin_refused = False
        self._lock = Lock()

    def use(self, work: Callable[[Session], Result]) -> Result:
        """Do the work in the session; where that was lost, once more in a new one.

        Raises CardKeysUnavailable with what is wrong: nothing was done then; and what the work itself refuses.
        """
        with self._lock:
            if self._session is not None:
                try:
                    return work(self._session)
                except PKCS11Error:  # tokens tell a lost session in many ways: a new one answers for all
                    self._session = None
            self._session = self._open()
            try:
                return work(self._session)
            except PKCS11Error as error:
                self._session = None
                raise CardKeysUnavailable(f"token {self._place.label}: {_named(error)}") from error

    def close(self) -> None:
        """Log out and close, where the token still listens."""
        with self._lock:
            session, self._session = self._session, None
            try:
                if session is not None:
                    session.close()
            except PKCS11Error:
                return  # there is no session any more: nothing is left open

    def _open(self) -> Session:
        if self._is_pin_refused:
            raise CardKeysUnavailable(f"token {self._place.label} refused the PIN: mend the PIN file, then restart")
        try:
            token = _find_token(self._place)
            if TokenFlag.USER_PIN_FINAL_TRY in token.flags:
                raise CardKeysUnavailable(f"token {self._place.label} has one PIN try left: log in by hand first")
            return token.open(rw=self._is_writing, user_pin=self._place.pin)
        except (PinIncorrect, PinInvalid, PinLenRange, PinLocked) as error:
            self._is_pin_refused = True
            told = "its PIN is locked" if isinstance(error, PinLocked) else "it refuses the PIN of the PIN file"
            raise CardKeysUnavailable(f"token {self._place.label}: {told}") from error
        except PKCS11Error as error:
            raise CardKeysUnavailable(f"token {self._place.label}: {_named(error)}") from error


def _find_token(place: TokenPlace) -> Token:
    """Start the module anew, so that it sees the tokens there are now, and find ours."""
    if not place.module.is_file():
        raise CardKeysUnavailable(f"there is no PKCS#11 module {place.module.name}")
    try:
        library = pkcs11.lib(str(place.module))
        _restart(library)
        return library.get_token(token_label=place.label)
    except NoSuchToken as error:
        raise CardKeysUnavailable(f"module {place.module.name} shows no token labelled {place.label}") from error
    except MultipleTokensReturned as error:
        raise CardKeysUnavailable(f"module {place.module.name} shows several tokens labelled {place.label}") from error
    except PKCS11Error as error:
        raise CardKeysUnavailable(f"module {place.module.name} does not start: {_named(error)}") from error


def _restart(library: lib) -> None:
    with suppress(PKCS11Error):  # a module whose maker's service restarted knows of no start to end
        library.finalize()
    library.initialize()


def _named(error: PKCS11Error) -> str:
    return f"{type(error).__name__} {error}".strip()
