"""What operators see: everything about a delivery, nothing about a person."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from bridge.errors import DeadLetterNotFound
from bridge.order.model import Kind, OrderKey
from bridge.outbox.queries import Backlog, Queries
from bridge.outbox.records import Claim, NewDelivery, Record
from bridge.outbox.states import State
from bridge.outbox.store import Store

Maker = Callable[..., Record]
DeliveryMaker = Callable[..., NewDelivery]
Claimer = Callable[..., list[Claim]]
Settler = Callable[..., set[int]]
Dial = Any  # the conftest's clock


def test_an_order_is_found_by_number_whatever_its_kind_and_by_site(
    store: Store, queries: Queries, make_record: Maker
) -> None:
    store.record(
        [make_record("7"), make_record("7", kind=Kind.REFUND, reference="r"), make_record("8")]
    )
    found = queries.order_status("7")
    assert [(order.kind, order.reference) for order in found] == [
        (Kind.ORDER, ""),
        (Kind.REFUND, "r"),
    ]
    assert queries.order_status("7", "RefArch") == found
    assert queries.order_status("7", "Elsewhere") == []
    assert queries.order_status("9") == []


def test_an_order_says_whether_its_remainder_still_exists(
    store: Store, queries: Queries, make_record: Maker, claim: Claimer, settle: Settler
) -> None:
    store.record([make_record()])
    assert queries.order_status("1")[0].sealed
    settle(claim()[0], State.ACCEPTED)
    assert not queries.order_status("1")[0].sealed


def test_the_overview_counts_by_destination_and_state(
    store: Store, queries: Queries, make_record: Maker, claim: Claimer, settle: Settler
) -> None:
    store.record([make_record(str(n), destinations=("meta", "google")) for n in range(4)])
    first, second, _ = claim(limit=3)
    settle(first, State.ACCEPTED)
    settle(second, State.REJECTED)
    overview = queries.overview()
    assert overview.orders == 4
    assert overview.by_state == {
        "google": {State.PENDING: 4},
        "meta": {State.ACCEPTED: 1, State.REJECTED: 1, State.LEASED: 1, State.PENDING: 1},
    }


def test_a_backlog_is_as_old_as_its_oldest_open_order(
    store: Store, queries: Queries, make_record: Maker, claim: Claimer, settle: Settler
) -> None:
    start = make_record().received_at
    for minute in range(3):
        store.record([make_record(str(minute), received_at=start + timedelta(minutes=minute))])
    settle(claim(limit=1)[0], State.ACCEPTED)
    claim(limit=1)
    assert queries.overview().backlogs == (
        Backlog(destination="meta", open=2, oldest_received_at=start + timedelta(minutes=1)),
    )


def test_a_refund_that_waits_for_its_order_makes_no_backlog(
    store: Store, queries: Queries, make_record: Maker, make_delivery: DeliveryMaker
) -> None:
    held = make_delivery(state=State.HELD)
    store.record([make_record(kind=Kind.REFUND, reference="r", deliveries=(held,))])
    assert queries.overview().backlogs == ()
    assert queries.overview().by_state == {"meta": {State.HELD: 1}}


def test_the_nearest_deadline_is_that_of_any_site_among_what_is_pending(
    store: Store, queries: Queries, make_record: Maker, make_delivery: DeliveryMaker
) -> None:
    start = make_record().received_at
    for day, site in enumerate(("B", "A", "C"), start=1):
        delivery = make_delivery(deadline=start + timedelta(days=day))
        key = OrderKey(site_id=site, kind=Kind.ORDER, order_no="1", reference="")
        store.record([make_record(key=key, deliveries=(delivery,))])
    held = make_delivery(state=State.HELD, deadline=start)
    store.record([make_record("2", deliveries=(held,))])
    assert queries.overview().nearest_deadlines == {"meta": start + timedelta(days=1)}


def test_an_empty_outbox_has_an_overview(queries: Queries) -> None:
    overview = queries.overview()
    assert (overview.orders, overview.by_state, overview.backlogs, overview.pauses) == (
        0,
        {},
        (),
        (),
    )


def test_dead_letters_come_in_pages_and_by_destination(
    store: Store, queries: Queries, make_record: Maker, claim: Claimer, settle: Settler
) -> None:
    store.record([make_record(str(n), destinations=("meta", "google")) for n in range(3)])
    for claimed in (*claim("meta"), *claim("google", limit=2)):
        settle(claimed, State.DEAD)
    everything = queries.dead_letters()
    numbers = [letter.delivery.id for letter in everything]
    assert len(numbers) == 5
    assert numbers == sorted(numbers)
    page = queries.dead_letters(limit=2, after=numbers[1])
    assert [letter.delivery.id for letter in page] == numbers[2:4]
    assert len(queries.dead_letters(destination="google")) == 2


def test_only_a_dead_letter_is_found_as_one(
    store: Store, queries: Queries, make_record: Maker, claim: Claimer, settle: Settler
) -> None:
    store.record([make_record("1"), make_record("2")])
    dead, alive = claim()
    settle(dead, State.REJECTED, reason="schema", detail="user_data is too weak")
    letter = queries.dead_letter(dead.delivery_id)
    assert (letter.order_no, letter.delivery.reason) == ("1", "schema")
    assert letter.delivery.detail == "user_data is too weak"
    for number in (alive.delivery_id, 999):
        with pytest.raises(DeadLetterNotFound, match=str(number)):
            queries.dead_letter(number)


def test_no_read_shows_hashes_events_or_the_remainder(
    store: Store, queries: Queries, make_record: Maker, claim: Claimer, settle: Settler
) -> None:
    canary = {"facts": b"canary", "identities": b'{"meta":{"em":"canary"}}', "sealed": b"canary"}
    store.record([make_record(**canary)])
    settle(claim()[0], State.DEAD)
    shown = [*queries.order_status("1"), *queries.dead_letters(), queries.overview()]
    assert "canary" not in str([asdict(one) for one in shown])


def test_all_orders_are_read_with_and_without_deliveries(
    store: Store, queries: Queries, make_record: Maker
) -> None:
    store.record(
        [make_record("1", destinations=()), make_record("2", destinations=("meta", "google"))]
    )
    with queries.snapshot() as snapshot:
        assert [len(order.deliveries) for order in snapshot.orders] == [0, 2]


def test_a_ping_answers_on_a_migrated_database(queries: Queries) -> None:
    queries.ping()
