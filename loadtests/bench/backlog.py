"""The command `python -m loadtests.bench.backlog`: what a million waiting deliveries change.

On two installations in turns: the hook's rate, what claiming, marking and settling cost a delivery,
how long a look at the metrics takes, and how far the sender's memory goes while it works.
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import Any, Final

import click
import orjson
import psutil  # type: ignore[import-untyped]  # ships no types
import requests
from rich.console import Console
from rich.table import Table

from bridge.clock import system_clock
from bridge.outbox.store import Store
from loadtests.bench.copies import waiting
from loadtests.bench.hook import environment_of
from loadtests.bench.installations import Installation, installations
from loadtests.bench.spread import Spread, spread
from loadtests.bench.stores import LEASE, sendings, settlements
from loadtests.load.follow import events_per_request
from loadtests.postgres_server import SQLITE
from mock_platform.client import MockWorkspace
from mock_platform.server import MockServer

FEW, MANY = "few", "many"
MEGABYTE: Final = 1024 * 1024
BATCH: Final = 500
DESTINATION: Final = "meta-mock"
LOOK_EVERY: Final = 0.2
SENT_FOR: Final = timedelta(seconds=15)
COST_AIM, MEMORY_AIM, RATE_AIM = 1.3, 50.0, 0.9
COST, RATE, SCRAPE, MEMORY, SENT, FULL = (
    "claim, mark and settle, \N{MICRO SIGN}s a delivery",
    "hook, orders a second",
    "metrics, ms",
    "sender's memory, MB",
    "sent meanwhile",
    "events a request meanwhile",
)

_HELP = """Measure what a great backlog costs, beside a small one, in one run.

Waiting deliveries are copies of 200 that came in by the hook. Prints a table and writes JSON. A
ratio beyond its aim is reported and is no failure.
"""


@click.command(help=_HELP)
@click.option("--database", default=SQLITE, show_default=True, help="sqlite or postgresql.")
@click.option("--few", type=click.IntRange(min=1), default=10_000, show_default=True)
@click.option("--many", type=click.IntRange(min=1), default=1_000_000, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=7, show_default=True)
@click.option("--orders", type=click.IntRange(min=1), default=300, help="In a round at the hook.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), default="backlog.json")
def main(*, database: str, few: int, many: int, rounds: int, orders: int, output: Path) -> None:
    """Run the command."""
    sizes = {FEW: few, MANY: many}
    with installations(database, sizes, seed=rounds) as both:
        found = Found(
            database=database,
            waiting={one.name: waiting(one.engine) for one in both},
            rounds=_in_turns(both, rounds, orders),
            sender={one.name: _sender(one) for one in both},
        )
    output.write_bytes(orjson.dumps(found.to_dict(), option=orjson.OPT_INDENT_2) + b"\n")
    Console().print(found.table())


Measurements = Mapping[str, Mapping[str, float]]
"""By installation, what was measured once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a run came to."""

    database: str
    waiting: Mapping[str, int]
    rounds: Sequence[Measurements]
    sender: Measurements

    def spread_of(self, name: str, what: str) -> Spread:
        """Answer all rounds of one measurement at one installation."""
        return spread([one[name][what] for one in self.rounds])

    def ratio(self, what: str) -> float:
        """Answer many over few, of the medians."""
        return self.spread_of(MANY, what).median / self.spread_of(FEW, what).median

    @property
    def memory_more(self) -> float:
        """Answer by how many MB the sender's memory was greater with the great backlog."""
        return self.sender[MANY][MEMORY] - self.sender[FEW][MEMORY]

    def to_dict(self) -> dict[str, Any]:
        """Answer what is written."""
        return {
            "database": self.database,
            "waiting": dict(self.waiting),
            "medians": {
                what: {name: self.spread_of(name, what).to_dict() for name in (FEW, MANY)}
                for what in (COST, RATE, SCRAPE)
            },
            "sender": {name: dict(one) for name, one in self.sender.items()},
            "cost_ratio": {"found": self.ratio(COST), "aim_at_most": COST_AIM},
            "rate_ratio": {"found": self.ratio(RATE), "aim_at_least": RATE_AIM},
            "memory_more_mb": {"found": self.memory_more, "aim_less_than": MEMORY_AIM},
        }

    def table(self) -> Table:
        """Answer the same for people."""
        table = Table("what", *(f"{self.waiting[one]:,} wait" for one in (FEW, MANY)), "", "aim")
        table.title = f"backlog, {self.database}"
        aims = {COST: f"at most {COST_AIM:g} times", RATE: f"at least {RATE_AIM:g} times"}
        for what in (COST, RATE, SCRAPE):
            medians = (f"{self.spread_of(name, what).median:.1f}" for name in (FEW, MANY))
            table.add_row(what, *medians, f"{self.ratio(what):.2f} times", aims.get(what, ""))
        memory = (f"{self.sender[name][MEMORY]:.1f}" for name in (FEW, MANY))
        aim = f"less than {MEMORY_AIM:g} more"
        table.add_row(MEMORY, *memory, f"{self.memory_more:+.1f}", aim)
        for what in (SENT, FULL):
            table.add_row(what, *(f"{self.sender[name][what]:.0f}" for name in (FEW, MANY)), "", "")
        return table


def _in_turns(both: Sequence[Installation], rounds: int, orders: int) -> list[Measurements]:
    """Measure every round on both, each the first in turn; a round before warms them up."""
    made: list[Measurements] = []
    for number in range(rounds + 1):
        order = both if number % 2 else both[::-1]
        rates = {one.name: one.send(orders) for one in order}
        scrapes = {one.name: _scrape(one) for one in order}
        costs = {one.name: _take_batch(one) for one in order}
        made.append(
            {
                one.name: {
                    RATE: rates[one.name],
                    SCRAPE: scrapes[one.name],
                    COST: costs[one.name],
                }
                for one in both
            }
        )
    return made[1:]


def _scrape(one: Installation) -> float:
    return 1000 * _seconds(lambda: requests.get(f"{one.hook.url}/metrics", timeout=60))


def _take_batch(one: Installation) -> float:
    """Take a batch through a sender's three transactions; answer microseconds a delivery."""
    store = Store(one.engine, system_clock)
    begun = time.perf_counter()
    claims = store.claim(DESTINATION, limit=BATCH, owner="bench", lease=LEASE)
    store.mark_sending(sendings(claims), at=system_clock(), lease=LEASE)
    store.settle(settlements(claims))
    return (time.perf_counter() - begun) / len(claims) * 1e6


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _sender(one: Installation) -> dict[str, float]:
    """Let a sender work for a while; answer its greatest memory, and how much it sent."""
    before = waiting(one.engine)
    settings = {**one.settings, "BRIDGE_DATA_DIR": str(one.folder)}
    with MockServer(data=one.folder / "mock") as mock:
        environment = environment_of({**settings, "MOCK_PLATFORM_URL": mock.url})
        with _running_sender(environment) as process:
            peak, ends = 0, time.monotonic() + SENT_FOR.total_seconds()
            while time.monotonic() < ends:
                peak = max(peak, process.memory_info().rss)
                time.sleep(LOOK_EVERY)
        full = events_per_request(MockWorkspace(mock.url).requests())
    sent = float(before - waiting(one.engine))
    return {MEMORY: peak / MEGABYTE, SENT: sent, FULL: full}


@contextmanager
def _running_sender(environment: dict[str, str]) -> Iterator[psutil.Process]:
    command = [sys.executable, "-m", "bridge", "work"]
    with Popen(command, env=environment, stdout=DEVNULL, stderr=DEVNULL) as process:  # noqa: S603  # our own
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
