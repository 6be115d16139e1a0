"""What a bridge really hears: orders, some told twice, some broken."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from loadtests.breakages import BrokenRule, broken
from loadtests.chance import Deck, seeded
from loadtests.orders import ANY, Order, orders
from loadtests.wish import Wish

_LATER = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One order to be sent; it is valid and new unless one of the other members says otherwise."""

    order: Order
    is_duplicate: bool = False
    broken_rule: BrokenRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Which share of the orders is sent twice and which is broken, each from 0 to 1.

    Raises:
        ValueError: the shares are not from 0 to 1, or together more than 1.
    """

    duplicates: float = 0.0
    broken: float = 0.0

    def __post_init__(self) -> None:
        if min(self.duplicates, self.broken) < 0 or self.duplicates + self.broken > 1:
            raise ValueError("duplicates and broken are shares from 0 to 1, together at most 1")

    def broken_of(self, count: int) -> int:
        """How many of `count` orders are broken."""
        return round(count * self.broken)

    def repeated_of(self, count: int) -> int:
        """How many of `count` orders are sent a second time."""
        return min(round(count * self.duplicates), count - self.broken_of(count))

    def calls(self, count: int) -> int:
        """How many calls `count` orders make."""
        return count + self.repeated_of(count)


def traffic(
    count: int,
    seed: int,
    placed_before: datetime,
    *,
    mix: Mix,
    site_id: str | None = None,
    wish: Wish = ANY,
) -> Iterator[Call]:
    """`count` orders of `seed`, as `mix` says, duplicates coming a few calls after the first.

    There are `mix.calls(count)` calls. Only valid orders are sent twice.
    """
    rng = seeded("traffic", seed)
    chosen = rng.sample(range(count), mix.broken_of(count) + mix.repeated_of(count))
    to_break = frozenset(chosen[: mix.broken_of(count)])
    to_repeat = frozenset(chosen) - to_break
    rules = Deck(rng, dict.fromkeys(BrokenRule, 1))
    waiting: deque[tuple[int, Call]] = deque()
    for at, order in enumerate(orders(count, seed, placed_before, site_id=site_id, wish=wish)):
        if at in to_break:
            rule = rules.draw()
            yield Call(order=broken(order, rule), broken_rule=rule)
        else:
            yield Call(order=order)
        if at in to_repeat:
            waiting.append((at + _LATER, Call(order=order, is_duplicate=True)))
        while waiting and waiting[0][0] <= at:
            yield waiting.popleft()[1]
    for _, call in waiting:
        yield call
