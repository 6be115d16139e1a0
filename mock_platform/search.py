"""The search of the journal: `order:123 verdict:rejected rule:hash.*` as a condition in SQL.

Words beside each other must all fit. `name:value` asks one member, a word alone the ids; `*` stands
for any text, a comma for "or", and a minus in front for "not".
"""

import re
from collections.abc import Callable, Mapping

from mock_platform.closed_values import misspelt, misspelt_rule

# What is written -> the column asked.
COLUMNS: Mapping[str, str] = {
    "order": "order_id",
    "event": "event_id",
    "name": "event_name",
    "verdict": "verdict",
    "platform": "platform",
    "api": "api",
    "dataset": "dataset",
    "source": "source",
    "test": "test_event_code",
    "request": "request_id",
    "id": "id",
    "repeats": "duplicate_of",
    "currency": "currency",
}
_WORD = re.compile(r'(-?)(?:([A-Za-z_]+):("[^"]*"|\S*)|("[^"]*"|\S+))')
_IN_FINDINGS = """EXISTS (SELECT 1 FROM json_each(CAST(findings AS TEXT))
  WHERE json_extract(value, '$.{member}') GLOB ?)"""
_HOLDERS = ("path", "CAST(request_body AS TEXT)", "CAST(response_body AS TEXT)")
Condition = tuple[str, list[object]]


class SearchError(ValueError):
    """A search that cannot be read; the message names the word."""


def parse_search(text: str) -> Condition:
    """The condition on `events`, and its parameters in order.

    Raises:
        SearchError: for a name nobody knows, and a value the name can never have.
    """
    conditions: list[str] = []
    parameters: list[object] = []
    for minus, name, value, alone in _WORD.findall(text):
        condition, given = _word(name, (value or alone).strip('"'))
        conditions.append(f"NOT coalesce({condition}, 0)" if minus else condition)
        parameters.extend(given)
    return " AND ".join(conditions) or "1", parameters


def requests_holding(text: str) -> Condition:
    """The condition on `requests`: each word stands in the path, the body or the answer.

    It finds what a fault kept from becoming an event.
    """
    words = text.split()
    conditions = [" OR ".join(f"instr({each}, ?)" for each in _HOLDERS)] * len(words)
    parameters: list[object] = [word for word in words for _ in _HOLDERS]
    return " AND ".join(f"({each})" for each in conditions) or "1", parameters


def _word(name: str, value: str) -> Condition:
    ask = _anywhere if not name else _ASKED.get(name)
    if ask is None:
        raise SearchError(f"q: unknown name {name!r}: use {', '.join(_ASKED)}")
    values = [each for each in value.split(",") if each]
    if not values:
        raise SearchError(f"q: {name}: a value is missing")
    for each in values:
        problem = misspelt_rule(each) if name == "rule" else misspelt(name, each)
        if problem is not None:
            raise SearchError(f"q: {name}: {problem}")
    asked = [ask(_pattern(each)) for each in values]
    condition = " OR ".join(condition for condition, _ in asked)
    return f"({condition})", [each for _, given in asked for each in given]


def _pattern(value: str) -> str:
    """Only `*` is special; what GLOB takes for more is meant as it stands."""
    return re.sub(r"[\[?]", lambda found: f"[{found[0]}]", value)


def _column(column: str) -> Callable[[str], Condition]:
    def ask(pattern: str) -> Condition:
        return f"{column} GLOB ?", [pattern]

    return ask


def _anywhere(pattern: str) -> Condition:
    wide = f"*{pattern.strip('*')}*"
    return "(order_id GLOB ? OR event_id GLOB ? OR event_name GLOB ?)", [wide, wide, wide]


def _rule(pattern: str) -> Condition:
    """By the whole id or by its end: `hash.*` means Meta's and Google's alike."""
    either = [pattern, f"*.{pattern}"]
    found = _IN_FINDINGS.format(member="rule")
    condition = f"(dedup_rule GLOB ? OR dedup_rule GLOB ? OR {found} OR {found})"
    return condition, [*either, *either]


def _finding(member: str) -> Callable[[str], Condition]:
    def ask(pattern: str) -> Condition:
        return _IN_FINDINGS.format(member=member), [pattern]

    return ask


_ASKED: Mapping[str, Callable[[str], Condition]] = {
    **{name: _column(column) for name, column in COLUMNS.items()},
    "rule": _rule,
    "severity": _finding("severity"),
    "field": _finding("path"),
}
NAMES = tuple(_ASKED)
