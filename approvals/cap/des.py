"""Triple DES as EMV uses it: one block, and the MAC that every cryptogram is.

Which key and which data go in is `keys` and `cryptogram`'s. DES is what the cards in people's hands compute;
nothing of ours is protected by it.
"""

from enum import IntEnum
from typing import Final

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

BLOCK: Final = 8
KEY_LENGTH: Final = 16


class Padding(IntEnum):
    """ISO/IEC 9797-1 padding: 1 adds zero bytes where needed, 2 always adds 80 and then zeros."""

    ZEROS = 1
    BIT = 2


def encrypt_block(key: bytes, block: bytes) -> bytes:
    """Encrypt one 8-byte block with a double-length key, used as K1 ‖ K2 ‖ K1."""
    return _encrypt_chain(key + key[:BLOCK], block)


def retail_mac(key: bytes, message: bytes, padding: Padding) -> bytes:
    """The 8-byte MAC of ISO/IEC 9797-1 algorithm 3: single DES but for the last block, which is triple."""
    padded = pad(message, padding)
    chained = _encrypt_chain(key[:BLOCK] * 3, padded[:-BLOCK])[-BLOCK:] or bytes(BLOCK)
    return encrypt_block(key, xor(chained, padded[-BLOCK:]))


def xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def pad(message: bytes, padding: Padding) -> bytes:
    """Fill the message to whole blocks, at least one."""
    marked = message + b"\x80" if padding is Padding.BIT else message
    return marked + bytes(-len(marked) % BLOCK) if marked else bytes(BLOCK)


def _encrypt_chain(key: bytes, blocks: bytes) -> bytes:
    """CBC from a zero vector under a 24-byte key; on a single block this is plain encryption."""
    return Cipher(TripleDES(key), modes.CBC(bytes(BLOCK))).encryptor().update(blocks)
