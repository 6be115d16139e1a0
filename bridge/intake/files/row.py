"""What a file of orders gives: one row after another, each read or refused by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An order as the file has it, in the contract's members; `line` is where it begins."""

    line: int
    members: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that cannot be used: where, which field, and what to do. Never the value."""

    line: int
    field: str
    message: str


Read = Row | BadRow
