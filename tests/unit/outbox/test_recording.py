"""Making orders durable: the first call wins, nothing is lost, nothing is doubled."""

from collections.abc import Callable
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import StatementError

from bridge.identity.subject import SubjectKey, SubjectKind
from bridge.order.model import Kind
from bridge.outbox.database import reading
from bridge.outbox.queries import Queries
from bridge.outbox.records import Claim, NewDelivery, Record, Settlement
from bridge.outbox.schema import orders, subject_keys
from bridge.outbox.states import FINAL, State
from bridge.outbox.store import Store

Maker = Callable[..., Record]
DeliveryMaker = Callable[..., NewDelivery]
Claimer = Callable[..., list[Claim]]
Settler = Callable[[Claim, State], Settlement]


def sealed(engine: Engine) -> list[bytes | None]:
    with reading(engine) as connection:
        return list(connection.scalars(select(orders.c.sealed).order_by(orders.c.id)))


def test_answers_stand_in_the_order_of_the_records(store: Store, make_record: Maker) -> None:
    numbers = [str(n) for n in range(50)]
    answers = store.record([make_record(number) for number in numbers])
    assert [answer.event_id for answer in answers] == [f"event-{number}" for number in numbers]
    assert not any(answer.duplicate for answer in answers)


def test_a_repeated_call_is_a_duplicate_and_stores_nothing(
    store: Store, queries: Queries, make_record: Maker
) -> None:
    store.record([make_record()])
    [again] = store.record([make_record(event_id="another")])
    assert (again.duplicate, again.event_id, again.differs) == (True, "event-1", ())
    assert queries.overview().orders == 1


def test_a_repetition_within_one_call_meets_the_first_as_stored(
    store: Store, queries: Queries, make_record: Maker
) -> None:
    answers = store.record(
        [make_record(), make_record("2"), make_record(gross="11"), make_record()]
    )
    assert [answer.duplicate for answer in answers] == [False, False, True, True]
    assert [answer.differs for answer in answers] == [(), (), ("totals.gross",), ()]
    assert queries.overview().orders == 2


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({"gross": "10.0"}, ()),
        ({"gross": "1E+1"}, ()),
        ({"gross": "10.01"}, ("totals.gross",)),
        ({"gross": None}, ("totals.gross",)),
        ({"currency": "EUR"}, ("currency",)),
        ({"currency": None}, ("currency",)),
        ({"facts": b"other", "sealed": None, "identities": b"{}"}, ()),
    ],
)
def test_a_duplicate_says_in_what_it_differs_and_amounts_compare_as_numbers(
    store: Store, make_record: Maker, changes: dict[str, object], differs: tuple[str, ...]
) -> None:
    store.record([make_record()])
    [again] = store.record([make_record(**changes)])
    assert again.differs == differs


def test_everything_that_differs_is_named(store: Store, make_record: Maker) -> None:
    first = make_record()
    store.record([first])
    later = first.placed_at + timedelta(microseconds=1)
    [again] = store.record([make_record(placed_at=later, currency="EUR", gross="1")])
    assert again.differs == ("currency", "totals.gross", "placed_at")


def test_site_kind_number_and_reference_together_make_an_order(
    store: Store, queries: Queries, make_record: Maker
) -> None:
    answers = store.record(
        [
            make_record(),
            make_record(kind=Kind.REFUND, reference="r1"),
            make_record(kind=Kind.REFUND, reference="r2"),
            make_record(kind=Kind.CANCELLATION, reference="r1"),
        ]
    )
    assert not any(answer.duplicate for answer in answers)
    assert len(queries.order_status("1")) == 4


def test_a_duplicate_creates_deliveries_for_destinations_added_since(
    store: Store, queries: Queries, make_record: Maker, claim: Claimer
) -> None:
    store.record([make_record()])
    claim()
    [again] = store.record([make_record(destinations=("google", "meta"))])
    assert [(d.destination, d.state) for d in again.deliveries] == [
        ("meta", State.LEASED),
        ("google", State.PENDING),
    ]
    [order] = queries.order_status("1")
    assert order.wanted == len(order.deliveries) == 2


