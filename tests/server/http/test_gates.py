import re

import pytest

from server.http.gates import API_KEY_SCHEME, LOGIN_SCHEME, bearer_token
from server.http.routes import Row
from server.http.tables import ROWS
from tests.house import Person
from tests.server.http.site import Site

GUARDED = [row for row in ROWS if row.schemes]


def name_of(row: Row) -> str:
    return f"{row.method} {row.path}"


@pytest.mark.parametrize("row", GUARDED, ids=name_of)
async def test_nobody_passes_without_a_token(site: Site, row: Row) -> None:
    answered = await site.nobody.call(row.method, re.sub(r"\{\w+\}", "some_id", row.path))
    assert (answered.status, answered.code) == (401, "not_authenticated")
    assert answered.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("row", [row for row in GUARDED if API_KEY_SCHEME not in row.schemes], ids=name_of)
async def test_an_api_key_passes_no_persons_gate(site: Site, row: Row) -> None:
    answered = await site.core.call(row.method, re.sub(r"\{\w+\}", "some_id", row.path))
    assert (answered.status, answered.code) == (401, "not_authenticated")


@pytest.mark.parametrize("row", [row for row in GUARDED if LOGIN_SCHEME not in row.schemes], ids=name_of)
async def test_a_person_passes_no_gate_of_the_cores(site: Site, people: tuple[Person, ...], row: Row) -> None:
    anne = await site.sign_in(people[0])
    answered = await anne.call(row.method, re.sub(r"\{\w+\}", "some_id", row.path))
    assert (answered.status, answered.code) == (401, "not_authenticated")


def test_only_these_are_open_to_anyone() -> None:
    assert {name_of(row) for row in ROWS if not row.schemes} == {
        "POST /v1/sessions",
        "POST /v1/sessions/certificate",  # the key's signature over our nonce is
        "POST /v1/sessions/certificate/nonces",
        "POST /v1/sessions/mtls",  # the certificate of the handshake is
        "POST /v1/advisers/sessions",
        "POST /v1/advisers/activation",
        "POST /v1/advisers/activation/confirmation",
        "POST /v1/activations",  # a letter's secret is what is shown
        "POST /v1/nonces",
        "POST /v1/enrolments/scans",  # the QR code's ticket is
        "POST /v1/enrolments/state",
        "POST /v1/pairings/codes",  # the pairing code is, and its tries are counted
        "POST /v1/confirmations",
        "POST /v1/widget/sessions",  # the host's token is
        "POST /v1/confirmations/completion",  # the secret given with the digits is
        "GET /v1/help",  # the same words for all
        "POST /v1/help/questions",
        "GET /v1/stream",  # who comes is asked on the open connection
        "GET /health/live",
        "GET /health/ready",
        "GET /.well-known/jwks.json",
        "GET /openapi.json",
        "GET /asyncapi.json",
        "GET /docs",
        "GET /docs/style.css",
    }


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer ctl_x", "ctl_x"),
        ("bearer  ctl_x ", "ctl_x"),
        ("Basic ctl_x", None),
        ("ctl_x", None),
        ("", None),
        (None, None),
        ("Bearer clé", None),
    ],
)
def test_a_token_is_read_from_a_bearer_header_alone(header: str | None, token: str | None) -> None:
    assert bearer_token(header) == token
