"""Expectations and orders held against a journal: what passed, what is missing, twice, or extra."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from mock_platform.closed_values import PLATFORMS
from mock_platform.expectation import (
    Event,
    Expectation,
    ExpectationError,
    Result,
    judge,
    read_expectation,
)

_MEMBERS = frozenset({"expectations", "orders", "platforms"})
_NAMED = 20
_ARRIVED = frozenset({"counted", "processing"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Conservation:
    """At one platform: orders that never came, counted more than once, or that nobody placed."""

    platform: str
    orders: int
    missing: Sequence[str]
    twice: Sequence[str]
    extra: Sequence[str]

    @property
    def passed(self) -> bool:
        """Whether each order is there once, and no other is."""
        return not (self.missing or self.twice or self.extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Everything that was asked, and what came of it."""

    results: Sequence[Result]
    conservation: Sequence[Conservation]

    @property
    def passed(self) -> bool:
        """Whether all of it is as expected."""
        conserved = all(each.passed for each in self.conservation)
        return conserved and all(each.passed for each in self.results)

    def as_json(self) -> dict[str, Any]:
        """What `POST /_mock/verify` answers."""
        checks = [*map(_result, self.results), *map(_conserved, self.conservation)]
        return {"passed": self.passed, "checks": checks}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A document of expectations that was read."""

    expectations: Sequence[Expectation]
    orders: Sequence[str] | None
    platforms: Sequence[str]


def read_expectations(document: object) -> Asked:
    """Read `{"expectations": [...], "orders": [...], "platforms": [...]}`, or the list alone.

    Raises:
        ExpectationError: for an unknown member or an unusable value; the message names it.
    """
    members = {"expectations": document} if isinstance(document, list) else document
    if not isinstance(members, Mapping) or not members.keys() <= _MEMBERS:
        raise ExpectationError(f"expected an object of {', '.join(sorted(_MEMBERS))}")
    listed = {name: _list(name, members.get(name)) for name in _MEMBERS}
    platforms = listed["platforms"] or list(PLATFORMS)
    if not set(platforms) <= set(PLATFORMS):
        raise ExpectationError(f"platforms: expected some of {', '.join(PLATFORMS)}")
    return Asked(
        expectations=[
            read_expectation(each, index) for index, each in enumerate(listed["expectations"])
        ],
        orders=None if members.get("orders") is None else [*map(_order_id, listed["orders"])],
        platforms=platforms,
    )


def _list(name: str, value: object) -> list[Any]:
    if value is not None and not isinstance(value, list):
        raise ExpectationError(f"{name}: expected a list")
    return value or []


def _order_id(order: object) -> str:
    """An order by its id alone, or as the shop sends it."""
    if isinstance(order, Mapping):
        order = order.get("order_id") or order.get("order_no")
    if not isinstance(order, str) or not order:
        raise ExpectationError("orders: expected order numbers, or orders with order_no")
    return order


def verify(asked: Asked, events: Sequence[Event]) -> Verification:
    """Hold what was asked against the events of a journal."""
    orders = asked.orders
    return Verification(
        results=[judge(each, events) for each in asked.expectations],
        conservation=[]
        if orders is None
        else [_conservation(orders, events, platform) for platform in asked.platforms],
    )


def _conservation(orders: Sequence[str], events: Sequence[Event], platform: str) -> Conservation:
    arrived = Counter(
        event["order_id"] or event["event_id"] or "(no id)"
        for event in events
        if event["platform"] == platform and event["verdict"] in _ARRIVED
    )
    return Conservation(
        platform=platform,
        orders=len(orders),
        missing=[order for order in orders if order not in arrived],
        twice=[order for order, times in arrived.items() if times > 1],
        extra=sorted(arrived.keys() - set(orders)),
    )


def _result(result: Result) -> dict[str, Any]:
    asked = result.expectation
    return {
        "name": asked.name,
        "passed": result.passed,
        "at_least": asked.at_least,
        "at_most": asked.at_most,
        "matched": len(result.matched),
        "events": list(result.matched[:20]),
        "near_misses": [
            {
                "event": miss.event,
                "differs": [
                    {"path": each.path, "expected": each.expected, "found": each.found}
                    for each in miss.differences
                ],
            }
            for miss in result.near_misses
        ],
    }


def _conserved(conservation: Conservation) -> dict[str, Any]:
    return {
        "name": f"each of {conservation.orders} orders once at {conservation.platform}",
        "passed": conservation.passed,
        "missing": list(conservation.missing),
        "twice": list(conservation.twice),
        "extra": list(conservation.extra),
    }


def told(check: Mapping[str, Any]) -> Iterator[str]:
    """One check of the answer, in lines for people."""
    yield f"{'ok  ' if check['passed'] else 'FAIL'} {check['name']}"
    if check["passed"]:
        return
    if "matched" in check:
        yield f"     expected {_wanted(check)}, found {check['matched']}"
    for miss in check.get("near_misses", ()):
        yield f"     near: event {miss['event']}"
        for each in miss["differs"]:
            yield f"       {each['path']}: expected {each['expected']!r}, found {each['found']!r}"
    for kind in ("missing", "twice", "extra"):
        if check.get(kind):
            named = ", ".join(check[kind][:_NAMED])
            more = len(check[kind]) - _NAMED
            yield f"     {kind}: {named}" + (f" and {more} more" if more > 0 else "")


def _wanted(check: Mapping[str, Any]) -> str:
    least, most = check["at_least"], check["at_most"]
    if most is None:
        return f"at least {least}"
    return str(most) if most == least else f"{least} to {most}"


def junit(answer: Mapping[str, Any]) -> str:
    """The answer as a JUnit report."""
    checks = answer["checks"]
    failed = [check for check in checks if not check["passed"]]
    suite = ET.Element(
        "testsuite", name="mock-platform", tests=str(len(checks)), failures=str(len(failed))
    )
    for check in checks:
        case = ET.SubElement(suite, "testcase", classname="mock_platform", name=check["name"])
        if not check["passed"]:
            first, *rest = told(check)
            failure = ET.SubElement(case, "failure", message=first)
            failure.text = "\n".join(rest)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True)
