"""Requests: counted by the minute, kept with what they accepted, asked about until reported."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Engine, select

from bridge.order.model import Kind
from bridge.outbox.database import reading
from bridge.outbox.queries import DeliveryStatus, Queries
from bridge.outbox.records import AcceptedRequest, Claim, OpenRequest, Record, Sending, Settlement
from bridge.outbox.schema import deliveries, orders, requests
from bridge.outbox.states import State
from bridge.outbox.store import Store

Maker = Callable[..., Record]
Claimer = Callable[..., list[Claim]]
Settlements = Callable[..., Settlement]
Dial = Any  # the conftest's clock
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def the_delivery(queries: Queries, order_no: str = "1") -> DeliveryStatus:
    return queries.order_status(order_no)[0].deliveries[0]


def kept(engine: Engine) -> tuple[list[bytes | None], list[bytes | None]]:
    """The remainders that are left, and the events."""
    with reading(engine) as connection:
        return (
            list(connection.scalars(select(orders.c.sealed).order_by(orders.c.id))),
            list(connection.scalars(select(deliveries.c.payload).order_by(deliveries.c.id))),
        )


def ask(store: Store, destination: str = "meta", per_minute: int | None = None) -> OpenRequest:
    request = store.due_request(destination, per_minute=per_minute, lease=MINUTE)
    assert request
    return request


@pytest.fixture
def accept(store: Store, settlement: Settlements, dial: Dial) -> Callable[..., AcceptedRequest]:
    """Have claims posted and accepted by a platform that reports within a day."""

    def accept(claims: list[Claim], request_id: str = "r-1") -> AcceptedRequest:
        sendings = [Sending(delivery_id=c.delivery_id, fence=c.fence, payload=b"e") for c in claims]
        store.mark_sending(sendings, at=dial(), lease=MINUTE)
        number = store.reserve_request(claims[0].destination, per_minute=None)
        assert isinstance(number, int)
        request = AcceptedRequest(
            number=number,
            request_id=request_id,
            delivery_ids=tuple(claim.delivery_id for claim in claims),
            ask_at=dial() + MINUTE,
            ask_until=dial() + DAY,
        )
        ends = [
            settlement(c, State.ACCEPTED, request_id=request_id, report_until=dial() + DAY)
            for c in claims
        ]
        store.settle(ends, accepted=request)
        return request

    return accept


Accept = Callable[..., AcceptedRequest]


@pytest.fixture
def accepted(store: Store, make_record: Maker, claim: Claimer, accept: Accept) -> AcceptedRequest:
    store.record([make_record("1"), make_record("2"), make_record("3")])
    return accept(claim()[::-1])


def test_no_more_requests_are_counted_in_a_minute_than_allowed(store: Store, dial: Dial) -> None:
    start = dial()
    assert isinstance(store.reserve_request("meta", per_minute=2), int)
    dial.turn(seconds=40)
    assert isinstance(store.reserve_request("meta", per_minute=2), int)
    assert store.reserve_request("meta", per_minute=2) == start + MINUTE
    assert isinstance(store.reserve_request("google", per_minute=2), int)
    dial.turn(seconds=20)
    assert isinstance(store.reserve_request("meta", per_minute=2), int)
    assert store.reserve_request("meta", per_minute=2) == start + timedelta(seconds=100)


def test_the_second_half_of_a_quota_goes_evenly_so_that_nobody_waits_for_a_minute_to_pass(
    store: Store, dial: Dial
) -> None:
    start, sent = dial(), []
    while dial() < start + 3 * MINUTE:
        answer = store.reserve_request("google", per_minute=60)
        if isinstance(answer, int):
            sent.append(dial() - start)
        else:
            dial.time = answer
    assert sent[29] == timedelta() < sent[30]
    assert max(after - before for before, after in pairwise(sent)) == MINUTE / 30
    assert max(sum(one <= at < one + MINUTE for at in sent) for one in sent) <= 60
    assert isinstance(store.reserve_request("meta", per_minute=60), int)


def test_where_there_is_no_quota_requests_are_only_counted(store: Store) -> None:
    numbers = {store.reserve_request("meta", per_minute=None) for _ in range(5)}
    assert len(numbers) == 5


def test_an_accepted_request_keeps_its_deliveries_in_the_order_of_their_events(
    store: Store, accepted: AcceptedRequest, dial: Dial
) -> None:
    dial.turn(minutes=1)
    request = ask(store)
    assert request.delivery_ids == accepted.delivery_ids == (3, 2, 1)
    assert (request.request_id, request.asks) == ("r-1", 1)
    waiting = store.awaiting(request)
    assert [(one.place, one.delivery_id) for one in waiting] == [(0, 3), (1, 2), (2, 1)]


def test_an_accepted_request_and_its_deliveries_are_kept_together_or_not_at_all(
    store: Store, engine: Engine, make_record: Maker, claim: Claimer, settlement: Settlements
) -> None:
    store.record([make_record()])
    number = store.reserve_request("meta", per_minute=None)
    [claimed] = claim()
    request = AcceptedRequest(
        number=number if isinstance(number, int) else 0,
        request_id="r-1",
        delivery_ids=(claimed.delivery_id,),
        ask_at=claimed.deadline,
        ask_until=claimed.deadline,
    )
    with pytest.raises(Exception, match="may not go"):
        store.settle([settlement(claimed, State.PROCESSED)], accepted=request)
    with reading(engine) as connection:
        [row] = connection.execute(select(requests))
    assert (row.request_id, row.outcome, row.ask_at) == (None, "sent", None)


def test_nobody_is_asked_before_the_time_or_twice_within_a_lease(
    store: Store, accepted: AcceptedRequest, dial: Dial
) -> None:
    assert store.due_request("meta", per_minute=None, lease=MINUTE) is None
    dial.turn(minutes=1)
    assert store.due_request("google", per_minute=None, lease=MINUTE) is None
    ask(store)
    assert store.due_request("meta", per_minute=None, lease=MINUTE) is None
    dial.turn(minutes=1)
    assert ask(store).asks == 2


def test_a_question_that_is_put_off_comes_back_then(
    store: Store, accepted: AcceptedRequest, dial: Dial
) -> None:
    dial.turn(minutes=1)
    store.put_off_request(ask(store), until=dial() + timedelta(hours=1))
    dial.turn(minutes=59)
    assert store.due_request("meta", per_minute=None, lease=MINUTE) is None
    dial.turn(minutes=1)
    assert ask(store).asks == 2


def test_questions_have_a_quota_of_their_own(
    store: Store, make_record: Maker, claim: Claimer, accept: Accept, dial: Dial
) -> None:
    for number in "123":
        store.record([make_record(number)])
        accept(claim(), f"r-{number}")
    dial.turn(minutes=1)
    asked = {ask(store, per_minute=2).request_id for _ in range(2)}
    assert store.due_request("meta", per_minute=2, lease=10 * MINUTE) is None
    dial.turn(seconds=59)
    assert store.due_request("meta", per_minute=2, lease=10 * MINUTE) is None
    dial.turn(seconds=1)
    asked |= {ask(store, per_minute=2).request_id}
    assert asked == {"r-1", "r-2", "r-3"}


def report(store: Store, ends: dict[int, State], dial: Dial) -> tuple[OpenRequest, set[int]]:
    """End the deliveries at these places as reported."""
    request = ask(store)
    settlements = [
        Settlement(
            delivery_id=one.delivery_id,
            fence=one.fence,
            state=ends[one.place],
            reason=None if ends[one.place] is State.PROCESSED else "google:INTERNAL_ERROR",
            next_attempt_at=dial(),
            thaw=True,
        )
        for one in store.awaiting(request)
    ]
    return request, store.close_request(request, settlements, outcome="partial", report="said")


def test_a_report_ends_each_delivery_in_its_own_way_and_is_asked_for_no_more(
    store: Store, engine: Engine, queries: Queries, accepted: AcceptedRequest, dial: Dial
) -> None:
    dial.turn(minutes=1)
    ends = {0: State.REJECTED, 1: State.PENDING, 2: State.PROCESSED}
    _, settled = report(store, ends, dial)
    assert settled == {1, 2, 3}
    states = [the_delivery(queries, number) for number in "321"]
    assert [one.state for one in states] == list(ends.values())
    assert {one.report_until for one in states} == {None}
    assert [one.settled_at is None for one in states] == [False, True, False]
    with reading(engine) as connection:
        [row] = connection.execute(select(requests))
    assert (row.ask_at, row.outcome, row.report) == (None, "partial", "said")


def test_what_a_platform_lost_is_sent_again_under_another_request(
    store: Store, claim: Claimer, accept: Accept, accepted: AcceptedRequest, dial: Dial
) -> None:
    dial.turn(minutes=1)
    old, _ = report(store, dict.fromkeys(range(3), State.PENDING), dial)
    accept(claim(), "r-2")
    assert store.awaiting(old) == []
    dial.turn(minutes=1)
    assert len(store.awaiting(ask(store))) == 3


def test_a_late_report_changes_nothing_of_what_has_moved_on(
    store: Store, queries: Queries, accepted: AcceptedRequest, dial: Dial
) -> None:
    dial.turn(minutes=1)
    request = ask(store)
    late = [
        Settlement(delivery_id=one.delivery_id, fence=one.fence, state=State.PROCESSED)
        for one in store.awaiting(request)
    ]
    dial.turn(days=1)
    assert store.end_reports(dial()) == 3
    assert store.close_request(request, late, outcome="success", report="") == set()
    assert the_delivery(queries).state is State.ACCEPTED


def test_the_remainder_is_kept_and_the_event_is_not_until_the_report_has_come(
    store: Store, engine: Engine, accepted: AcceptedRequest, dial: Dial
) -> None:
    store.purge(dial() + 30 * DAY)
    assert kept(engine) == ([b"sealed"] * 3, [None] * 3)
    dial.turn(minutes=1)
    report(store, dict.fromkeys(range(3), State.PROCESSED), dial)
    assert kept(engine)[0] == [None] * 3


def test_where_accepted_is_final_the_remainder_goes_at_once(
    store: Store,
    engine: Engine,
    make_record: Maker,
    claim: Claimer,
    settle: Callable[..., set[int]],
) -> None:
    store.record([make_record()])
    settle(claim()[0], State.ACCEPTED)
    assert kept(engine)[0] == [None]


def test_what_is_never_reported_on_stays_accepted_and_says_so(
    store: Store, engine: Engine, queries: Queries, accepted: AcceptedRequest, dial: Dial
) -> None:
    assert store.end_reports(dial() + DAY - timedelta(seconds=1)) == 0
    dial.turn(days=1)
    assert store.end_reports(dial()) == 3
    assert store.end_reports(dial()) == 0
    delivery = the_delivery(queries)
    assert (delivery.state, delivery.reason) == (State.ACCEPTED, "status_unknown")
    assert delivery.report_until is None
    assert kept(engine)[0] == [None] * 3
    assert store.due_request("meta", per_minute=None, lease=MINUTE) is None
    with reading(engine) as connection:
        assert connection.scalar(select(requests.c.outcome)) == "status_unknown"


def test_nobody_is_asked_when_the_report_can_no_longer_come_swept_or_not(
    store: Store, accepted: AcceptedRequest, dial: Dial
) -> None:
    dial.turn(days=1)
    assert store.due_request("meta", per_minute=None, lease=MINUTE) is None


def test_requests_are_forgotten_when_nobody_can_be_asked_about_them(
    store: Store, engine: Engine, accepted: AcceptedRequest, dial: Dial
) -> None:
    assert store.forget_requests(dial() + timedelta(days=49)) == 0
    assert store.forget_requests(dial() + timedelta(days=50)) == 1
    with reading(engine) as connection:
        assert connection.scalar(select(requests.c.id)) is None


def test_a_refund_waits_for_the_report_on_its_order(
    store: Store, make_record: Maker, claim: Claimer, accept: Accept, dial: Dial
) -> None:
    store.record([make_record("1")])
    accept(claim())
    store.record([make_record("1", kind=Kind.REFUND, reference="r")])
    assert claim() == []
    dial.turn(minutes=1)
    report(store, {0: State.PENDING}, dial)
    [order] = claim()
    accept([order], "r-2")
    assert claim() == []
    dial.turn(minutes=1)
    report(store, {0: State.PROCESSED}, dial)
    [refund] = claim()
    assert refund.delivery_id != order.delivery_id


def test_what_was_delivered_with_a_reason_is_counted_apart(
    store: Store, queries: Queries, accepted: AcceptedRequest, dial: Dial
) -> None:
    assert queries.overview().remarks == {}
    dial.turn(days=1)
    store.end_reports(dial())
    assert queries.overview().remarks == {"meta": {"status_unknown": 3}}
