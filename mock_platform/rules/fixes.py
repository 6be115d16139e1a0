"""What to do about each broken rule, read from `fixes.toml`: rule id -> one or two sentences."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any


def _rows(table: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        inside = f"{path}.{name}".removeprefix(".")
        if isinstance(value, dict):
            yield from _rows(value, inside)
        else:
            yield inside, value


_TEXT = resources.files("mock_platform").joinpath("rules/fixes.toml").read_text("utf-8")
FIXES: dict[str, str] = dict(_rows(tomllib.loads(_TEXT), ""))
