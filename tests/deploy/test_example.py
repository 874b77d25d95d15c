"""deploy/example.toml names every setting there is: set as a bank would, or written out with its default."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from server.settings import Settings, load
from server.settings_check import check

EXAMPLE = Path(__file__).parents[2] / "deploy" / "example.toml"


def uncommented() -> Mapping[str, Mapping[str, object]]:
    """The file with its settings that are commented out, taken in."""
    text = re.sub(r"^# (?=[a-z_0-9]+ = |\[[a-z]+\]$)", "", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE)
    return tomllib.loads(text)


def defaults() -> Mapping[str, Mapping[str, object]]:
    return msgspec.convert(msgspec.to_builtins(Settings()), dict[str, dict[str, object]])


def test_every_setting_stands_in_the_example_and_no_other() -> None:
    written = {(section, key) for section, values in uncommented().items() for key in values}
    assert written == {(section, key) for section, values in defaults().items() for key in values}


def test_what_is_commented_out_shows_its_default_where_it_has_one() -> None:
    chosen = tomllib.loads(EXAMPLE.read_text("utf-8"))
    for section, values in defaults().items():
        for key, default in values.items():
            if key not in chosen.get(section, {}) and default not in (None, []):
                assert uncommented()[section][key] == default, (section, key)


def test_the_example_is_sound_as_it_stands() -> None:
    assert check(load(EXAMPLE, {})) == []
