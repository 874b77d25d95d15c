import pytest

from approvals.credentials.push_target import digest_of_target, read_target, require_target, write_target
from approvals.credentials.refusals import PushTargetRefused
from approvals.model.push import FcmTarget, PushTarget, WebPushTarget
from tests.push.service import new_browser

HOSTS = ("updates.push.test", "*.browser.test")
BROWSER = new_browser()


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://updates.push.test/wpush/v2/gAAAAA",
        "https://updates.push.test:443/x",
        "https://web.browser.test/x",
        "https://a.b.browser.test/x?y=z",
    ],
)
def test_an_address_at_a_known_push_service_is_taken(endpoint: str) -> None:
    require_target(BROWSER.target(endpoint), HOSTS)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://updates.push.test/x",
        "https://updates.push.test:8443/x",
        "https://updates.push.test:0/x",
        "https://updates.push.test.evil.test/x",
        "https://evilbrowser.test/x",
        "https://browser.test/x",
        "https://localhost/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/x",
        "https://2130706433/x",
        "https://user:pass@updates.push.test/x",
        "https://evil.test\\@updates.push.test/x",
        "https://evil.test#@updates.push.test/x",
        "https://updates.push.test/x y",
        "https://updates.push.test/\u202ex",
        "https://updates.push.test/x\n",
        "https://[updates.push.test/x",
        "file:///etc/passwd",
        "//updates.push.test/x",
        "",
    ],
)
def test_an_address_anywhere_else_is_refused(endpoint: str) -> None:
    with pytest.raises(PushTargetRefused) as refused:
        require_target(BROWSER.target(endpoint), HOSTS)
    assert refused.value.field == "endpoint"


def test_this_machine_is_a_push_service_only_where_the_settings_name_it() -> None:
    target = BROWSER.target("http://127.0.0.1:9000/push")
    with pytest.raises(PushTargetRefused):
        require_target(target, HOSTS)
    require_target(target, ("127.0.0.1",))


@pytest.mark.parametrize(
    "point",
    [b"", b"\x04" + bytes(64), b"\x02" + bytes(32), BROWSER.target("x").p256dh + b"\0"],
    ids=["empty", "not on the curve", "compressed", "a byte more"],
)
def test_keys_nothing_can_be_encrypted_to_are_refused(point: bytes) -> None:
    target = WebPushTarget(endpoint="https://updates.push.test/x", p256dh=point, auth=bytes(16))
    with pytest.raises(PushTargetRefused) as refused:
        require_target(target, HOSTS)
    assert refused.value.field == "keys.p256dh"


def test_a_secret_of_another_length_is_refused() -> None:
    point = BROWSER.target("x").p256dh
    with pytest.raises(PushTargetRefused) as refused:
        require_target(WebPushTarget(endpoint="https://updates.push.test/x", p256dh=point, auth=b"short"), HOSTS)
    assert refused.value.field == "keys.auth"


@pytest.mark.parametrize("target", [FcmTarget(registration="abc:123"), BROWSER.target("https://updates.push.test/x")])
def test_a_target_is_read_as_it_was_written(target: PushTarget) -> None:
    assert read_target(write_target(target)) == target
    assert repr(target).count("updates") == repr(target).count("abc") == 0


def test_two_targets_are_told_apart() -> None:
    one, other = FcmTarget(registration="one"), FcmTarget(registration="other")
    assert digest_of_target(one) == digest_of_target(FcmTarget(registration="one")) != digest_of_target(other)
