"""Fair turns: what a site gets of a claim does not depend on how much another one has waiting."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from bridge.order.model import OrderKey
from bridge.outbox.fair_shares import fair_shares, in_turn
from bridge.outbox.records import Claim, NewDelivery, Record
from bridge.outbox.store import Store

Maker = Callable[..., Record]
DeliveryMaker = Callable[..., NewDelivery]
Claimer = Callable[..., list[Claim]]
Orders = Callable[..., list[Record]]
Dial = Any  # the conftest's clock


@pytest.fixture
def orders(make_record: Maker, make_delivery: DeliveryMaker) -> Orders:
    """Orders of a site, the oldest deadline first; each event is named after its site."""

    def make(site: str, count: int, *, days: int = 0) -> list[Record]:
        start = make_delivery().deadline + timedelta(days=days)
        return [
            make_record(
                key=OrderKey(site_id=site, kind="order", order_no=f"{site}-{n}"),
                event_id=f"{site}-{n}",
                deliveries=(make_delivery(deadline=start + timedelta(seconds=n)),),
            )
            for n in range(count)
        ]

    return make


def sites(claims: list[Claim]) -> Counter[str]:
    return Counter(claim.event_id.split("-")[0] for claim in claims)


def moments(dial: Dial) -> Iterator[None]:
    """Turns are drawn anew with every moment: so many that no site is always last."""
    for _ in range(40):
        yield
        dial.turn(seconds=1)


def test_a_flood_of_old_orders_leaves_another_site_its_share(
    store: Store, orders: Orders, claim: Claimer
) -> None:
    store.record([*orders("Old", 30), *orders("New", 8, days=1)])
    claimed = claim(limit=10)
    assert sites(claimed) == {"Old": 5, "New": 5}
    assert [one.event_id for one in claimed] == [
        *(f"Old-{n}" for n in range(5)),
        *(f"New-{n}" for n in range(5)),
    ]


def test_what_one_site_leaves_free_the_others_fill(
    store: Store, orders: Orders, claim: Claimer
) -> None:
    store.record([*orders("Old", 30), *orders("New", 2, days=1), *orders("Third", 4, days=2)])
    assert sites(claim(limit=12)) == {"Old": 6, "New": 2, "Third": 4}
    assert sites(claim(limit=12)) == {"Old": 12}


def test_with_fewer_places_than_sites_each_has_its_turn(
    store: Store, orders: Orders, claim: Claimer, dial: Dial
) -> None:
    store.record([*orders("Old", 50), *orders("New", 2, days=1), *orders("Third", 2, days=2)])
    claimed = sites([one for _ in moments(dial) for one in claim(limit=1, lease=timedelta(days=1))])
    assert claimed == {"Old": 36, "New": 2, "Third": 2}


def test_what_goes_in_small_numbers_after_a_crash_keeps_its_own_site_waiting_only(
    store: Store, orders: Orders, claim: Claimer, dial: Dial
) -> None:
    store.record(orders("Old", 100))
    claim(limit=100, lease=timedelta(0))
    store.record(orders("New", 50, days=1))
    claims = [claim(limit=10, lease=timedelta(days=1)) for _ in moments(dial)]
    assert {len(one) for one in claims if sites(one)["Old"]} == {2}
    assert sum(sites(one)["New"] for one in claims) == 50


def test_what_a_dead_sender_held_is_found_where_nothing_else_waits(
    store: Store, orders: Orders, claim: Claimer
) -> None:
    store.record([*orders("Old", 1), *orders("New", 1)])
    claim(lease=timedelta(0))
    assert sites([*claim(), *claim()]) == {"Old": 1, "New": 1}


def test_every_site_is_first_about_as_often_as_any_other(dial: Dial) -> None:
    names = ["a", "b", "c"]
    first = Counter(in_turn(names, dial.turn(milliseconds=1))[0] for _ in range(3000))
    assert all(900 < first[name] < 1100 for name in names)


@pytest.mark.parametrize(
    ("places", "waiting", "shares"),
    [
        (10, {"a": 99}, [10]),
        (10, {"a": 99, "b": 99, "c": 99}, [4, 3, 3]),
        (10, {"a": 0, "b": 99, "c": 1}, [0, 9, 1]),
        (2, {"a": 0, "b": 99, "c": 99, "d": 99}, [0, 1, 1, 0]),
        (10, {"a": 1, "b": 2, "c": 3}, [1, 2, 3]),
        (10, {"a": 3, "b": 99, "c": 4}, [3, 4, 3]),
        (10, {}, []),
    ],
)
def test_places_are_shared_alike_and_filled(
    places: int, waiting: dict[str, int], shares: list[int]
) -> None:
    found = fair_shares(places, list(waiting), lambda site, most: range(min(most, waiting[site])))
    assert [len(rows) for rows in found.values()] == shares
