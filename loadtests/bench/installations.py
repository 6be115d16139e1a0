"""Installations that differ only in how much waits: one hook each, no sender."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from bridge.outbox.database import open_database
from loadtests.bench.copies import multiply
from loadtests.bench.hook import Server, running_hook, serve, singles
from loadtests.load.supply import Parcel, parcels
from loadtests.postgres_server import MEASURED, POSTGRESQL, running_server
from loadtests.stage import SITES, on_database

COPIED = 200
"""Orders that come in by the hook; all others are copies of them."""
CALM_WITHIN = 180.0
CALM_COMMITS = 200
COMMIT_BYTES = 256 * 1024
QUICK = 0.05
ROOM = {"max_wal_size": "4GB"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One of them. `supply` gives orders that it has never seen."""

    name: str
    folder: Path
    settings: Mapping[str, str]
    hook: Server
    engine: Engine
    supply: Iterator[Parcel]

    def send(self, orders: int) -> float:
        """Send it new orders, one a call; answer how many it took a second."""
        secret = (self.folder / "site.secret").read_text().strip()
        calls = singles(list(islice(self.supply, orders)), self.hook.url, secret)
        return serve(self.hook, calls, orders).rate


@contextmanager
def installations(
    database: str, sizes: Mapping[str, int], seed: int
) -> Iterator[list[Installation]]:
    """Have one for each size, with at least so many deliveries waiting, until the block is left."""
    with ExitStack() as running:
        folder = Path(running.enter_context(TemporaryDirectory()))
        made = []
        for name, settings in _databases(running, database, sizes).items():
            (folder / name).mkdir()
            supply = parcels(2 * COPIED, seed, datetime.now(UTC), SITES[0])
            one = _engine(folder / name, settings)
            running.callback(one.dispose)
            with _installation(folder / name, settings, one, supply) as first:
                first.send(COPIED)
            multiply(one, sizes[name])
            made.append((folder / name, settings, one, supply))
        await_disk(folder)
        yield [running.enter_context(_installation(*one)) for one in made]


def await_disk(folder: Path) -> None:
    """Return when a commit is quick again: after gigabytes a machine's disk is slow for a while."""
    os.sync()
    ends = time.monotonic() + CALM_WITHIN
    calm = 0
    with (folder / "flushed").open("wb", buffering=0) as file:
        while calm < CALM_COMMITS and time.monotonic() < ends:
            begun = time.perf_counter()
            file.write(bytes(COMMIT_BYTES))
            os.fsync(file)
            calm = calm + 1 if time.perf_counter() - begun < QUICK else 0


def _databases(
    running: ExitStack, database: str, names: Mapping[str, int]
) -> dict[str, dict[str, str]]:
    """Answer the settings of each: SQLite's file is in its folder, PostgreSQL's have one server."""
    if database != POSTGRESQL:
        return {name: {} for name in names}
    server = running.enter_context(running_server(in_memory=False, **MEASURED, **ROOM))
    return {name: on_database(server.url(server.create_database())) for name in names}


def _engine(folder: Path, settings: Mapping[str, str]) -> Engine:
    file = f"sqlite:///{folder / 'bridge.sqlite3'}"
    return open_database(settings.get("BRIDGE_DATABASE_URL", file))


@contextmanager
def _installation(
    folder: Path, settings: Mapping[str, str], engine: Engine, supply: Iterator[Parcel]
) -> Iterator[Installation]:
    with running_hook(folder, settings) as hook:
        yield Installation(
            name=folder.name,
            folder=folder,
            settings=settings,
            hook=hook,
            engine=engine,
            supply=supply,
        )
