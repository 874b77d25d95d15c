"""docs/settings.md is made from the structs; `python -m tests.server.test_settings_page` writes it again."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import msgspec
from msgspec import NODEFAULT, Meta

from server.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"

HEAD = """# Settings

From a TOML file (`contreseing.toml` in the working directory, `--config FILE`, or `CONTRESEING_CONFIG`), then from the
environment, which wins: `CONTRESEING_SECTION__KEY`, for example `CONTRESEING_SERVER__PORT=9000`. Texts are written as
they are, anything else as TOML has it (`true`, `["10.0.0.0/8"]`). A key nobody knows is refused with its path.
`contreseing check-config` says what is wrong before `serve` does.

`serve` refuses an address others reach without TLS or named trusted proxies.
"""


def page() -> str:
    return HEAD + "".join(section(field) for field in msgspec.structs.fields(Settings))


def section(field: msgspec.structs.FieldInfo) -> str:
    rows = "".join(rows_of(field.type))
    return f"\n## `[{field.name}]`\n\n{told(field.type)}\n\n| key | default | meaning |\n|---|---|---|\n{rows}"


def rows_of(struct: type[msgspec.Struct]) -> Iterator[str]:
    for field in msgspec.structs.fields(struct):
        (meta,) = [each for each in get_args(field.type) if isinstance(each, Meta)]
        assert field.default is not NODEFAULT
        yield f"| `{field.name}` | {shown(field.default)} | {meta.description}{bounds(meta)} |\n"


def bounds(meta: Meta) -> str:
    return f" From {meta.ge} to {meta.le}." if meta.ge is not None else ""


def shown(default: object) -> str:
    return "none" if default is None or default == () else f"`{msgspec.json.encode(default).decode()}`"


def told(struct: type[msgspec.Struct]) -> str:
    return (struct.__doc__ or "").strip()


def test_the_settings_page_says_what_the_settings_are() -> None:
    assert PAGE.read_text("utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
