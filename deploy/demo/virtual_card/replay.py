"""A chip that says again what another was heard to say: the transcripts of public vectors, byte for byte."""

from collections.abc import Mapping
from typing import Final

_OK: Final = bytes.fromhex("9000")
_NO_SUCH_DATA: Final = bytes.fromhex("6A88")
_NOT_FOUND: Final = bytes.fromhex("6A82")
_VERIFY, _GET_DATA = 0x20, 0xCA


class Replay:
    """`transcript` is command to answer, both in hexadecimal. Its PIN, which no transcript holds, is any."""

    def __init__(self, transcript: Mapping[str, str]) -> None:
        self._answers = {
            bytes.fromhex(asked): bytes.fromhex(said) for asked, said in transcript.items() if asked != "atr"
        }
        self.heard: list[bytes] = []

    def reset(self) -> None:
        """Nothing is remembered, so nothing is forgotten."""

    def answer(self, command: bytes) -> bytes:
        if command[1] == _VERIFY:
            return _OK
        self.heard.append(command)
        return self._answers.get(command, _NO_SUCH_DATA if command[1] == _GET_DATA else _NOT_FOUND)
