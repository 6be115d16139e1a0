"""Leases: what is handed out, to whom, in which order, and what happens when a sender dies."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bridge.order.model import Kind
from bridge.outbox.operating import Act
from bridge.outbox.queries import DeliveryStatus, Queries
from bridge.outbox.records import Claim, NewDelivery, Record, Sending
from bridge.outbox.states import State
from bridge.outbox.store import Store

Maker = Callable[..., Record]
DeliveryMaker = Callable[..., NewDelivery]
Claimer = Callable[..., list[Claim]]
Settler = Callable[..., set[int]]
Dial = Any  # the conftest's clock


def the_delivery(queries: Queries, order_no: str = "1") -> DeliveryStatus:
    return queries.order_status(order_no)[0].deliveries[0]


def events(claims: list[Claim]) -> list[str]:
    return [claim.event_id for claim in claims]


def test_a_claim_carries_what_the_event_is_built_from(
    store: Store, make_record: Maker, claim: Claimer
) -> None:
    record = make_record()
    store.record([record])
    [claimed] = claim()
    assert (claimed.destination, claimed.event_id) == ("meta", "event-1")
    assert claimed.facts == record.facts
    assert claimed.identities == record.identities
    assert claimed.sealed == record.sealed
    assert claimed.deadline == record.deliveries[0].deadline
    assert (claimed.attempts, claimed.crashes) == (1, 0)
    assert (claimed.payload, claimed.first_sent_at, claimed.unanswered_since) == (None, None, None)


def test_what_is_leased_is_nobody_elses(store: Store, make_record: Maker, claim: Claimer) -> None:
    store.record([make_record(str(n)) for n in range(10)])
    first, second = claim(limit=6, owner="a"), claim(limit=6, owner="b")
    assert len(first) == 6
    assert len(second) == 4
    assert not {c.delivery_id for c in first} & {c.delivery_id for c in second}
    assert claim() == []


def test_the_oldest_deadline_goes_first(
    store: Store, make_record: Maker, make_delivery: DeliveryMaker, claim: Claimer
) -> None:
    start = make_delivery().deadline
    for hours in (3, 1, 2):
        delivery = make_delivery(deadline=start + timedelta(hours=hours))
        store.record([make_record(str(hours), deliveries=(delivery,))])
    assert events(claim()) == ["event-1", "event-2", "event-3"]


def test_nothing_is_claimed_before_its_time_nor_while_it_is_held(
    store: Store,
    make_record: Maker,
    make_delivery: DeliveryMaker,
    claim: Claimer,
    dial: Dial,
) -> None:
    later = make_delivery(not_before=make_delivery().not_before + timedelta(minutes=5))
    held = make_delivery(state=State.HELD)
    store.record([make_record("1", deliveries=(later,)), make_record("2", deliveries=(held,))])
    assert claim() == []
    dial.turn(minutes=5)
    assert events(claim()) == ["event-1"]


def test_destinations_do_not_see_each_others_deliveries(
    store: Store, make_record: Maker, claim: Claimer
) -> None:
    store.record([make_record(destinations=("meta", "google"))])
    assert [c.destination for c in claim("google")] == ["google"]
    assert [c.destination for c in claim("meta")] == ["meta"]


def test_a_refund_waits_until_its_order_has_ended_there(
    store: Store, make_record: Maker, claim: Claimer, settle: Settler
) -> None:
    refund = make_record(kind=Kind.REFUND, reference="r", event_id="refund")
    store.record([make_record(), refund])
    [order] = claim()
    assert order.event_id == "event-1"
    assert claim() == []
    settle(order, State.PENDING)
    [again] = claim()
    assert again.event_id == "event-1"
    settle(again, State.ACCEPTED)
    assert events(claim()) == ["refund"]


def test_what_is_held_keeps_nobody_waiting(
    store: Store, make_record: Maker, make_delivery: DeliveryMaker, claim: Claimer
) -> None:
    held = make_delivery("meta", state=State.HELD)
    refund = make_record(kind=Kind.REFUND, reference="r", deliveries=(held,))
    store.record([refund, make_record()])
    assert events(claim("meta")) == ["event-1"]


@pytest.mark.parametrize("kind", [Kind.LEAD, Kind.REGISTRATION])
def test_what_has_no_order_number_waits_for_nobody(
    store: Store, make_record: Maker, make_delivery: DeliveryMaker, claim: Claimer, kind: Kind
) -> None:
    future = make_delivery(not_before=make_delivery().not_before + timedelta(days=300))
    crowd = [make_record("", kind=kind, reference=f"r{n}", event_id=f"r{n}") for n in range(5)]
    store.record([make_record("", kind=kind, reference="future", deliveries=(future,)), *crowd])
    assert events(claim(limit=3)) == ["r0", "r1", "r2"]
    assert events(claim()) == ["r3", "r4"]


def test_an_order_back_from_the_dead_letters_waits_for_its_refund_under_way(
    store: Store, make_record: Maker, claim: Claimer, settle: Settler, queries: Queries
) -> None:
    refund = make_record(kind=Kind.REFUND, reference="r", event_id="refund")
    store.record([make_record(), refund])
    [order] = claim()
    settle(order, State.REJECTED)
    [under_way] = claim()
    act = Act(delivery_id=order.delivery_id, name="retry", detail="", thaw=True)
    store.retry_dead_letters([act])
    assert claim() == []
    settle(under_way, State.ACCEPTED)
    assert events(claim()) == ["event-1"]


def test_a_lease_that_runs_out_is_taken_over_and_counted_as_a_crash(
    store: Store, make_record: Maker, claim: Claimer, dial: Dial
) -> None:
    store.record([make_record()])
    [lost] = claim()
    dial.turn(seconds=59)
    assert claim() == []
    dial.turn(seconds=1)
    [found] = claim()
    assert (found.attempts, found.crashes) == (1, 1)
    assert found.fence > lost.fence


def test_with_every_crash_fewer_go_together_until_a_verdict_clears_them(
    store: Store, make_record: Maker, claim: Claimer, settle: Settler, dial: Dial
) -> None:
    store.record([make_record(str(n)) for n in range(16)])
    assert len(claim(limit=16)) == 16
    dial.turn(minutes=2)
    fewer = [claim(limit=16) for _ in range(3)]
    assert [[one.crashes for one in claims] for claims in fewer] == [[1] * 4] * 3
    dial.turn(minutes=2)
    alone = [claim(limit=16) for _ in range(12)]
    assert [[one.crashes for one in claims] for claims in alone] == [[2]] * 12
    for claims in alone:
        settle(claims[0], State.PENDING)
    assert sorted(one.crashes for one in claim(limit=16)) == [0] * 12


def test_a_whole_claim_is_as_many_as_asked_for_or_none(
    store: Store, make_record: Maker, claim: Claimer
) -> None:
    store.record([make_record(str(n)) for n in range(5)])
    assert len(claim(limit=3, whole=True)) == 3
    assert claim(limit=3, whole=True) == []
    assert len(claim(limit=3)) == 2


def test_a_whole_claim_is_of_nothing_that_a_lease_has_died_with(
    store: Store, make_record: Maker, claim: Claimer, dial: Dial
) -> None:
    store.record([make_record()])
    claim()
    dial.turn(minutes=1)
    assert claim(limit=1, whole=True) == []
    assert len(claim(limit=1)) == 1


def test_a_whole_claim_is_no_probe_of_a_destination_that_was_paused(
    store: Store, make_record: Maker, claim: Claimer, dial: Dial
) -> None:
    store.record([make_record(str(n)) for n in range(5)])
    store.pause("meta", until=dial() + timedelta(minutes=1), reason="throttled")
    dial.turn(minutes=1)
    assert claim(limit=3, whole=True) == []
    assert len(claim(limit=3)) == 1


def test_what_crashed_is_not_taken_along_by_others(
    store: Store, make_record: Maker, make_delivery: DeliveryMaker, claim: Claimer, dial: Dial
) -> None:
    late = make_delivery(deadline=make_delivery().deadline + timedelta(days=1))
    store.record([make_record("crashed", deliveries=(late,))])
    claim()
    dial.turn(minutes=2)
    store.record([make_record("1"), make_record("2")])
    assert events(claim()) == ["event-1", "event-2"]
    assert events(claim()) == ["event-crashed"]


def test_an_uncounted_attempt_does_not_clear_a_crash(
    store: Store, make_record: Maker, claim: Claimer, settle: Settler, dial: Dial
) -> None:
    store.record([make_record()])
    claim()
    dial.turn(minutes=2)
    settle(claim()[0], State.PENDING, counts=False)
    [found] = claim()
    assert (found.attempts, found.crashes) == (1, 1)


def test_a_renewed_lease_is_kept_and_a_lost_one_is_not_renewed(
    store: Store, make_record: Maker, claim: Claimer, dial: Dial
) -> None:
    store.record([make_record("1")])
    kept = claim()
    dial.turn(seconds=50)
    assert store.renew(kept, lease=timedelta(minutes=1)) == {kept[0].delivery_id}
    dial.turn(seconds=50)
    assert claim() == []
    dial.turn(seconds=10)
    assert len(claim()) == 1
    assert store.renew(kept, lease=timedelta(minutes=1)) == set()


def test_what_is_released_is_due_at_once_and_neither_attempt_nor_crash(
    store: Store, queries: Queries, make_record: Maker, claim: Claimer
) -> None:
    store.record([make_record(str(n)) for n in range(3)])
    mine = claim(limit=2, owner="mine")
    claim(owner="other")
    assert store.release("mine") == 2
    again = claim(owner="next")
    assert {c.delivery_id for c in again} == {c.delivery_id for c in mine}
    assert {(c.attempts, c.crashes) for c in again} == {(1, 0)}


def test_a_release_while_an_answer_is_awaited_keeps_the_attempt_and_its_doubt(
    store: Store, make_record: Maker, claim: Claimer, settle: Settler, dial: Dial
) -> None:
    store.record([make_record()])
    [posted] = claim(owner="mine")
    sending = Sending(delivery_id=posted.delivery_id, fence=posted.fence, payload=b"event")
    store.mark_sending([sending], at=dial(), lease=timedelta(minutes=1))
    store.release("mine")
    assert settle(posted, State.ACCEPTED) == set()
    [again] = claim()
    assert (again.attempts, again.unanswered_since, again.payload) == (2, dial(), b"event")


def test_a_limit_below_one_claims_nothing(store: Store, make_record: Maker, claim: Claimer) -> None:
    store.record([make_record()])
    assert claim(limit=0) == []


def test_claiming_shows_in_the_delivery(
    store: Store, queries: Queries, make_record: Maker, claim: Claimer, dial: Dial
) -> None:
    store.record([make_record()])
    claim()
    delivery = the_delivery(queries)
    assert (delivery.state, delivery.attempts) == (State.LEASED, 1)
    assert delivery.lease_until == dial() + timedelta(minutes=1)
