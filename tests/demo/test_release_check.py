"""The core believes nothing but what it checked."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from approvals.keys.keyring import Keyring
from approvals.keys.release_signer import ReleaseSigner, make_release_key
from approvals.model.json import Facts
from deploy.demo.places import AUDIENCE, ENVIRONMENT, ISSUER
from deploy.demo.release_check import Impossible, Trust, Untrusted, check, pin
from server.clock import SystemClock

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  # the example secret of standardwebhooks.com
KEYRING = Keyring({1: bytes(32)})
DIGEST = hashlib.sha256(b"the file").hexdigest()
CLAIMS: Facts = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "env": ENVIRONMENT,
    "jti": "rel_1",
    "action": "act_1",
    "payload_sha256": DIGEST,
    "payment_information_ids": ["A"],
    "approvals": [{"user": "usr_1", "means": "cap", "at": 1}],
}


def new_signer() -> ReleaseSigner:
    return ReleaseSigner(KEYRING, [make_release_key(KEYRING, datetime(2026, 11, 23, tzinfo=UTC))])


SIGNER = new_signer()
TRUST = Trust(secret=SECRET, keys=pin(SIGNER.published_keys()))


def body_of(claims: Facts, signer: ReleaseSigner = SIGNER) -> bytes:
    content = {"release": "rel_1", "action": "act_1", "token": signer.sign(claims)}
    return json.dumps({"type": "action.approved", "data": content}).encode()


def headers_of(body: bytes, *, secret: str = SECRET, at: datetime | None = None) -> Mapping[str, str]:
    now = at or SystemClock().now()
    return {
        "Webhook-Id": "rel_1",
        "Webhook-Timestamp": str(int(now.timestamp())),
        "Webhook-Signature": Webhook(secret).sign("rel_1", now, body.decode()),
    }


def test_a_genuine_release_of_a_file_it_sent_is_carried_out() -> None:
    body = body_of(CLAIMS)
    claims = check(headers_of(body), body, TRUST, {DIGEST})
    assert (claims.action, claims.payment_information_ids, claims.approvals[0].user) == ("act_1", ["A"], "usr_1")


def test_a_file_it_never_sent_is_a_definite_no() -> None:
    body = body_of(CLAIMS)
    with pytest.raises(Impossible, match="payload_unknown"):
        check(headers_of(body), body, TRUST, {hashlib.sha256(b"another").hexdigest()})


def test_a_stranger_who_holds_no_webhook_secret_is_not_heard() -> None:
    body = body_of(CLAIMS)
    with pytest.raises(Untrusted, match="webhook"):
        check(headers_of(body, secret=f"whsec_{'A' * 32}"), body, TRUST, {DIGEST})


def test_a_webhook_replayed_an_hour_later_is_not_heard() -> None:
    body = body_of(CLAIMS)
    late = SystemClock().now() - timedelta(hours=1)
    with pytest.raises(Untrusted, match="webhook"):
        check(headers_of(body, at=late), body, TRUST, {DIGEST})


def test_who_holds_the_webhook_secret_alone_cannot_make_a_token() -> None:
    body = body_of(CLAIMS, new_signer())
    with pytest.raises(Untrusted, match="never pinned"):
        check(headers_of(body), body, TRUST, {DIGEST})


@pytest.mark.parametrize(
    "changed",
    [{"iss": "other"}, {"aud": "other"}, {"env": "production"}, {"jti": "rel_2"}, {"action": "act_2"}],
)
def test_a_token_made_for_something_else_is_not_taken(changed: Facts) -> None:
    body = body_of({**CLAIMS, **changed})
    with pytest.raises(Untrusted):
        check(headers_of(body), body, TRUST, {DIGEST})


def test_a_key_that_is_not_the_one_its_id_names_is_not_pinned() -> None:
    (mine,) = json.loads(SIGNER.published_keys())["keys"]
    (other,) = json.loads(new_signer().published_keys())["keys"]
    with pytest.raises(Untrusted, match="not the one"):
        pin(json.dumps({"keys": [{**other, "kid": mine["kid"]}]}).encode())
