"""A migrated database on disk for each test, a clock to turn, and orders to store."""

import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from bridge.identity.subject import SubjectKey, SubjectKind
from bridge.order.model import Kind, OrderKey
from bridge.outbox.database import LOCK_TIMEOUT, migrate, open_database, reading, writing
from bridge.outbox.queries import Queries
from bridge.outbox.records import Claim, NewDelivery, Record, Settlement
from bridge.outbox.states import FINAL, State
from bridge.outbox.store import Store

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
First = Callable[[Connection], Callable[[], object] | None]
Meeting = Callable[[First, Callable[[], Any]], Any]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Dial:
    """A clock that stands still until turned."""

    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time

    def turn(self, **by: float) -> datetime:
        self.time += timedelta(**by)
        return self.time


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("outbox") / "migrated.db"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_file: Path) -> str:
    path = tmp_path / "bridge.db"
    shutil.copy(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(database_url: str, request: pytest.FixtureRequest) -> Iterator[Engine]:
    engine = open_database(database_url, lock_timeout=getattr(request, "param", LOCK_TIMEOUT))
    yield engine
    engine.dispose()


@pytest.fixture
def locked(engine: Engine) -> Callable[[], AbstractContextManager[object]]:
    """While it is entered another transaction keeps everybody from writing."""

    @contextmanager
    def lock() -> Iterator[None]:
        with writing(engine) as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("LOCK TABLE orders, destinations IN EXCLUSIVE MODE"))
            yield

    return lock


@pytest.fixture
def meet(engine: Engine) -> Meeting:
    """Run the first in a transaction that commits once the second waits for it, or is done.

    What the first answers, if anything, is run before its commit.
    """

    def waits(later: Future[Any]) -> bool:
        with reading(engine) as connection:
            return later.done() or bool(connection.scalar(WAITING))

    def run(first: First, second: Callable[[], Any]) -> Any:
        with ThreadPoolExecutor(1) as pool:
            with writing(engine) as connection:
                rest = first(connection)
                later = pool.submit(second)
                while not waits(later):
                    time.sleep(0.01)
                if rest is not None:
                    rest()
            return later.result(300)

    return run


@pytest.fixture
def dial() -> Dial:
    return Dial()


@pytest.fixture
def store(engine: Engine, dial: Dial) -> Store:
    return Store(engine, dial, lambda _: dial())


@pytest.fixture
def queries(engine: Engine) -> Queries:
    return Queries(engine)


RecordMaker = Callable[..., Record]


@pytest.fixture
def make_delivery() -> Callable[..., NewDelivery]:
    def make(destination: str = "meta", **changes: object) -> NewDelivery:
        plain = NewDelivery(
            destination=destination,
            state=State.PENDING,
            reason=None,
            not_before=NOON,
            deadline=NOON + timedelta(days=7),
        )
        changed = replace(plain, **changes)
        ended = changed.state in FINAL and changed.reason is None
        return replace(changed, reason="no_consent") if ended else changed

    return make


@pytest.fixture
def make_record(make_delivery: Callable[..., NewDelivery]) -> RecordMaker:
    """An order with one pending delivery to `meta`; `destinations` names others."""

    def make(
        order_no: str = "1",
        *,
        kind: Kind = Kind.ORDER,
        reference: str = "",
        destinations: tuple[str, ...] = ("meta",),
        **changes: object,
    ) -> Record:
        plain = Record(
            key=OrderKey(site_id="RefArch", kind=kind, order_no=order_no, reference=reference),
            event_id=f"event-{order_no}",
            placed_at=NOON - timedelta(hours=1),
            received_at=NOON,
            currency="USD",
            gross="10.00",
            facts=b"facts",
            identities=b'{"meta":{"em":["hash"]}}',
            sealed=b"sealed",
            subjects=(SubjectKey(SubjectKind.EMAIL, 1, f"digest-{order_no}"),),
            deliveries=tuple(make_delivery(destination) for destination in destinations),
        )
        return replace(plain, **changes)

    return make


@pytest.fixture
def claim(store: Store) -> Callable[..., list[Claim]]:
    def claim(
        destination: str = "meta",
        *,
        limit: int = 100,
        owner: str = "sender",
        lease: timedelta = timedelta(minutes=1),
        whole: bool = False,
    ) -> list[Claim]:
        return store.claim(destination, limit=limit, owner=owner, lease=lease, whole=whole)

    return claim


@pytest.fixture
def settlement() -> Callable[..., Settlement]:
    """The end of a claim's attempt; the ends that need a reason get one."""

    def make(claim: Claim, state: State, **changes: object) -> Settlement:
        plain = Settlement(
            delivery_id=claim.delivery_id,
            fence=claim.fence,
            state=state,
            reason=None if state is State.ACCEPTED else "some_reason",
        )
        return replace(plain, **changes)

    return make


@pytest.fixture
def settle(store: Store, settlement: Callable[..., Settlement]) -> Callable[..., set[int]]:
    """End one claim's attempt, and answer what `Store.settle` answers."""

    def settle(claim: Claim, state: State, **changes: object) -> set[int]:
        return store.settle([settlement(claim, state, **changes)])

    return settle
