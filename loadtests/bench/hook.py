"""What an order costs the hook beside a bare Flask route on the same server with the same body.

Both are processes of their own, called by the same threads over kept-alive connections, in turns.
Processor time is the servers' alone; the rate is what callers and server reach together here.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from subprocess import DEVNULL, run
from typing import Any
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]  # ships no types
from rich.table import Table

from loadtests.bench.spread import Spread, spread
from loadtests.hook_client import BATCH_PATH, ONE_PATH, HookClient, SignedCall
from loadtests.load.supply import Parcel, parcels
from loadtests.processes import running
from loadtests.stage import SITES, free_port, wait_until_ready

BARE, SINGLE, BATCH = "bare Flask route", "hook, one order a call", "hook, 100 orders a call"
CALLERS = 8
BATCH_ORDERS = 100
TAKEN = (200, 202)
PATIENCE = {"BRIDGE_HOOK__SHED_AFTER": "30", "BRIDGE_HOOK__STORE_TIMEOUT": "30"}
"""Seconds: measured is what orders cost, not whom a hook on a busy machine sends away."""
TICK = 0.01
"""Seconds in which processes' time is counted: less cannot be told from nothing."""
CPU_AIM, RATE_AIM, BATCH_AIM = 2.0, 0.5, 4.0


class HookRefused(Exception):
    """A measured call was not taken; the message says what was answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What one contender took in one round: milliseconds of processor time, orders a second."""

    cpu_ms: float
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HookFigures:
    """All rounds, by contender."""

    rounds: Sequence[dict[str, Served]]

    def cpu(self, name: str) -> Spread:
        """Answer milliseconds of processor time an order."""
        return spread([one[name].cpu_ms for one in self.rounds])

    def rate(self, name: str) -> Spread:
        """Answer orders a second."""
        return spread([one[name].rate for one in self.rounds])

    @property
    def cpu_ratio(self) -> Spread:
        """Answer the hook's processor time an order over the bare route's."""
        return spread([one[SINGLE].cpu_ms / one[BARE].cpu_ms for one in self.rounds])

    @property
    def rate_ratio(self) -> Spread:
        """Answer the hook's greatest rate over the bare route's."""
        return spread([one[SINGLE].rate / one[BARE].rate for one in self.rounds])

    @property
    def batch_ratio(self) -> Spread:
        """Answer the batch hook's orders a second over the single hook's."""
        return spread([one[BATCH].rate / one[SINGLE].rate for one in self.rounds])

    def to_dict(self) -> dict[str, Any]:
        """Answer what `bench.json` holds under `hook`."""
        names = list(self.rounds[0])
        return {
            "cpu_ms_per_order": {name: self.cpu(name).to_dict() for name in names},
            "orders_per_second": {name: self.rate(name).to_dict() for name in names},
            "cpu_ratio": {**self.cpu_ratio.to_dict(), "aim_at_most": CPU_AIM},
            "rate_ratio": {**self.rate_ratio.to_dict(), "aim_at_least": RATE_AIM},
            "batch_ratio": {**self.batch_ratio.to_dict(), "aim_at_least": BATCH_AIM},
        }

    def table(self) -> Table:
        """Answer the same for people."""
        table = Table("the hook: durable, signed, SQLite", "min", "median", "max")
        rows = {f"{name}, ms of processor time an order": self.cpu(name) for name in self.rounds[0]}
        rows |= {f"{name}, orders a second": self.rate(name) for name in self.rounds[0]}
        rows |= {
            f"processor time, hook / bare (aim: at most {CPU_AIM:g})": self.cpu_ratio,
            f"rate, hook / bare (aim: at least {RATE_AIM:g})": self.rate_ratio,
            f"rate, batch / single (aim: at least {BATCH_AIM:g})": self.batch_ratio,
        }
        for name, one in rows.items():
            table.add_row(name, *(f"{value:.2f}" for value in (one.min, one.median, one.max)))
        return table


