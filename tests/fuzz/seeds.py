"""What the fuzzer starts from: what real cards said and real keys signed, as each target takes it.

From nothing it would hardly get past SELECT, or past base64.
"""

from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import rsa

from approvals.certificates.signature import Algorithm, SignedType
from tests.card_bridge.talking import Heard, heard
from tests.certificate_keys import make_token_key

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


def _signatures() -> list[bytes]:
    """Texts of each algorithm and purpose, right over what the target awaits; then headers and certificates alone."""
    short = make_token_key()
    long = make_token_key(key=rsa.generate_private_key(public_exponent=65537, key_size=2048))
    keys = ((short, Algorithm.ES256), (long, Algorithm.PS256), (long, Algorithm.RS256))
    texts = [key.jws(purpose, b"{}", algorithm).encode() for key, algorithm in keys for purpose in SignedType]
    headers = [urlsafe_b64decode(text.partition(b"..")[0] + b"==") for text in texts]
    return [*texts, *headers, short.certificate, long.certificate]


_SEEDS: Final = {"tlv": _objects, "apdu": _conversations, "jws": _signatures}
