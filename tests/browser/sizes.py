"""The screens people use: how large, touched or clicked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """CSS pixels at scale 1, so that pictures stay small."""

    width: int
    height: int
    touch: bool


PHONE = Size(width=390, height=844, touch=True)
SMALL = Size(width=320, height=640, touch=True)
TABLET = Size(width=1180, height=820, touch=True)
DESKTOP = Size(width=1366, height=850, touch=False)
