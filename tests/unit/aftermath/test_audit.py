"""The audit finds each way in which an order can be lost, stuck or unexplained."""

import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.aftermath.audit import GRACE, examine
from bridge.aftermath.senders import MOST_KEPT
from bridge.order.model import Kind
from bridge.outbox.destinations import DestinationState
from bridge.outbox.queries import DeliveryStatus, OrderStatus
from bridge.outbox.states import FINAL, OPEN, State

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DELIVERED = {State.ACCEPTED, State.PROCESSED}


def delivery(state: State, **changes: object) -> DeliveryStatus:
    """A delivery in that state with which nothing is wrong."""
    sound = DeliveryStatus(
        id=7,
        destination="meta",
        state=state,
        reason=None if state in OPEN | DELIVERED else "why",
        detail=None,
        attempts=1,
        crashes=0,
        next_attempt_at=NOON - timedelta(minutes=15),
        lease_until=NOON if state is State.LEASED else None,
        deadline=NOON + timedelta(days=7),
        first_sent_at=NOON if state in DELIVERED else None,
        unanswered_since=None,
        request_id=None,
        settled_at=NOON if state in FINAL else None,
        report_until=None,
    )
    return replace(sound, **changes)


def order(*deliveries: DeliveryStatus, **changes: object) -> OrderStatus:
    sound = OrderStatus(
        id=3,
        site_id="RefArch",
        kind=Kind.ORDER,
        order_no="1",
        reference="",
        event_id="1",
        placed_at=NOON,
        received_at=NOON,
        wanted=len(deliveries),
        sealed=False,
        deliveries=deliveries,
    )
    return replace(sound, **changes)


@pytest.mark.parametrize("state", list(State))
def test_a_sound_delivery_in_any_state_is_no_finding(state: State) -> None:
    report = examine([order(delivery(state))], NOON)
    assert report.ok
    assert (report.orders, report.deliveries, report.by_state) == (1, 1, {state: 1})


def test_an_empty_outbox_is_sound() -> None:
    report = examine([], NOON)
    assert report.ok
    assert (report.orders, report.deliveries, report.by_state) == (0, 0, {})


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("deliveries_complete", order(delivery(State.ACCEPTED), wanted=2)),
        ("deliveries_complete", order(wanted=1)),
        ("deliveries_complete", order(delivery(State.ACCEPTED), wanted=0)),
        ("remainder_purged", order(delivery(State.ACCEPTED), sealed=True)),
        ("remainder_purged", order(sealed=True)),
        ("end_has_time", order(delivery(State.ACCEPTED, settled_at=None))),
        ("end_has_time", order(delivery(State.SKIPPED, settled_at=None))),
        ("open_has_no_end", order(delivery(State.PENDING, settled_at=NOON))),
        *(
            ("end_has_reason", order(delivery(state, reason=nothing)))
            for state in sorted(FINAL - DELIVERED)
            for nothing in (None, "")
        ),
        ("delivered_was_sent", order(delivery(State.ACCEPTED, first_sent_at=None))),
        ("delivered_was_sent", order(delivery(State.PROCESSED, attempts=0))),
        *(
            ("nothing_open_past_deadline", order(delivery(state, deadline=NOON - 2 * GRACE)))
            for state in sorted(OPEN)
        ),
        ("no_lease_stranded", order(delivery(State.LEASED, lease_until=NOON - 2 * GRACE))),
        ("no_lease_stranded", order(delivery(State.LEASED, lease_until=None))),
        *(
            ("accepted_alone_awaits_report", order(delivery(state, report_until=NOON)))
            for state in sorted(set(State) - {State.ACCEPTED})
        ),
        (
            "no_report_awaited_for_ever",
            order(delivery(State.ACCEPTED, report_until=NOON - 2 * GRACE)),
        ),
    ],
)
def test_a_broken_rule_is_found_and_nothing_else(rule: str, broken: OrderStatus) -> None:
    [finding] = examine([order(delivery(State.ACCEPTED)), broken], NOON).findings
    assert (finding.rule, finding.order_id) == (rule, broken.id)
    assert finding.delivery_id == (
        None if rule in {"deliveries_complete", "remainder_purged"} else 7
    )
    assert finding.message


@pytest.mark.parametrize("state", [*OPEN, State.REJECTED, State.DEAD])
def test_a_remainder_that_may_still_be_needed_is_no_finding(state: State) -> None:
    assert examine([order(delivery(state), delivery(State.ACCEPTED), sealed=True)], NOON).ok


