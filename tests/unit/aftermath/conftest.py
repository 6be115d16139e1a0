"""A migrated outbox with one order claimed, and an operator's desk over it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bridge.aftermath.dead_letter import DeadLetters
from bridge.order.model import Kind, OrderKey
from bridge.outbox.database import migrate, open_database
from bridge.outbox.queries import Queries
from bridge.outbox.records import Claim, NewDelivery, Record, Sending, Settlement
from bridge.outbox.states import State
from bridge.outbox.store import Store


@dataclass
class Dial:
    """A clock that stands still until turned."""

    time: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def turn(self, **by: float) -> datetime:
        self.time += timedelta(**by)
        return self.time


@pytest.fixture
def dial() -> Dial:
    return Dial()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/bridge.db")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine, dial: Dial) -> Store:
    return Store(engine, dial)


@pytest.fixture
def queries(engine: Engine) -> Queries:
    return Queries(engine)


@pytest.fixture
def desk(store: Store, queries: Queries, dial: Dial) -> DeadLetters:
    return DeadLetters(store, queries, dial, enabled={"meta"})


@pytest.fixture
def claim(store: Store) -> Callable[[], Claim]:
    def claim() -> Claim:
        [claimed] = store.claim("meta", limit=10, owner="me", lease=timedelta(minutes=1))
        return claimed

    return claim


@pytest.fixture
def die(store: Store, dial: Dial, claim: Callable[[], Claim]) -> Callable[..., int]:
    """Have an order posted and end badly; answers the delivery's number."""

    def die(state: State, *, unanswered: bool = False, reason: str = "some_reason") -> int:
        store.record([_record(dial())])
        claimed = claim()
        sending = Sending(delivery_id=claimed.delivery_id, fence=claimed.fence, payload=b"event")
        store.mark_sending([sending], at=dial(), lease=timedelta(minutes=1))
        end = Settlement(
            delivery_id=claimed.delivery_id,
            fence=claimed.fence,
            state=state,
            reason=reason,
            unanswered_since=dial() if unanswered else None,
        )
        store.settle([end])
        return claimed.delivery_id

    return die


def _record(now: datetime) -> Record:
    wanted = NewDelivery(
        destination="meta",
        state=State.PENDING,
        reason=None,
        not_before=now,
        deadline=now + timedelta(days=7),
    )
    return Record(
        key=OrderKey(site_id="RefArch", kind=Kind.ORDER, order_no="1"),
        event_id="1",
        placed_at=now,
        received_at=now,
        currency="USD",
        gross="10.00",
        facts=b"facts",
        identities=b"{}",
        sealed=b"sealed",
        subjects=(),
        deliveries=(wanted,),
    )
