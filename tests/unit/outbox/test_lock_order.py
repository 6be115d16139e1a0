"""PostgreSQL: whoever works on the same orders at the same time waits, and never in a ring."""

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, text

from bridge.aftermath.audit import examine
from bridge.errors import DeadLetterNotFound
from bridge.identity.subject import SubjectKey, SubjectKind
from bridge.order.eligibility import SkipReason
from bridge.order.model import Channel, Facts, Instance, Kind, OrderKey
from bridge.order.stored import facts_to_json
from bridge.outbox import erasing
from bridge.outbox.database import open_database
from bridge.outbox.operating import Act
from bridge.outbox.queries import Queries
from bridge.outbox.records import Claim, NewDelivery, Record, Sending, Settlement
from bridge.outbox.schema import deliveries, orders
from bridge.outbox.states import State
from bridge.outbox.store import Store

Maker = Callable[..., Record]
Claimer = Callable[..., list[Claim]]
Settler = Callable[..., set[int]]
Dial = Any  # the conftest's clock
MINUTE = timedelta(minutes=1)
FACTS = facts_to_json(
    Facts(
        key=OrderKey(site_id="RefArch", kind=Kind.ORDER, order_no="1"),
        event_id="event-1",
        instance=Instance.PRODUCTION,
        channel=Channel.STOREFRONT,
        placed_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
)
PERSON = SubjectKey(SubjectKind.EMAIL, 1, "digest-1")


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url, lock_timeout=300)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.execute(text(f"ALTER DATABASE {name} SET deadlock_timeout = '20ms'"))
    engine.dispose()
    yield engine
    engine.dispose()


def accept(store: Store, claimed: Claim) -> None:
    ended = Settlement(delivery_id=claimed.delivery_id, fence=claimed.fence, state=State.ACCEPTED)
    store.settle([ended])


def discard(store: Store, claimed: Claim) -> None:
    act = Act(delivery_id=claimed.delivery_id, name="discard", detail="")
    with suppress(DeadLetterNotFound):  # cancelled by the erasure
        store.discard_dead_letters([act], reason="wrong")


def expire_stranded(store: Store, claimed: Claim) -> None:
    store.renew([claimed], lease=-MINUTE)
    store.expire(claimed.deadline)


ENDS: dict[Callable[[Store, Claim], object], State] = {
    accept: State.LEASED,
    discard: State.REJECTED,
    lambda store, claimed: store.expire(claimed.deadline): State.PENDING,
    expire_stranded: State.LEASED,
    lambda store, claimed: store.purge(claimed.deadline): State.REJECTED,
    lambda store, claimed: store.end_reports(claimed.deadline): State.ACCEPTED,
}


@pytest.fixture(
    params=ENDS.items(), ids=["settle", "discard", "expire", "stranded", "purge", "end_reports"]
)
def end(
    request: pytest.FixtureRequest,
    store: Store,
    make_record: Maker,
    claim: Claimer,
    settle: Settler,
) -> Callable[[], object]:
    """Something that ends a delivery or what is kept of it, and then looks at its order."""
    way, before = request.param
    store.record([make_record(facts=FACTS)])
    [claimed] = claim()
    if before is not State.LEASED:
        settle(claimed, before, report_until=claimed.deadline if before is State.ACCEPTED else None)
    return lambda: way(store, claimed)


def test_who_ends_a_delivery_and_who_erases_its_order_do_not_block_each_other(
    end: Callable[[], object], queries: Queries, dial: Dial, meet: Any
) -> None:
    def lock_then_erase(connection: Connection) -> Callable[[], object]:
        connection.execute(select(orders.c.id).with_for_update())
        return lambda: erasing.erase(connection, [PERSON], dial())

    meet(lock_then_erase, end)
    assert not queries.order_status("1")[0].sealed


def test_calls_repeated_in_one_transaction_lock_all_that_they_stop_in_one_order(
    store: Store, make_record: Maker, queries: Queries, meet: Any
) -> None:
    lower, higher = make_record("1", facts=FACTS), make_record("2", facts=FACTS)
    store.record([lower, higher])

    def lock_lower_then_higher(connection: Connection) -> Callable[[], object]:
        first, second = connection.scalars(select(deliveries.c.id).order_by(deliveries.c.id))
        one = select(deliveries.c.id).with_for_update()
        connection.execute(one.where(deliveries.c.id == first))
        return lambda: connection.execute(one.where(deliveries.c.id == second))

    meet(lock_lower_then_higher, lambda: store.record([lower, denied(higher), denied(lower)]))
    ended = {d.state for number in "12" for o in queries.order_status(number) for d in o.deliveries}
    assert ended == {State.CANCELLED}


def test_orders_met_beside_one_that_joins_another_are_locked_before_any_delivery(
    store: Store, make_record: Maker, queries: Queries, meet: Any
) -> None:
    joined, met = make_record("1", facts=FACTS), make_record("2", facts=FACTS)
    store.record([joined, met])
    edited = replace(
        make_record("3", facts=FACTS),
        replaces="1",
    )

    def lock_order_met_then_deliveries(connection: Connection) -> Callable[[], object]:
        connection.execute(select(orders.c.id).where(orders.c.order_no == "2").with_for_update())
        return lambda: connection.execute(select(deliveries.c.id).with_for_update())

    meet(lock_order_met_then_deliveries, lambda: store.record([edited, met]))
    assert [one.order_no for one in queries.order_status("3")] == ["3"]


