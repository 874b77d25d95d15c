"""What deploy/nginx.conf and nginx-mtls.conf must not say, whoever edits them."""

import re

import pytest

from tests.deploy.nginx_reading import Place, places, read
from tests.deploy.proxy import CONFIGURATION, MTLS

HEADER = "X-Client-Certificate"
PROVED = "$ssl_client_escaped_cert"
ORDINARY_TEXT, MTLS_TEXT = CONFIGURATION.read_text("utf-8"), MTLS.read_text("utf-8")


def faults(text: str) -> list[str]:
    """Name the places that pass on a certificate's header as it came, or one that no handshake proved."""
    return [place.name for place in places(read(text)) if not _is_safe(place)]


def _is_safe(place: Place) -> bool:
    values = place.values(HEADER)
    if place.server.named("ssl_verify_client") == [("on",)] and place.server.named("ssl_client_certificate"):
        return values == [PROVED]
    return values == [""]


def test_a_clients_own_words_are_never_passed_on_as_addresses() -> None:
    for text in (ORDINARY_TEXT, MTLS_TEXT):
        found = list(places(read(text)))
        assert found
        assert {tuple(place.values("X-Forwarded-For")) for place in found} == {("$remote_addr",)}


def test_no_place_passes_on_a_certificate_that_no_handshake_proved() -> None:
    assert len(list(places(read(ORDINARY_TEXT)))) == ORDINARY_TEXT.count("proxy_pass")
    assert [place.values(HEADER) for place in places(read(MTLS_TEXT))] == [[PROVED]]
    assert faults(ORDINARY_TEXT) == faults(MTLS_TEXT) == []


@pytest.mark.parametrize(
    "broken",
    [
        re.sub(rf".*{HEADER}.*\n", "", ORDINARY_TEXT),
        ORDINARY_TEXT.replace(f'{HEADER} ""', f"{HEADER} {PROVED}"),
        ORDINARY_TEXT.replace(
            "location / {\n            proxy_pass", "location / {\n proxy_set_header A b; proxy_pass"
        ),
        ORDINARY_TEXT.replace("location = /v1/stream {", 'location = /v1/stream { proxy_set_header Host "x";'),
        re.sub(rf".*{HEADER}.*\n", "", MTLS_TEXT),
        MTLS_TEXT.replace(
            "location = ", "location /more { proxy_set_header A b; proxy_pass http://nodes; } location = "
        ),
        MTLS_TEXT.replace("ssl_verify_client on", "ssl_verify_client optional"),
        MTLS_TEXT.replace("ssl_verify_client on", "ssl_verify_client optional_no_ca"),
        MTLS_TEXT.replace("ssl_client_certificate tls/authorities.pem;", ""),
    ],
)
def test_a_place_that_lacks_the_line_is_found(broken: str) -> None:
    assert broken not in (ORDINARY_TEXT, MTLS_TEXT)
    assert faults(broken)
