"""Ways to break an order, each against exactly one rule of the contract."""

from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from loadtests.orders import Order


class BrokenRule(StrEnum):
    """The rule a broken order is against."""

    CONTRACT_VERSION = "contract_version"
    KIND_UNKNOWN = "kind_unknown"
    CHANNEL_UNKNOWN = "channel_unknown"
    INSTANCE_UNKNOWN = "instance_unknown"
    ORDER_NO_MISSING = "order_no_missing"
    ORDER_NO_TOO_LONG = "order_no_too_long"
    PLACED_AT_WITHOUT_OFFSET = "placed_at_without_offset"
    PLACED_AT_IMPOSSIBLE = "placed_at_impossible"
    CURRENCY_MISSING = "currency_missing"
    CURRENCY_UNKNOWN = "currency_unknown"
    CURRENCY_LOWER_CASE = "currency_lower_case"
    TOTALS_MISSING = "totals_missing"
    GROSS_MISSING = "gross_missing"
    GROSS_NEGATIVE = "gross_negative"
    GROSS_AS_TEXT = "gross_as_text"
    LINES_MISSING = "lines_missing"
    LINES_EMPTY = "lines_empty"
    LINE_GROSS_NEGATIVE = "line_gross_negative"
    QUANTITY_ZERO = "quantity_zero"
    CONSENT_UNKNOWN_ANSWER = "consent_unknown_answer"


class _Removed:
    """Stands for a member taken away; None would be a null."""


@dataclass(frozen=True, slots=True)
class Breakage:
    """The member at `place` gets `value`, or goes."""

    place: tuple[str | int, ...]
    value: object = _Removed

    @property
    def path(self) -> str:
        """Where a report of violations should point, such as `$.lines[0].gross`."""
        return "$" + "".join(
            f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.place
        )


BREAKAGES = {
    BrokenRule.CONTRACT_VERSION: Breakage(("contract",), "order/99"),
    BrokenRule.KIND_UNKNOWN: Breakage(("kind",), "purchase"),
    BrokenRule.CHANNEL_UNKNOWN: Breakage(("channel",), "telefax"),
    BrokenRule.INSTANCE_UNKNOWN: Breakage(("instance",), "prod"),
    BrokenRule.ORDER_NO_MISSING: Breakage(("order_no",)),
    BrokenRule.ORDER_NO_TOO_LONG: Breakage(("order_no",), "9" * 51),
    BrokenRule.PLACED_AT_WITHOUT_OFFSET: Breakage(("placed_at",), "2026-11-22T07:00:00"),
    BrokenRule.PLACED_AT_IMPOSSIBLE: Breakage(("placed_at",), "2026-02-30T07:00:00Z"),
    BrokenRule.CURRENCY_MISSING: Breakage(("currency",)),
    BrokenRule.CURRENCY_UNKNOWN: Breakage(("currency",), "EURO"),
    BrokenRule.CURRENCY_LOWER_CASE: Breakage(("currency",), "usd"),
    BrokenRule.TOTALS_MISSING: Breakage(("totals",)),
    BrokenRule.GROSS_MISSING: Breakage(("totals", "gross")),
    BrokenRule.GROSS_NEGATIVE: Breakage(("totals", "gross"), -1),
    BrokenRule.GROSS_AS_TEXT: Breakage(("totals", "gross"), "12,50"),
    BrokenRule.LINES_MISSING: Breakage(("lines",)),
    BrokenRule.LINES_EMPTY: Breakage(("lines",), ()),
    BrokenRule.LINE_GROSS_NEGATIVE: Breakage(("lines", 0, "gross"), -0.01),
    BrokenRule.QUANTITY_ZERO: Breakage(("lines", 0, "quantity"), 0),
    BrokenRule.CONSENT_UNKNOWN_ANSWER: Breakage(("consent", "ad_user_data"), "yes"),
}


def broken(order: Order, rule: BrokenRule) -> Order:
    """A copy of a valid order that breaks `rule` and nothing else; `order` stays as it is."""
    copy = deepcopy(order)
    breakage = BREAKAGES[rule]
    parent: Any = copy
    for step in breakage.place[:-1]:
        if isinstance(step, str) and parent.get(step) is None:
            parent[step] = {}
        parent = parent[step]
    if breakage.value is _Removed:
        del parent[breakage.place[-1]]
    else:
        parent[breakage.place[-1]] = breakage.value
    return copy
