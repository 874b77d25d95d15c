"""Which server the bridge speaks to, against real TLS."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typing_extensions import override

from card_bridge.link.pinning import Pin, require_address
from card_bridge.link.refusals import AddressUnsafe, ServerChanged, ServerGone, ServerRefused
from card_bridge.link.server import Nothing, Server
from tests.certificates import make_certificate


@dataclass
class Answering:
    """What the server answers, and what it was asked."""

    status: int = 200
    body: bytes = b"{}"
    location: str | None = None
    asked: list[str] = field(default_factory=list)
    address: str = ""
    authority: str = ""


@contextmanager
def answering(folder: Path) -> Iterator[Answering]:
    """A server of 127.0.0.1 with a certificate of its own making."""
    told = Answering()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            told.asked.append(self.path)
            self.send_response(told.status)
            if told.location:
                self.send_header("Location", told.location)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body)

        @override
        def log_message(self, *_said: object) -> None:
            """Tests log elsewhere."""

    folder.mkdir()
    certificate = make_certificate(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, folder / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.address, told.authority = f"https://127.0.0.1:{server.server_port}", certificate.read_text()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Answering]:
    with answering(tmp_path / "bank") as server:
        yield server


def ask(server: Answering, pin: Pin) -> None:
    Server(server.address, pin).ask("GET", "/v1/handovers", Nothing)


def test_a_server_the_banks_authority_vouches_for_is_spoken_to(bank: Answering) -> None:
    ask(bank, Pin(authority=bank.authority))
    assert bank.asked == ["/v1/handovers"]


def test_a_server_nobody_vouches_for_hears_nothing(bank: Answering, tmp_path: Path) -> None:
    with answering(tmp_path / "other") as other:
        for pin in (Pin(), Pin(authority=other.authority)):
            with pytest.raises(ServerChanged):
                ask(bank, pin)
    assert bank.asked == []


def test_a_server_with_another_key_hears_nothing_whoever_vouches_for_it(bank: Answering, tmp_path: Path) -> None:
    with answering(tmp_path / "other") as other:
        theirs = Server(other.address, Pin(authority=other.authority)).key()
    ours = Server(bank.address, Pin(authority=bank.authority)).key()
    assert ours != theirs
    ask(bank, Pin(authority=bank.authority, key=ours))
    with pytest.raises(ServerChanged):
        ask(bank, Pin(authority=bank.authority, key=theirs))
    assert bank.asked == ["/v1/handovers"]


def test_a_redirect_is_not_followed(bank: Answering) -> None:
    bank.status, bank.location = 302, f"{bank.address}/elsewhere"
    with pytest.raises(ServerGone):
        ask(bank, Pin(authority=bank.authority))
    assert bank.asked == ["/v1/handovers"]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b"\xff"])
def test_what_is_no_problem_of_the_banks_is_a_server_gone(bank: Answering, body: bytes) -> None:
    bank.status, bank.body = 502, body
    with pytest.raises(ServerGone):
        ask(bank, Pin(authority=bank.authority))


@pytest.mark.parametrize(
    ("status", "code", "is_passing"),
    [(409, "handover_closed", False), (409, "answer_in_progress", True), (503, "store_unavailable", True)],
)
def test_the_banks_no_says_whether_it_may_pass(bank: Answering, status: int, code: str, *, is_passing: bool) -> None:
    bank.status, bank.body = status, b'{"code": "%s", "detail": "non"}' % code.encode()
    with pytest.raises(ServerRefused) as refused:
        ask(bank, Pin(authority=bank.authority))
    assert (refused.value.code_told, refused.value.is_passing) == (code, is_passing)


def test_nobody_there_is_a_server_gone() -> None:
    with pytest.raises(ServerGone):
        Server("http://127.0.0.1:9", Pin()).ask("GET", "/", Nothing)


@pytest.mark.parametrize("address", ["https://bank.test", "https://bank.test:8443/", "http://127.0.0.1:8080"])
def test_an_address_is_https_or_this_machine(address: str) -> None:
    assert require_address(address) == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        "http://bank.test",
        "bank.test",
        "https://",
        "https://bank.test/path",
        "https://x@bank.test",
        "ftp://bank.test",
        "https://bank.test?x=1",
        "http://127.0.0.1.bank.test",
    ],
)
def test_any_other_address_is_refused(address: str) -> None:
    with pytest.raises(AddressUnsafe):
        require_address(address)
