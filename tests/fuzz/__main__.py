"""Feeds one target with bytes for a while; a crash leaves its bytes in var/fuzz and ends with exit code 1.

    python -m tests.fuzz tlv -max_total_time=60

What follows the target's name is given to atheris (libFuzzer) as it is.
"""

import sys
from pathlib import Path
from typing import Final

import atheris

with atheris.instrument_imports(include=["approvals", "card_bridge"]):
    from tests.fuzz.seeds import plant
    from tests.fuzz.targets import TARGETS

_FOUND: Final = Path(__file__).parents[2] / "var" / "fuzz"
"""Inputs that reached something new, kept from run to run; and those that crash."""
_USAGE: Final = f"python -m tests.fuzz {{{','.join(TARGETS)}}} [-max_total_time=60 …]\n"


def main() -> int:
    """Run until libFuzzer ends the process; only a wrong line comes back."""
    if sys.argv[1:] == ["--list"]:
        sys.stdout.write("\n".join(TARGETS) + "\n")
        return 0
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.stderr.write(_USAGE)
        return 2
    found = _FOUND / sys.argv[1]
    found.mkdir(parents=True, exist_ok=True)
    plant(found, sys.argv[1])
    line = [sys.argv[0], "-error_exitcode=1", f"-artifact_prefix={_FOUND}/", *sys.argv[2:], str(found)]
    atheris.Setup(line, TARGETS[sys.argv[1]])
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
