"""What tests measured, as figures: a budget is held against them, and the run's end tells them, kept or broken.

Loaded by the root conftest.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from typing_extensions import override


@dataclass(frozen=True, slots=True)
class Times:
    """How long each of some like things took, in milliseconds; all of them count."""

    taken: Sequence[float]

    def within(self, percent: int) -> float:
        """The time that so many percent of them took at most, by nearest rank: of 100, the 95th is 95 percent's."""
        return sorted(self.taken)[math.ceil(len(self.taken) * percent / 100) - 1]

    @override
    def __str__(self) -> str:
        p50, p95, longest = (self.within(percent) for percent in (50, 95, 100))
        return f"{len(self.taken)} times, p50 {p50:.0f} ms, p95 {p95:.0f} ms, max {longest:.0f} ms"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what tests gave to `record_property`, as text: it comes from another process."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    for name, value in [told for report in reports if report.when == "call" for told in report.user_properties]:
        terminalreporter.write_line(f"{name}: {value}")
