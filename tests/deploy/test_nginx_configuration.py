"""What deploy/nginx.conf must not say, whoever edits it."""

import re

from tests.deploy.proxy import CONFIGURATION


def test_a_clients_own_words_are_never_passed_on_as_addresses() -> None:
    text = re.sub(r"#.*", "", CONFIGURATION.read_text("utf-8"))
    assert re.findall(r"X-Forwarded-For (\S+);", text) == ["$remote_addr"]
    inside = [place.partition("}")[0] for place in text.split("location ")[1:]]
    assert inside
    assert not [place for place in inside if "proxy_set_header" in place], "it would lose the others"
