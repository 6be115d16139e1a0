"""The command `python -m loadtests.bench.stores URL ...`: the outbox on databases side by side."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import count

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from bridge.clock import system_clock
from bridge.order.model import Kind, OrderKey
from bridge.outbox.database import migrate, open_database, writing
from bridge.outbox.records import Claim, NewDelivery, Record, Sending, Settlement
from bridge.outbox.states import State
from bridge.outbox.store import Store

LEASE = timedelta(minutes=2)
DAY = timedelta(days=1)
ENOUGH = b"x" * 1500
"""About as many bytes as the facts of an order and its sealed event have."""

_HELP = """Measure the outbox on databases side by side, in one run: microseconds an order.

URL is a database_url that may be written to, best an empty one of its own. The rows stay there.
Orders are recorded one, 20 and 500 in a transaction, as the hook does with little and much to do;
then they are claimed, marked and settled in batches of 500, as the sender does.
"""


@click.command(help=_HELP)
@click.argument("urls", nargs=-1, required=True, metavar="URL ...")
@click.option("--orders", type=click.IntRange(min=500), default=2000, show_default=True)
def main(urls: Sequence[str], orders: int) -> None:
    """Run the command."""
    table = Table("database", "one", "20 together", "500 together", "claim", "mark", "settle")
    for url in urls:
        engine = open_database(url)
        migrate(engine)
        store = Store(engine, system_clock)
        numbers = count()
        recorded = [_record(store, numbers, orders, size) for size in (1, 20, 500)]
        with writing(engine) as connection:
            connection.execute(text("ANALYZE"))  # as PostgreSQL does by itself within a minute
        figures = [*recorded, *_send(store)]
        table.add_row(engine.dialect.name, *(f"{micros:.0f}" for micros in figures))
        engine.dispose()
    Console().print(table)


def _record(store: Store, numbers: Iterator[int], orders: int, size: int) -> float:
    sample = max(orders * size // 500, 100) // size * size
    groups = [[_order(next(numbers)) for _ in range(size)] for _ in range(sample // size)]
    return _timed(lambda: [store.record(group) for group in groups], sample)


def _send(store: Store) -> tuple[float, float, float]:
    """Take everything through a sender's three transactions; answer what an order costs in each."""
    claimed: list[list[Claim]] = []

    def claim_all() -> None:
        while claims := store.claim("bench", limit=500, owner="bench", lease=LEASE):
            claimed.append(claims)

    def mark_all() -> None:
        for claims in claimed:
            store.mark_sending(sendings(claims), at=system_clock(), lease=LEASE)

    def settle_all() -> None:
        for claims in claimed:
            store.settle(settlements(claims))

    first = time.perf_counter()
    claim_all()
    total = sum(map(len, claimed))
    claiming = (time.perf_counter() - first) / total * 1e6
    return claiming, _timed(mark_all, total), _timed(settle_all, total)


def _timed(work: Callable[[], object], orders: int) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) / orders * 1e6


def _order(number: int) -> Record:
    now, name = system_clock(), f"{time.time_ns()}-{number}"
    return Record(
        key=OrderKey(site_id="bench", kind=Kind.ORDER, order_no=name, reference=""),
        event_id=name,
        placed_at=now,
        received_at=now,
        currency="USD",
        gross="1",
        facts=ENOUGH,
        identities=b"{}",
        sealed=ENOUGH,
        subjects=(),
        deliveries=(
            NewDelivery(
                destination="bench",
                state=State.PENDING,
                reason=None,
                not_before=now,
                deadline=now + DAY,
            ),
        ),
    )


def sendings(claims: Sequence[Claim]) -> list[Sending]:
    """Answer what a sender writes before it posts them."""
    return [Sending(delivery_id=one.delivery_id, fence=one.fence, payload=ENOUGH) for one in claims]


def settlements(claims: Sequence[Claim]) -> list[Settlement]:
    """Answer what a sender writes when all were accepted."""
    return [
        Settlement(delivery_id=one.delivery_id, fence=one.fence, state=State.ACCEPTED)
        for one in claims
    ]


if __name__ == "__main__":
    main()
