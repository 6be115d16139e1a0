"""What becomes of an order at each destination, decided once, when it comes in."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from bridge.operate.destinations import Destination
from bridge.order.eligibility import SkipReason, deadline, skip_reason
from bridge.order.model import Facts


class Plan(Struct, frozen=True, kw_only=True):
    """One destination's part. `skip` is None when the order is to be sent, from `not_before` on."""

    destination: Destination
    skip: SkipReason | None
    not_before: datetime
    deadline: datetime


def plan(
    facts: Facts, destinations: Iterable[Destination], now: datetime, future_skew: timedelta
) -> tuple[Plan, ...]:
    """Decide for every destination. An order from the future waits until its own time has come."""
    not_before = facts.placed_at if facts.placed_at > now + future_skew else now
    return tuple(
        Plan(
            destination=destination,
            skip=skip_reason(facts, destination, now),
            not_before=not_before,
            deadline=deadline(facts, destination),
        )
        for destination in destinations
    )


def storable(facts: Facts, plans: Iterable[Plan]) -> Facts:
    """Keep of the merchant's own attributes what a destination that gets the order wants."""
    if not facts.custom:
        return facts
    wanted = {name for one in plans if one.skip is None for name in one.destination.wanted_custom}
    kept = {name: value for name, value in facts.custom.items() if name in wanted}
    return facts if kept == facts.custom else replace(facts, custom=kept)
