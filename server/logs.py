"""The log: one JSON object a line on standard error, with the ids a line speaks of and nothing secret.

An exception is logged by its class and places, never by its text: a driver's message may quote what a caller sent.
"""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

from typing_extensions import override

REQUEST: Final[ContextVar[str | None]] = ContextVar("request", default=None)
"""The id of the HTTP request being served; every line logged meanwhile carries it."""

_OWN: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Writes time, level, logger, message, request id, the `extra` values, and where an exception came from."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        request = REQUEST.get()
        if request is not None:
            line["request"] = request
        line.update({name: value for name, value in record.__dict__.items() if name not in _OWN})
        if record.exc_info is not None and record.exc_info[1] is not None:
            line["exception"] = _places(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def start(level: str) -> None:
    """Send every log line to standard error, from this level (`info`, `warning`…) up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


def _places(error: BaseException) -> list[str]:
    """Return the exception's class and where it passed, its causes after it."""
    places: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        kind = f"{type(cause).__module__}.{type(cause).__qualname__}"
        frames = traceback.extract_tb(cause.__traceback__)
        places.append(" < ".join([kind, *(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))]))
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return places
