import json
import logging
import sys

from server.logs import REQUEST, JsonLines


def line(message: str, *, error: BaseException | None = None, **extra: object) -> dict[str, object]:
    """One log line, read back."""
    record = logging.makeLogRecord({"msg": message, "levelno": logging.INFO, "levelname": "INFO", "name": "room"})
    record.exc_info = (type(error), error, error.__traceback__) if error is not None else None
    record.__dict__.update(extra)
    read: dict[str, object] = json.loads(JsonLines().format(record))
    return read


def test_a_line_is_one_json_object_with_its_ids() -> None:
    told = line("challenge closed", challenge="chl_1")
    assert {name: told[name] for name in ("level", "logger", "message", "challenge")} == {
        "level": "info",
        "logger": "room",
        "message": "challenge closed",
        "challenge": "chl_1",
    }
    assert str(told["time"]).endswith("+00:00")


def test_a_line_of_a_request_carries_its_id() -> None:
    token = REQUEST.set("req_1")
    try:
        assert line("anything")["request"] == "req_1"
    finally:
        REQUEST.reset(token)
    assert "request" not in line("anything")


def test_a_message_of_several_lines_stays_on_one() -> None:
    record = logging.makeLogRecord({"msg": "one\ntwo"})
    assert "\n" not in JsonLines().format(record)


def test_an_exception_tells_its_class_and_places_and_never_its_text() -> None:
    told = line("unexpected error", error=failure())
    places = told["exception"]
    assert isinstance(places, list)
    assert places[0].startswith("builtins.RuntimeError < fail:")
    assert places[1].startswith("builtins.ValueError < ")
    assert "what a caller" not in json.dumps(told)


def failure() -> BaseException:
    try:
        fail()
    except RuntimeError:
        error = sys.exc_info()[1]
        assert error is not None
        return error
    raise AssertionError


def fail() -> None:
    try:
        int("what a caller sent")
    except ValueError as error:
        raise RuntimeError("what a caller sent") from error
