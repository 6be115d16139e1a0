"""What a test expects of the journal, and how far the journal is from it.

Pure: the events are handed in as the admin API shows them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from mock_platform.closed_values import misspelt, misspelt_rule, names_rule

Event = Mapping[str, Any]
NEAR_MISSES = 3
_ABSENT = object()
_MEMBERS = frozenset({"name", "where", "count", "at_least", "at_most", "payload", "findings"})
_WHERE = (
    "platform", "api", "dataset", "source", "event_name", "event_id", "order_id", "verdict",
    "dedup_rule", "test_event_code", "value", "currency", "current_value", "current_currency",
)  # fmt: skip


class ExpectationError(ValueError):
    """An expectation that cannot be read; the message names the member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """How many events there are with these members, this payload and these findings.

    Attributes:
        name: what the report calls it.
        where: members of the event as the admin API shows it.
        payload: dotted places of the payload and what stands there; `contents[0].id` is one.
        findings: patterns of rules, each of which must be found; () for none at all, None for
            whatever is found.
        at_least: the lowest number of events.
        at_most: the highest, None for any.
    """

    name: str
    where: Mapping[str, Any] = field(default_factory=dict)
    payload: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[str, ...] | None = None
    at_least: int = 1
    at_most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where an event is not as expected."""

    path: str
    expected: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected!r}, found {self.found!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """An event that is almost as expected."""

    event: int
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one expectation."""

    expectation: Expectation
    matched: Sequence[int]
    near_misses: Sequence[NearMiss] = ()

    @property
    def passed(self) -> bool:
        """Whether the number of events is as expected."""
        most = self.expectation.at_most
        return self.expectation.at_least <= len(self.matched) and (
            most is None or len(self.matched) <= most
        )


def read_expectation(document: object, index: int) -> Expectation:
    """The expectation a JSON object describes.

    Raises:
        ExpectationError: for an unknown member or an unusable value.
    """
    at = f"expectations[{index}]"
    if not isinstance(document, Mapping):
        raise ExpectationError(f"{at}: expected an object")
    _known(at, document, _MEMBERS)
    where, payload = (_object(f"{at}.{name}", document.get(name)) for name in ("where", "payload"))
    _known(f"{at}.where", where, frozenset(_WHERE))
    for name, value in where.items():
        _spelt(f"{at}.where.{name}", misspelt(name, value))
    at_least, at_most = _bounds(at, document)
    return Expectation(
        name=str(document.get("name") or _described(where)),
        where=where,
        payload=payload,
        findings=_patterns(f"{at}.findings", document.get("findings")),
        at_least=at_least,
        at_most=at_most,
    )


def _known(at: str, given: Mapping[str, Any], known: frozenset[str]) -> None:
    unknown = given.keys() - known
    if unknown:
        raise ExpectationError(
            f"{at}: unknown member {min(unknown)!r}: use {', '.join(sorted(known))}"
        )


def _spelt(at: str, problem: str | None) -> None:
    if problem is not None:
        raise ExpectationError(f"{at}: {problem}")


def _object(at: str, value: object) -> Mapping[str, Any]:
    if value is not None and not isinstance(value, Mapping):
        raise ExpectationError(f"{at}: expected an object")
    return value or {}


def _bounds(at: str, document: Mapping[str, Any]) -> tuple[int, int | None]:
    for name in ("count", "at_least", "at_most"):
        value = document.get(name)
        if value is not None and (type(value) is not int or value < 0):
            raise ExpectationError(f"{at}.{name}: expected a whole number of 0 or more")
    if document.get("count") is not None:
        return document["count"], document["count"]
    at_most = document.get("at_most")
    at_least = document.get("at_least")
    if at_least is None:
        at_least = 1 if at_most is None else 0
    return at_least, at_most


def _patterns(at: str, value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    listed: list[Any] = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) for each in listed):
        raise ExpectationError(f"{at}: expected a list of rules")
    for each in listed:
        _spelt(at, misspelt_rule(each))
    return tuple(listed)


def _described(where: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in where.items()) or "any event"


def judge(expectation: Expectation, events: Sequence[Event]) -> Result:
    """Compare the journal's events with one expectation."""
    differing = [(event, list(_differences(expectation, event))) for event in events]
    matched = [event["id"] for event, differences in differing if not differences]
    misses = sorted(
        ((event, found) for event, found in differing if found), key=lambda miss: _distance(*miss)
    )
    near = tuple(
        NearMiss(event=event["id"], differences=found) for event, found in misses[:NEAR_MISSES]
    )
    result = Result(expectation=expectation, matched=matched)
    short = len(matched) < expectation.at_least
    return Result(expectation=expectation, matched=matched, near_misses=near) if short else result


def _distance(event: Event, differences: Sequence[Difference]) -> tuple[int, bool, int]:
    """Nearest: the fewest differences, the same order or event, the latest."""
    other = any(each.path in ("order_id", "event_id") for each in differences)
    return len(differences), other, -event["id"]


def _differences(expectation: Expectation, event: Event) -> Iterator[Difference]:
    for name, expected in expectation.where.items():
        if not _fits(event.get(name), expected):
            yield Difference(path=name, expected=expected, found=event.get(name))
    for path, expected in expectation.payload.items():
        found = place(event["payload"], path)
        if found is _ABSENT or not _fits(found, expected):
            told = "nothing" if found is _ABSENT else found
            yield Difference(path=f"payload.{path}", expected=expected, found=told)
    rules = [each["rule"] for each in event["findings"]]
    if expectation.findings is not None and not _found(expectation.findings, rules):
        yield Difference(path="findings", expected=list(expectation.findings), found=rules)


def _fits(found: object, expected: object) -> bool:
    """Equal; a text with `*` is a pattern."""
    if isinstance(expected, str) and "*" in expected and isinstance(found, str):
        return fnmatchcase(found, expected.replace("[", "[[]").replace("?", "[?]"))
    return found == expected


def _found(patterns: tuple[str, ...], rules: Sequence[str]) -> bool:
    if not patterns:
        return not rules
    return all(any(names_rule(pattern, rule) for rule in rules) for pattern in patterns)


def place(value: Any, path: str) -> Any:
    """What stands at a dotted place such as `user_data.em[0]`; a mark of its own for nothing."""
    for part in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, Mapping) and part in value:
            value = value[part]
        else:
            return _ABSENT
    return value
