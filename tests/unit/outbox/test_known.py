"""What the outbox knows of listed orders, and the correction of one of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from bridge.errors import DeadLetterNotFound, IllegalMove
from bridge.order.model import Kind
from bridge.outbox.operating import Act, Correction
from bridge.outbox.queries import Queries
from bridge.outbox.records import Claim, NewDelivery, Record
from bridge.outbox.states import State
from bridge.outbox.store import Store

Maker = Callable[..., Record]
Dial = Any  # the conftest's clock


@pytest.fixture
def correction(dial: Dial) -> Correction:
    return Correction(
        before=b"facts",
        facts=b"corrected",
        currency="EUR",
        gross="12.50",
        placed_at=dial(),
        deadline=dial() + timedelta(days=3),
    )


@pytest.fixture
def rejected(
    store: Store,
    make_record: Maker,
    claim: Callable[..., list[Claim]],
    settle: Callable[..., set[int]],
) -> int:
    store.record([make_record()])
    [claimed] = claim()
    settle(claimed, State.REJECTED)
    return claimed.delivery_id


def test_listed_orders_are_known_by_site_and_number(
    store: Store, queries: Queries, make_record: Maker
) -> None:
    order = make_record("1", destinations=("meta", "google"))
    elsewhere = make_record("2", destinations=())
    elsewhere = replace(elsewhere, key=structs.replace(elsewhere.key, site_id="Other"))
    refund = make_record("3", kind=Kind.REFUND, reference="r")
    store.record([order, elsewhere, refund])

    known = queries.known_orders([("RefArch", number) for number in ("1", "2", "3", "9")])

    assert known.keys() == {("RefArch", "1")}
    one = known["RefArch", "1"]
    assert (one.currency, one.gross, one.placed_at) == ("USD", "10.00", order.placed_at)
    assert {(each.destination, each.state) for each in one.deliveries} == {
        ("meta", State.PENDING),
        ("google", State.PENDING),
    }
    assert queries.known_orders([("Other", "2")])["Other", "2"].deliveries == ()


def test_what_expired_is_counted_by_destination(
    store: Store, queries: Queries, dial: Dial, make_record: Maker, make_delivery: Any
) -> None:
    gone: tuple[NewDelivery, ...] = (make_delivery("meta", state=State.EXPIRED),)
    store.record([make_record(number, deliveries=gone) for number in ("1", "2")])
    store.record([make_record("3")])

    assert queries.expired_since(dial() - timedelta(hours=1)) == {"meta": 2}
    assert queries.expired_since(dial()) == {}


def test_a_correction_is_the_orders_and_sends_the_letter_again(
    store: Store, queries: Queries, rejected: int, correction: Correction, claim: Any
) -> None:
    store.correct_dead_letter(Act(delivery_id=rejected, name="edit", detail="d"), correction)

    known = queries.known_orders([("RefArch", "1")])["RefArch", "1"]
    [claimed] = claim()
    assert (known.currency, known.gross) == ("EUR", "12.50")
    assert (claimed.facts, claimed.payload, claimed.deadline) == (
        b"corrected",
        None,
        correction.deadline,
    )


def test_of_two_who_correct_at_once_the_second_is_refused_and_changes_nothing(
    store: Store, queries: Queries, rejected: int, correction: Correction
) -> None:
    act = Act(delivery_id=rejected, name="edit", detail="d")

    with pytest.raises(IllegalMove, match="Somebody else"):
        store.correct_dead_letter(act, replace(correction, before=b"older"))

    assert queries.dead_letter(rejected).delivery.state is State.REJECTED
    assert queries.audit_trail() == []
    assert queries.facts_of(rejected) == b"facts"


def test_only_a_dead_letter_is_corrected(
    store: Store, queries: Queries, make_record: Maker, correction: Correction
) -> None:
    store.record([make_record()])

    with pytest.raises(DeadLetterNotFound):
        store.correct_dead_letter(Act(delivery_id=1, name="edit", detail="d"), correction)
    with pytest.raises(DeadLetterNotFound):
        queries.facts_of(1)
