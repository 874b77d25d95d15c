"""QR codes (ISO/IEC 18004) as SVG, to be put into a page as it is."""

import io
from typing import Final

import segno

_SCALE: Final = 6  # pixels a module: read from a screen at arm's length


def qr_code(text: str) -> str:
    """Return the SVG element; error correction M suffers a glare."""
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="svg", scale=_SCALE, xmldecl=False)
    return drawn.getvalue().decode()
