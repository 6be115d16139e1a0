"""docs/faults.md names a test for each fault, and each of these tests exists."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parents[1]
FAULTS = 22


@pytest.fixture
def page(read_page: Callable[[str], Any]) -> Any:
    return read_page("docs/faults.md")


def test_every_fault_has_a_test_that_exists(page: Any, spans: Callable[[str], list[str]]) -> None:
    sources = "\n".join(file.read_text() for file in TESTS.rglob("test_*.py"))
    defined = set(re.findall(r"def (test_\w+)\(", sources))
    rows = page.table("The table")
    assert [row[0] for row in rows] == [str(number) for number in range(1, FAULTS + 1)]
    for number, *_, tests in rows:
        named = spans(tests)
        assert named, f"row {number} names no test"
        assert set(named) <= defined, f"row {number}: {set(named) - defined} do not exist"
