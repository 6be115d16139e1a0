"""What adjusts an order is held until the order is there, whatever came in first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bridge.order.model import Kind, OrderKey
from bridge.outbox import adjusting
from bridge.outbox.queries import DeliveryStatus, Queries
from bridge.outbox.records import Claim, NewDelivery, Record
from bridge.outbox.states import State
from bridge.outbox.store import Store

Maker = Callable[..., Record]
DeliveryMaker = Callable[..., NewDelivery]
Claimer = Callable[..., list[Claim]]
Settler = Callable[..., set[int]]
Dial = Any  # the conftest's clock


@dataclass
class Outbox:
    """A store with one sender for `meta`."""

    store: Store
    queries: Queries
    dial: Dial
    claim: Claimer
    settle: Settler

    def record(self, *records: Record) -> None:
        self.store.record(records)

    def release(self) -> int:
        """Let go of what needs not wait; answer how many there were, a second later."""
        released = self.store.release_adjustments(self.dial())
        self.dial.turn(seconds=1)
        return released

    def deliver(self, end: State = State.ACCEPTED, **changes: Any) -> str:
        """End what is the only one to be claimed; answer its event."""
        [claimed] = self.claim()
        self.settle(claimed, end, **changes)
        return claimed.event_id

    def deliver_all(self) -> None:
        for claimed in self.claim():
            self.settle(claimed, State.ACCEPTED)

    def pass_deadlines(self) -> None:
        self.dial.turn(days=8)
        self.store.expire(self.dial())

    def end_of(self, event_id: str) -> tuple[str, str | None]:
        status = self._delivery(event_id)
        return status.state.value, status.reason

    def _delivery(self, event_id: str) -> DeliveryStatus:
        with self.queries.snapshot() as snapshot:
            return next(o.deliveries[0] for o in snapshot.orders if o.event_id == event_id)


@pytest.fixture
def outbox(store: Store, queries: Queries, dial: Dial, claim: Claimer, settle: Settler) -> Outbox:
    return Outbox(store, queries, dial, claim, settle)


@pytest.fixture
def adjustment(make_record: Maker, make_delivery: DeliveryMaker) -> Maker:
    """A refund of order 1 that is held for `meta`, its reference also its event."""

    def make(reference: str, order_no: str = "1", **changes: Any) -> Record:
        members = {"kind": Kind.REFUND, "reference": reference, "event_id": reference} | changes
        if "replaces" in members:
            members |= {"kind": Kind.ORDER, "reference": ""}
        return make_record(order_no, deliveries=(make_delivery(state=State.HELD),), **members)

    return make


def events(claims: list[Claim]) -> list[str]:
    return [claim.event_id for claim in claims]


@pytest.mark.parametrize("refund_first", [True, False])
def test_a_refund_goes_once_its_order_is_delivered_whichever_came_first(
    outbox: Outbox, make_record: Maker, adjustment: Maker, refund_first: bool
) -> None:
    both = [adjustment("r"), make_record()]
    outbox.record(*(both if refund_first else both[::-1]))
    assert outbox.release() == 0
    [order] = outbox.claim()
    assert order.event_id == "event-1"
    assert outbox.release() == 0
    outbox.settle(order, State.ACCEPTED)
    assert outbox.release() == 1
    assert outbox.deliver() == "r"


def test_a_refund_waits_for_the_report_on_its_order(
    outbox: Outbox, make_record: Maker, adjustment: Maker
) -> None:
    outbox.record(make_record(), adjustment("r"))
    outbox.deliver(report_until=outbox.dial() + timedelta(hours=1))
    assert outbox.release() == 0
    outbox.store.end_reports(outbox.dial.turn(hours=1))
    assert outbox.release() == 1


def test_adjustments_of_one_order_go_one_after_another_a_second_apart(
    outbox: Outbox, make_record: Maker, adjustment: Maker
) -> None:
    outbox.record(make_record(), adjustment("r1"), adjustment("r2"))
    outbox.deliver()
    assert outbox.store.release_adjustments(outbox.dial()) == 1
    assert outbox.claim() == []
    outbox.dial.turn(seconds=1)
    [first] = outbox.claim()
    assert (first.event_id, outbox.release()) == ("r1", 0)
    outbox.settle(first, State.ACCEPTED)
    assert outbox.release() == 1
    assert outbox.deliver() == "r2"


def test_of_a_great_many_held_each_has_its_turn_to_be_looked_at(
    outbox: Outbox, make_record: Maker, adjustment: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adjusting, "PORTION", 2)
    orphans = [adjustment(f"o{n}", order_no=f"0{n}") for n in range(4)]
    mine = [adjustment(f"r{n}", order_no=f"{n}") for n in range(1, 5)]
    outbox.record(*orphans, *mine, *(make_record(f"{n}") for n in range(1, 5)))
    outbox.deliver_all()
    assert [outbox.release() for _ in range(3)] == [0, 0, 4], "two portions find nothing"
    outbox.record(make_record("00"))
    outbox.deliver_all()
    assert outbox.release() == 1, "it begins again with the first"


def test_what_adjusts_an_order_that_is_never_sent_is_not_sent_either(
    outbox: Outbox, make_record: Maker, make_delivery: DeliveryMaker, adjustment: Maker
) -> None:
    skipped = make_delivery(state=State.SKIPPED)
    outbox.record(make_record(deliveries=(skipped,)), adjustment("r"))
    assert outbox.release() == 1
    assert outbox.end_of("r") == ("skipped", "order_not_sent")
    with outbox.queries.snapshot() as snapshot:
        assert not any(order.sealed for order in snapshot.orders)


def test_a_refused_order_keeps_its_refund_until_the_refunds_own_deadline(
    outbox: Outbox, make_record: Maker, adjustment: Maker
) -> None:
    outbox.record(make_record(), adjustment("r"))
    outbox.deliver(State.REJECTED)
    assert outbox.release() == 0
    outbox.pass_deadlines()
    assert outbox.end_of("r") == ("expired", "order_not_delivered")


def test_a_refund_whose_order_never_comes_ends_with_that_reason(
    outbox: Outbox, adjustment: Maker
) -> None:
    outbox.record(adjustment("r"))
    assert outbox.release() == 0
    outbox.pass_deadlines()
    assert outbox.end_of("r") == ("expired", "order_not_delivered")


def test_a_claim_brings_all_that_is_known_of_its_conversion_and_nothing_else(
    outbox: Outbox, make_record: Maker, adjustment: Maker
) -> None:
    first, second = (adjustment(r, facts=r.encode(), sealed=None) for r in ("r1", "r2"))
    strangers = [make_record("2", facts=b"2"), adjustment("r3", "2", facts=b"r3")]
    outbox.record(first, make_record(), *strangers, second)
    by_event = {one.event_id: one for one in outbox.claim()}
    assert [one.facts for one in by_event["event-1"].related] == [b"r1", b"r2"]
    assert [one.facts for one in by_event["event-2"].related] == [b"r3"]
    assert by_event["event-1"].conversion_no == "1"


ARRIVALS = [(0, 1, 2, 3), (3, 2, 1, 0), (2, 3, 0, 1), (3, 1, 0, 2), (1, 2, 3, 0), (2, 0, 3, 1)]


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("arrival", ARRIVALS)
def test_edited_orders_and_their_refunds_are_one_conversion_whatever_came_first(
    outbox: Outbox,
    make_record: Maker,
    adjustment: Maker,
    arrival: tuple[int, ...],
    at_once: bool,
) -> None:
    chain = [
        make_record("1", event_id="1"),
        adjustment("", "2", replaces="1", event_id="2"),
        adjustment("", "3", replaces="2", event_id="3"),
        adjustment("r", "2"),
    ]
    arriving = [chain[place] for place in arrival]
    for batch in [arriving] if at_once else [[one] for one in arriving]:
        outbox.record(*batch)
    went: list[str] = []
    while claims := outbox.claim():
        assert [one.conversion_no for one in claims] == ["1"]
        assert len(claims[0].related) == 3
        went += events(claims)
        outbox.settle(claims[0], State.ACCEPTED)
        outbox.release()
    assert went[0] == "1"
    assert sorted(went) == ["1", "2", "3", "r"]


def test_orders_that_replace_each_other_end_with_a_reason(
    outbox: Outbox, adjustment: Maker
) -> None:
    outbox.record(adjustment("", "1", replaces="2", event_id="1"))
    outbox.record(adjustment("", "2", replaces="1", event_id="2"))
    assert outbox.release() == 0
    outbox.pass_deadlines()
    assert {outbox.end_of(one) for one in "12"} == {("expired", "order_not_delivered")}


def test_equal_order_numbers_of_two_sites_are_two_conversions(
    outbox: Outbox, make_record: Maker, adjustment: Maker
) -> None:
    key = OrderKey(site_id="Other", kind=Kind.REFUND, order_no="1", reference="r")
    outbox.record(make_record(), adjustment("r", key=key))
    [order] = outbox.claim()
    assert order.related == ()