def test_a_destination_added_since_may_use_what_the_newcomer_brings(
    store: Store, make_record: Maker, claim: Claimer
) -> None:
    store.record([make_record(identities=b'{"meta":{"em":["first"]}}', sealed=b"first")])
    newcomer = make_record(
        destinations=("meta", "google"),
        identities=b'{"meta":{"em":["second"]},"google":{"email":["second"]}}',
        sealed=b"second",
        subjects=(SubjectKey(SubjectKind.PHONE, 1, "phone"),),
    )
    store.record([newcomer])
    [claimed] = claim("google")
    assert orjson.loads(claimed.identities) == {
        "meta": {"em": ["first"]},
        "google": {"email": ["second"]},
    }
    assert claimed.sealed == b"firstsecond"


def test_a_remainder_already_purged_is_replaced_for_a_destination_added_since(
    store: Store, make_record: Maker, claim: Claimer, settlement: Settler, engine: Engine
) -> None:
    store.record([make_record(sealed=b"first")])
    store.settle([settlement(claim()[0], State.ACCEPTED)])
    assert sealed(engine) == [None]
    store.record([make_record(sealed=b"second", destinations=("meta", "google"))])
    assert sealed(engine) == [b"second"]


def test_a_plain_duplicate_brings_no_remainder_back(
    store: Store, make_record: Maker, claim: Claimer, settlement: Settler, engine: Engine
) -> None:
    store.record([make_record()])
    store.settle([settlement(claim()[0], State.ACCEPTED)])
    store.record([make_record()])
    assert sealed(engine) == [None]


def test_what_no_destination_will_be_sent_leaves_no_remainder(
    store: Store, make_record: Maker, make_delivery: DeliveryMaker, engine: Engine
) -> None:
    skipped = make_delivery(state=State.SKIPPED, reason="no_consent")
    held = make_delivery(state=State.HELD)
    store.record([make_record("1", deliveries=(skipped,)), make_record("2", deliveries=(held,))])
    store.record([make_record("1", deliveries=(skipped, make_delivery("b", state=State.SKIPPED)))])
    assert sealed(engine) == [None, b"sealed"]


@pytest.mark.parametrize("state", [State.HELD, State.PENDING, State.SKIPPED, State.EXPIRED])
def test_a_delivery_that_ends_at_once_has_its_time_and_reason(
    store: Store,
    queries: Queries,
    make_record: Maker,
    make_delivery: DeliveryMaker,
    state: State,
) -> None:
    [answer] = store.record([make_record(deliveries=(make_delivery(state=state),))])
    [order] = queries.order_status("1")
    [delivery] = order.deliveries
    assert answer.deliveries[0].state == delivery.state == state
    assert answer.deliveries[0].reason == delivery.reason
    assert (delivery.settled_at is not None) == (state in FINAL)


def test_an_order_nobody_wants_is_kept_all_the_same(
    store: Store, queries: Queries, make_record: Maker
) -> None:
    [answer] = store.record([make_record(deliveries=())])
    assert answer.deliveries == ()
    assert queries.order_status("1")[0].wanted == 0


def test_subject_keys_are_kept_once_each(store: Store, engine: Engine, make_record: Maker) -> None:
    key = SubjectKey(SubjectKind.EMAIL, 1, "digest")
    store.record([make_record(subjects=(key, key))])
    store.record([make_record(subjects=(key,), destinations=("meta", "google"))])
    with reading(engine) as connection:
        assert connection.execute(select(subject_keys.c.digest)).all() == [("digest",)]


def test_a_record_that_cannot_be_stored_takes_its_whole_call_back(
    store: Store, queries: Queries, make_record: Maker
) -> None:
    with pytest.raises((StatementError, TypeError)):
        store.record([make_record(), make_record("2", facts="no bytes")])
    assert queries.overview().orders == 0


def test_nothing_but_hashes_and_sealed_bytes_has_a_column(engine: Engine) -> None:
    found = inspect(engine)
    columns = {
        column["name"] for table in ("orders", "deliveries") for column in found.get_columns(table)
    }
    assert not columns & {"email", "phone", "name", "ip", "user_agent", "address"}
