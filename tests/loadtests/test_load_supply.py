"""Orders that never run out, for load that lasts longer than they were made for."""

from datetime import UTC, datetime
from itertools import islice

import orjson

from loadtests.load.supply import parcels

PERSONS = 5
NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)


def test_an_order_made_again_is_another_order_at_another_time() -> None:
    supply = parcels(PERSONS, 3, NOW, "RefArch")
    made = list(islice(supply, 3 * PERSONS))
    orders = [orjson.loads(parcel.body) for parcel in made]
    assert [order["order_no"] for order in orders] == [parcel.order_no for parcel in made]
    assert len({parcel.order_no for parcel in made}) == len(made)
    same_person = orders[::PERSONS]
    assert len({datetime.fromisoformat(order["placed_at"]) for order in same_person}) == 3
    assert {order["currency"] for order in same_person} == {orders[0]["currency"]}