def measure_hook(rounds: int, orders: int, seed: int) -> HookFigures:
    """Measure `rounds` rounds of `orders` new orders for each contender."""
    supply = parcels(orders, seed, datetime.now(UTC), SITES[0])
    with (
        tempfile.TemporaryDirectory() as folder,
        _bare() as bare,
        running_hook(Path(folder), {}) as hook,
    ):
        secret = (Path(folder) / "site.secret").read_text().strip()
        made = []
        for number in range(rounds + 1):  # the first warms all of them up
            taken = list(islice(supply, orders)), list(islice(supply, orders))
            figures = {
                BARE: serve(bare, singles(taken[0], bare.url, secret), orders),
                SINGLE: serve(hook, singles(taken[0], hook.url, secret), orders),
                BATCH: serve(hook, _batches(taken[1], hook.url, secret), orders),
            }
            made += [figures] if number else []
    return HookFigures(rounds=made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server: where it is, and its process."""

    url: str
    process: int

    def spent(self) -> float:
        """Answer seconds of processor time of the whole process tree."""
        root = psutil.Process(self.process)
        times = [one.cpu_times() for one in (root, *root.children(recursive=True))]
        return float(sum(one.user + one.system for one in times))


@contextmanager
def _bare() -> Iterator[Server]:
    port = free_port()
    with _running([sys.executable, "-m", "loadtests.bench.bare", str(port)], {}, port) as server:
        yield server


@contextmanager
def running_hook(folder: Path, more: Mapping[str, str]) -> Iterator[Server]:
    """Have a hook without a sender, with its data in `folder` and `more` settings."""
    port = free_port()
    settings = {**PATIENCE, **more, "BRIDGE_DATA_DIR": str(folder), "BRIDGE_HOOK__PORT": str(port)}
    command = [sys.executable, "-m", "bridge"]
    environment = environment_of(settings)
    run([*command, "migrate"], env=environment, check=True, stdout=DEVNULL)  # noqa: S603  # our own
    with _running([*command, "serve"], settings, port) as server:
        yield server


@contextmanager
def _running(command: list[str], settings: Mapping[str, str], port: int) -> Iterator[Server]:
    with running(command, env=environment_of(settings), stdout=DEVNULL) as process:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(url, "its output above")
        yield Server(url=url, process=process.pid)


def environment_of(settings: Mapping[str, str]) -> dict[str, str]:
    """Answer our own variables but for the bridge's, and these settings for it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BRIDGE_")}
    return {**kept, **settings}


def singles(taken: Sequence[Parcel], url: str, secret: str) -> list[SignedCall]:
    """Sign a call for each order."""
    signer = HookClient(url, dict.fromkeys(SITES, secret))
    return [
        signer.signed_bytes(ONE_PATH, parcel.site, f"order.{parcel.order_no}", parcel.body)
        for parcel in taken
    ]


def _batches(taken: Sequence[Parcel], url: str, secret: str) -> list[SignedCall]:
    signer = HookClient(url, dict.fromkeys(SITES, secret))
    groups = [taken[start : start + BATCH_ORDERS] for start in range(0, len(taken), BATCH_ORDERS)]
    return [
        signer.signed_bytes(
            BATCH_PATH,
            group[0].site,
            f"batch.{group[0].order_no}",
            b"[" + b",".join(parcel.body for parcel in group) + b"]",
        )
        for group in groups
    ]


def serve(server: Server, calls: Sequence[SignedCall], orders: int) -> Served:
    """Make the calls as fast as they are answered."""
    spent, begun = server.spent(), time.perf_counter()
    with ThreadPoolExecutor(CALLERS) as callers:
        list(callers.map(_call_all, [calls[start::CALLERS] for start in range(CALLERS)]))
    seconds = time.perf_counter() - begun
    cost = max(server.spent() - spent, TICK)
    return Served(cpu_ms=1000 * cost / orders, rate=orders / seconds)


def _call_all(calls: Sequence[SignedCall]) -> None:
    if not calls:
        return
    connection = HTTPConnection(urlsplit(calls[0].url).netloc, timeout=30)
    for call in calls:
        connection.request("POST", urlsplit(call.url).path, call.body, call.headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status not in TAKEN:
            raise HookRefused(f"{answer.status} {body[:200]!r}")
    connection.close()
