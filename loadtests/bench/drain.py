"""The command `python -m loadtests.bench.drain`: how fast a sender works off what waits.

One destination on SQLite, and a platform that takes everything after a while. Senders of several
checkouts are measured in turns, each on a copy of the same database.
"""

import shutil
import sqlite3
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from subprocess import DEVNULL, Popen
from tempfile import TemporaryDirectory

import click
import orjson
import psutil  # type: ignore[import-untyped]  # ships no types
from rich.console import Console
from rich.table import Table

from bridge.outbox.database import open_database
from loadtests.bench.copies import multiply
from loadtests.bench.hook import environment_of, running_hook, serve, singles
from loadtests.bench.installations import COPIED, await_disk
from loadtests.bench.spread import spread
from loadtests.load.supply import parcels
from loadtests.stage import SITES

DRAINED_WITHIN = 120.0
LOOK_EVERY = 0.1
_OPEN = """
    SELECT 1 FROM deliveries WHERE destination = 'meta' AND state IN ('pending', 'leased') LIMIT 1
"""
HERE = Path(__file__).parents[2]

_HELP = """Measure how many deliveries of one destination a sender takes to their end a second.

They wait on SQLite, and the platform answers each request after DELAY seconds. Every CHECKOUT is a
folder with this project in some version; without one it is this. Prints a table.
"""


class Platform(ThreadingHTTPServer):
    """Takes every event, as Meta says it; knows how many, and when the first and the last came."""

    def __init__(self, delay: float) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.delay = delay
        self.taken, self.requests = 0, 0
        self.began = self.ended = 0.0

    def take(self, events: int) -> None:
        """Count the events of one request, and answer when it is time to."""
        self.began = self.began or time.perf_counter()
        time.sleep(self.delay)
        self.taken, self.requests = self.taken + events, self.requests + 1
        self.ended = time.perf_counter()


class _Taking(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Platform

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        events = len(orjson.loads(body)["data"])
        self.server.take(events)
        answer = orjson.dumps({"events_received": events, "fbtrace_id": "Abcdefgh123"})
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """What one sender came to: orders a second, milliseconds of its processor time an order."""

    rate: float
    cpu_ms: float
    events_per_request: float


@click.command(help=_HELP)
@click.argument("checkouts", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--orders", type=click.IntRange(min=COPIED), default=20_000, show_default=True)
@click.option("--delay", type=float, default=0.2, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True)
@click.option("--web", is_flag=True, help="No other orders than the web's: requests are full.")
def main(*, checkouts: Sequence[Path], orders: int, delay: float, rounds: int, web: bool) -> None:
    """Run the command."""
    trees = list(checkouts or (HERE,))
    found: dict[Path, list[Drained]] = {tree: [] for tree in trees}
    with TemporaryDirectory() as folder:
        full = Path(folder) / "full"
        _fill(full, orders, web=web)
        for number in range(rounds):
            for tree in trees if number % 2 else trees[::-1]:
                found[tree].append(_drain(tree, full, Platform(delay)))
    Console().print(_table(found))


def _fill(folder: Path, orders: int, *, web: bool) -> None:
    """Have so many orders wait for their only destination."""
    made = islice(parcels(COPIED, 1, datetime.now(UTC), SITES[0]), COPIED)
    taken = [one for one in made if not web or orjson.loads(one.body)["channel"] == "storefront"]
    folder.mkdir()
    with running_hook(folder, _destination("http://127.0.0.1:9")) as hook:
        secret = (folder / "site.secret").read_text().strip()
        serve(hook, singles(taken, hook.url, secret), len(taken))
    engine = open_database(f"sqlite:///{folder / 'bridge.sqlite3'}")
    multiply(engine, orders)
    engine.dispose()


def _drain(tree: Path, full: Path, platform: Platform) -> Drained:
    """Run one sender on a copy until nothing is left."""
    folder = full.with_name("copy")
    shutil.copytree(full, folder)
    await_disk(folder)
    url = f"http://127.0.0.1:{platform.server_port}"
    environment = environment_of({**_destination(url), "BRIDGE_DATA_DIR": str(folder)})
    threading.Thread(target=platform.serve_forever, daemon=True).start()
    command = [sys.executable, "-m", "bridge", "work"]
    with Popen(command, cwd=tree, env=environment, stdout=DEVNULL, stderr=DEVNULL) as process:  # noqa: S603  # our own
        _await_end(folder)
        spent = psutil.Process(process.pid).cpu_times()
        process.terminate()
    platform.shutdown()
    platform.server_close()
    shutil.rmtree(folder)
    return Drained(
        rate=platform.taken / (platform.ended - platform.began),
        cpu_ms=1000 * (spent.user + spent.system) / platform.taken,
        events_per_request=platform.taken / platform.requests,
    )


def _await_end(folder: Path) -> None:
    ends = time.monotonic() + DRAINED_WITHIN
    with closing(sqlite3.connect(folder / "bridge.sqlite3")) as connection:
        while connection.execute(_OPEN).fetchone() and time.monotonic() < ends:
            time.sleep(LOOK_EVERY)


def _destination(url: str) -> dict[str, str]:
    meta = {
        "id": "meta",
        "platform": "meta_capi",
        "dataset": "1234567890",
        "base_url": url,
        "token": "plain:mock-token",
        "enabled": True,
    }
    return {"BRIDGE_DESTINATIONS": orjson.dumps([meta]).decode()}


def _table(found: Mapping[Path, Sequence[Drained]]) -> Table:
    table = Table("sender", "orders a second", "min", "max", "ms an order", "events a request")
    for tree, rows in found.items():
        rate = spread([one.rate for one in rows])
        cost = spread([one.cpu_ms for one in rows])
        full = spread([one.events_per_request for one in rows])
        figures = f"{rate.median:.0f}", f"{rate.min:.0f}", f"{rate.max:.0f}"
        table.add_row(tree.resolve().name, *figures, f"{cost.median:.2f}", f"{full.median:.0f}")
    return table


if __name__ == "__main__":
    main()
