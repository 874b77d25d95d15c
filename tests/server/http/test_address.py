import pytest

from server.http.address import Proxies

INSIDE = Proxies(["10.0.0.0/8", "2001:db8::1"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["203.0.113.9"], "192.0.2.1"),  # nobody trusted said it
        ("10.1.2.3", ["203.0.113.9"], "203.0.113.9"),
        ("10.1.2.3", ["198.51.100.7, 203.0.113.9"], "203.0.113.9"),  # the left part may be the caller's own lie
        ("10.1.2.3", ["198.51.100.7", "203.0.113.9"], "203.0.113.9"),
        ("10.1.2.3", ["203.0.113.9, 10.9.9.9"], "203.0.113.9"),  # through two of ours
        ("10.1.2.3", [], "10.1.2.3"),
        ("10.1.2.3", ["10.9.9.9"], "10.9.9.9"),
        ("10.1.2.3", ["nonsense"], "unknown"),
        ("2001:db8::1", ["2001:db8:ffff::7"], "2001:db8:ffff::7"),
        ("::ffff:10.1.2.3", ["203.0.113.9"], "203.0.113.9"),
        ("fe80::1%eth0", [], "fe80::1"),
        (None, [], "unknown"),
    ],
)
def test_the_caller_is_the_nearest_address_nobody_vouches_for(
    peer: str | None, forwarded: list[str], address: str
) -> None:
    assert INSIDE.address(peer, forwarded) == address


def test_a_proxy_that_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        Proxies(["nonsense"])
