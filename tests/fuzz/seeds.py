"""What the fuzzer starts from: what real cards said, as each target takes it.

From nothing it would hardly get past SELECT.
"""

from pathlib import Path
from typing import Final

from tests.card_bridge.talking import Heard, heard

_NO_PIN_TRIES: Final = bytes.fromhex("6A88")
_PIN_RIGHT: Final = bytes.fromhex("9000")


def plant(folder: Path, target: str) -> None:
    """Write the seeds of one target as files."""
    for number, seed in enumerate(_SEEDS.get(target, list)()):
        (folder / f"{target}-{number}").write_bytes(seed)


def _objects() -> list[bytes]:
    return [answer[:-2] for vector in heard() for answer in _answers(vector)]


def _conversations() -> list[bytes]:
    return [_conversation(vector) for vector in heard()]


def _conversation(vector: Heard) -> bytes:
    """The answers in the order they were given, and between records and code those to the PIN's two commands."""
    answers = _answers(vector)
    records = [number for number, answer in enumerate(answers) if answer[0] == 0x70]
    said = [*answers[: records[-1] + 1], _NO_PIN_TRIES, _PIN_RIGHT, *answers[records[-1] + 1 :]]
    return b"\x00" + b"".join(bytes([len(answer)]) + answer for answer in said)


def _answers(vector: Heard) -> list[bytes]:
    return [bytes.fromhex(said) for asked, said in vector.transcript.items() if asked != "atr"]


_SEEDS: Final = {"tlv": _objects, "apdu": _conversations}
