"""SoftHSM2 as the token of the tests: one store of tokens a process, for the library reads its configuration once."""

import ctypes
import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pkcs11
from pkcs11 import PKCS11Error, TokenFlag

MODULE: Final = Path("/usr/lib/softhsm/libsofthsm2.so")
SO_PIN: Final = "87654321"
PIN: Final = "730164"
_FLAGS: Final = (0x8000534B).to_bytes(8) + (2).to_bytes(8)
"""How SoftHSM2's file of a token begins its flags: the attribute, and that a number follows."""


def store_in(folder: Path) -> dict[str, str]:
    """Lay out an empty store of tokens in the folder; return the environment that leads SoftHSM2 to it."""
    (folder / "tokens").mkdir(parents=True, exist_ok=True)
    configuration = folder / "softhsm2.conf"
    configuration.write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    return {"SOFTHSM2_CONF": str(configuration)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftTokens:
    """A store of tokens, and what its operator types."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | store_in(self.folder)

    def make(self, label: str, pin: str = PIN) -> None:
        words = ("--init-token", "--free", "--label", label, "--so-pin", SO_PIN, "--pin", pin)
        self._run("softhsm2-util", *words)

    def remove(self, label: str) -> None:
        self._run("softhsm2-util", "--delete-token", "--token", label)

    def load(self, label: str, *words: str) -> None:
        """Use pkcs11-tool on a token, logged in."""
        self._run("pkcs11-tool", "--module", str(MODULE), "--token-label", label, "--login", "--pin", PIN, *words)

    def _run(self, *words: str) -> None:
        subprocess.run(words, env=self.environment, check=True, capture_output=True, timeout=30)  # noqa: S603  # our own words


def restart_service() -> None:
    """End the module under its user's feet, as a token's service does that restarts: every session is lost."""
    if ctypes.CDLL(str(MODULE)).C_Finalize(None) != 0:
        raise AssertionError("the module was not running")


def see_tokens_anew() -> None:
    """Start the module again in this process: SoftHSM2 looks for tokens when it starts."""
    library = pkcs11.lib(str(MODULE))
    with suppress(PKCS11Error):
        library.finalize()
    library.initialize()


def set_flag(tokens: SoftTokens, flag: TokenFlag) -> None:
    """Write a flag of the PIN's state into every token of the store: SoftHSM2 itself locks no PIN."""
    for file in tokens.folder.glob("tokens/*/token.object"):
        content = file.read_bytes()
        at = content.index(_FLAGS) + len(_FLAGS)
        flags = int.from_bytes(content[at : at + 8]) | flag
        file.write_bytes(content[:at] + flags.to_bytes(8) + content[at + 8 :])
