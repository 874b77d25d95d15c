"""Why a connection is closed, in the codes of RFC 6455 section 7.4 and our own.

A device that does not know a code goes by its range: 40xx it does not come back by itself, 41xx it backs off, 42xx it
comes back after the delay it was given (CHANNELS).
"""

from enum import IntEnum


class CloseCode(IntEnum):
    """One a reason. Over 16 KiB a frame is closed by the socket itself, with 1009."""

    GOODBYE = 1000
    GOING_AWAY = 1001
    BAD_PROTOCOL = 4000
    NOT_AUTHENTICATED = 4001
    REVOKED = 4002
    VERSION = 4003
    REPLACED = 4004
    INTERNAL = 4100
    TOKEN_EXPIRED = 4101
    HELLO_TOO_LATE = 4102
    TOO_MANY_FRAMES = 4103
    NO_PONG = 4107
    TOO_SLOW = 4108
    OVERLOADED = 4109
    DRAINING = 4200
