"""How T=0 and T=1 carry an answer (ISO 7816-3): T=0 keeps data (61xx) until it is fetched by its length (6Cxx)."""

from typing import Final, Protocol

T0_ATR: Final = bytes.fromhex("3B65000065046C9000")  # the French card's of the vectors
T1_ATR: Final = bytes.fromhex("3B800181")
_GET_RESPONSE: Final = 0xC0
_NOTHING_KEPT: Final = bytes.fromhex("6985")


class Answering(Protocol):
    """What stands behind a transport: whole commands in, data and status word out."""

    def reset(self) -> None: ...

    def answer(self, command: bytes) -> bytes: ...


class T0:
    """A chip that hands nothing over unasked."""

    atr = T0_ATR

    def __init__(self, behind: Answering) -> None:
        self._behind = behind
        self._kept = b""

    def reset(self) -> None:
        self._kept = b""
        self._behind.reset()

    def answer(self, command: bytes) -> bytes:
        if command[1:2] == bytes([_GET_RESPONSE]):
            return self._hand_over(command[4:5], self._kept) if self._kept else _NOTHING_KEPT
        self._kept = b""
        answer = self._behind.answer(command)
        if len(answer) == 2:
            return answer
        if len(command) == 5:  # no data was sent: it says how much it wants
            return self._hand_over(command[4:5], answer)
        self._kept = answer
        return bytes([0x61, (len(answer) - 2) % 0x100])

    def _hand_over(self, asked: bytes, answer: bytes) -> bytes:
        length = (len(answer) - 2) % 0x100
        if asked != bytes([length]):
            return bytes([0x6C, length])
        self._kept = b""
        return answer


class T1:
    """A chip whose answers come whole."""

    atr = T1_ATR

    def __init__(self, behind: Answering) -> None:
        self.reset = behind.reset
        self.answer = behind.answer