def test_a_remainder_is_kept_for_what_awaits_its_report() -> None:
    awaiting = delivery(State.ACCEPTED, report_until=NOON)
    assert examine([order(awaiting, sealed=True)], NOON).ok


def test_what_is_overdue_is_found_after_the_grace_only() -> None:
    overdue = [order(delivery(State.LEASED, lease_until=NOON, deadline=NOON))]
    assert examine(overdue, NOON + GRACE).ok
    assert len(examine(overdue, NOON + GRACE + timedelta(seconds=1)).findings) == 2
    assert len(examine(overdue, NOON + timedelta(seconds=1), grace=timedelta(0)).findings) == 2


LONG_AGO = NOON - timedelta(minutes=15, seconds=1)
UNSENT = delivery(State.PENDING, attempts=0, next_attempt_at=LONG_AGO)
SENT = delivery(State.ACCEPTED, first_sent_at=NOON - timedelta(minutes=14))


def paused(until: datetime | None) -> DestinationState:
    return DestinationState(
        destination="meta", paused_until=until, pause_reason="throttled", pauses=1
    )


def test_what_nobody_sends_is_found() -> None:
    [finding] = examine([order(UNSENT, id=9)], NOON, pauses=[paused(None)]).findings
    assert (finding.rule, finding.order_id, finding.delivery_id) == ("nobody_sends", 9, 7)
    assert finding.message


@pytest.mark.parametrize(
    "changes",
    [
        {"next_attempt_at": NOON - timedelta(minutes=15)},
        {"attempts": 1},
        {"state": State.HELD},
    ],
)
def test_what_is_not_due_or_was_attempted_does_not_wait_in_vain(changes: Any) -> None:
    assert examine([order(replace(UNSENT, **changes))], NOON).ok


@pytest.mark.parametrize(
    ("until", "found"),
    [
        (NOON + timedelta(hours=1), False),
        (NOON - timedelta(minutes=14), False),
        (LONG_AGO, True),
    ],
)
def test_what_a_pause_keeps_back_does_not_wait_in_vain(until: datetime, found: bool) -> None:
    assert examine([order(UNSENT)], NOON, pauses=[paused(until)]).ok is not found


@pytest.mark.parametrize("sign", [SENT, delivery(State.LEASED, lease_until=NOON + GRACE)])
def test_a_sender_that_is_behind_is_not_missing(sign: DeliveryStatus) -> None:
    assert examine([order(UNSENT), order(sign)], NOON).ok
    elsewhere = replace(sign, destination="google")
    assert not examine([order(UNSENT), order(elsewhere)], NOON).ok


@pytest.mark.parametrize(
    "elder",
    [
        delivery(State.PENDING),
        delivery(State.LEASED, lease_until=NOON),
        delivery(State.ACCEPTED, report_until=NOON + timedelta(hours=1)),
    ],
)
def test_what_waits_for_its_order_does_not_wait_in_vain(elder: DeliveryStatus) -> None:
    refund = order(UNSENT, kind=Kind.REFUND, reference="r")
    elder = replace(elder, first_sent_at=LONG_AGO)
    assert examine([order(elder), refund], NOON).ok
    assert not examine([order(elder, order_no="2"), refund], NOON).ok
    assert not examine([order(elder, order_no=""), replace(refund, order_no="")], NOON).ok


def test_nothing_waits_for_what_is_held() -> None:
    held = order(delivery(State.HELD), kind=Kind.REFUND, reference="r")
    assert not examine([held, order(UNSENT)], NOON).ok


def test_of_a_great_many_findings_all_are_counted_and_the_first_are_kept() -> None:
    many = range(MOST_KEPT + 5)
    waiting = (order(replace(UNSENT, id=one), id=one, order_no=str(one)) for one in many)
    broken = (order(id=one, wanted=1) for one in many)
    for orders, rule in ((waiting, "nobody_sends"), (broken, "deliveries_complete")):
        report = examine(orders, NOON)
        assert (report.ok, report.found) == (False, len(many))
        assert [one.order_id for one in report.findings] == list(many[:MOST_KEPT])
        assert {one.rule for one in report.findings} == {rule}


def test_an_audit_needs_no_more_memory_however_much_waits() -> None:
    def peak(many: int) -> int:
        waiting = (order(replace(UNSENT, id=one), id=one, order_no=str(one)) for one in range(many))
        tracemalloc.start()
        try:
            assert examine(waiting, NOON).found == many
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(10 * MOST_KEPT) < 1.5 * peak(MOST_KEPT)


def test_a_report_with_a_finding_is_not_ok() -> None:
    assert not examine([order(wanted=1)], NOON).ok
