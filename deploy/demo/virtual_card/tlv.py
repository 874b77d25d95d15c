"""Writes BER-TLV as the chip sends it (EMV book 3, annex B). The chip reads none."""


def tlv(tag: int, *values: bytes) -> bytes:
    """One object: its values joined. Templates are objects of objects."""
    value = b"".join(values)
    return _bytes_of(tag) + _length(len(value)) + value


def _length(length: int) -> bytes:
    return bytes([length]) if length < 0x80 else bytes([0x81, length])


def _bytes_of(tag: int) -> bytes:
    return tag.to_bytes(2 if tag > 0xFF else 1)