def denied(record: Record) -> Record:
    """The same call once more, now with a no to everything."""
    return refused_at(record, {one.destination for one in record.deliveries})


def refused_at(record: Record, destinations: Collection[str]) -> Record:
    refused = tuple(
        replace(one, state=State.SKIPPED, reason=SkipReason.CONSENT_DENIED)
        if one.destination in destinations
        else one
        for one in record.deliveries
    )
    return replace(record, deliveries=refused, denied=frozenset(destinations))


class Crowd:
    """Everybody who ever writes, at the same few orders."""

    def __init__(self, engine: Engine, dial: Dial, records: list[Record]) -> None:
        self.store, self.queries = Store(engine, dial), Queries(engine)
        self.now, self.records = dial(), records

    def record(self, chance: Random) -> None:
        self.store.record([self.repeated(chance) for _ in range(5)])

    def repeated(self, chance: Random) -> Record:
        """A call that comes again: as it was, or with consent denied, or edited from another."""
        one = chance.choice(self.records)
        if one.key.kind is Kind.ORDER and chance.random() < 0.2:
            number = f"{one.key.order_no}-{chance.randrange(99)}"
            return replace(
                one,
                key=OrderKey(site_id="RefArch", kind=Kind.ORDER, order_no=number),
                replaces=one.key.order_no,
            )
        denied = chance.choice([None, *one.deliveries])
        return refused_at(one, {denied.destination} if denied else ())

    def deliver(self, chance: Random) -> None:
        name = chance.choice(["meta", "google"])
        claims = self.store.claim(name, limit=7, owner=name, lease=MINUTE)
        sendings = [
            Sending(delivery_id=c.delivery_id, fence=c.fence, payload=b"event") for c in claims
        ]
        self.store.mark_sending(sendings, at=self.now, lease=MINUTE, destination=name)
        chance.shuffle(claims)
        self.store.settle([self.settlement(one, chance) for one in claims])

    def settlement(self, claim: Claim, chance: Random) -> Settlement:
        return Settlement(
            delivery_id=claim.delivery_id,
            fence=claim.fence,
            state=chance.choice([State.ACCEPTED, State.REJECTED, State.PENDING, State.PENDING]),
            reason="why",
            report_until=None,
        )

    def release(self, chance: Random) -> None:
        self.store.release(chance.choice(["meta", "google"]))

    def erase(self, chance: Random) -> None:
        if chance.random() < 0.2:
            self.store.erase(chance.choice(self.records).subjects)

    def sweep(self, _: Random) -> None:
        self.store.expire(self.now)
        self.store.purge(self.now)
        self.store.release_adjustments(self.now)

    def discard(self, chance: Random) -> None:
        letters = self.queries.dead_letters(limit=50)
        if letters:
            chosen = chance.sample(letters, min(3, len(letters)))
            acts = [Act(delivery_id=o.delivery.id, name="discard", detail="") for o in chosen]
            with suppress(DeadLetterNotFound):
                self.store.discard_dead_letters(acts, reason="wrong")


def test_everybody_at_the_same_orders_at_once_blocks_nobody_and_loses_nothing(
    engine: Engine, make_record: Maker, make_delivery: Callable[..., NewDelivery], dial: Dial
) -> None:
    records = [
        make_record(
            f"{n % 6}",
            kind=kind,
            reference="" if kind is Kind.ORDER else f"r{n}",
            facts=FACTS,
            subjects=(SubjectKey(SubjectKind.EMAIL, 1, f"digest-{n % 4}"),),
            deliveries=tuple(
                make_delivery(name, deadline=dial() + timedelta(hours=n % 3))
                for name in ("meta", "google")
            ),
        )
        for n, kind in enumerate([Kind.ORDER] * 6 + [Kind.REFUND] * 6)
    ]
    crowd = Crowd(engine, dial, records)
    crowd.store.record(records)

    def keep_at(work: Callable[[Random], None], seed: int) -> None:
        chance = Random(seed)
        for _ in range(40):
            work(chance)

    works = [crowd.record, crowd.deliver, crowd.release, crowd.erase, crowd.sweep, crowd.discard]
    with ThreadPoolExecutor(len(works) * 2) as pool:
        running = [pool.submit(keep_at, work, n) for n, work in enumerate([*works, *works[:4]])]
        assert [one.exception() for one in running] == [None] * len(running)
    with crowd.queries.snapshot() as snapshot:
        stored = list(snapshot.orders)
    assert {one.key for one in records} <= {
        OrderKey(site_id=o.site_id, kind=o.kind, order_no=o.order_no, reference=o.reference)
        for o in stored
    }
    assert examine(stored, dial(), grace=timedelta(days=9)).findings == ()
