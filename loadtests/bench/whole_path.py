"""Hook, sender and mock platform together: what each takes, and how long a lone order takes.

As many orders as the hook takes, then a few by themselves. Locust is not needed for it, and no
report: `make load` has both.
"""

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson
from rich.console import Group
from rich.table import Table

from loadtests.bench.hook import PATIENCE, Server, serve, singles
from loadtests.bench.spread import Spread, spread
from loadtests.load.cost import costs, processor_time, sentence
from loadtests.load.figures import processor_seconds
from loadtests.load.follow import events_per_request
from loadtests.load.stored import stored
from loadtests.load.supply import Parcel, parcels
from loadtests.load.watch import Watch, parts_of
from loadtests.stage import SITES, Stage, open_stage

LONE: Final = 5
DRAINED_WITHIN: Final = 60.0
COUNTED_WITHIN: Final = 30.0
SPARE: Final = 20
"""Of so many orders one is wanted by all."""
PURPOSES: Final = ("ad_storage", "ad_user_data", "ad_personalization")
SHARE_AIM, LONE_AIM = 0.3, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PathFigures:
    """What a run came to. `numbers` are named as those of `make load`; `lone` in seconds."""

    numbers: Mapping[str, float]
    lone: Spread

    def to_dict(self) -> dict[str, Any]:
        """Answer what `bench.json` holds under `path`."""
        return {
            **self.numbers,
            "mock_cpu_share_aim_at_most": SHARE_AIM,
            "lone_order_seconds": {**self.lone.to_dict(), "aim_at_most": LONE_AIM},
            "cost": sentence(self.numbers),
        }

    def table(self) -> Group:
        """Answer the same for people."""
        table = Table("hook, sender and mock together", "found", "aim")
        share = f"{self.numbers['mock_cpu_share']:.0%}"
        table.add_row("mock's share of the processor time", share, f"at most {SHARE_AIM:.0%}")
        table.add_row("orders a second, taken", f"{self.numbers['orders_per_second']:.0f}", "")
        table.add_row("events a request", f"{self.numbers['events_per_request']:.0f}", "")
        lone = f"{self.lone.median:.2f} s, {self.lone.max:.2f} s at most"
        table.add_row("a lone order is counted within", lone, f"{LONE_AIM:g} s")
        return Group(table, processor_time(self.numbers), sentence(self.numbers))


def measure_path(orders: int, seed: int) -> PathFigures:
    """Let `orders` orders go the whole way, on SQLite."""
    supply = parcels(orders + LONE * SPARE, seed, datetime.now(UTC), SITES[0])
    with (
        tempfile.TemporaryDirectory() as folder,
        open_stage(Path(folder) / "stage", PATIENCE) as stage,
    ):
        stage.mock.settings(processing_delay_seconds=0)
        numbers = _all_at_once(stage, list(islice(supply, orders)))
        wanted = islice(filter(_wanted_by_all, supply), LONE)
        lone = [_counted_after(stage, parcel) for parcel in wanted]
    return PathFigures(numbers=numbers, lone=spread(lone))


def _all_at_once(stage: Stage, taken: Sequence[Parcel]) -> dict[str, float]:
    empty, orders = stored(stage.directory, None), len(taken)
    with Watch(parts=parts_of(stage), metrics_url=f"{stage.bridge_url}/metrics") as watch:
        watch.samples.append(watch.look())
        rate = _send(stage, taken)
        watch.drain(DRAINED_WITHIN)
    spent = processor_seconds(watch.samples)
    numbers = {
        "accepted": float(orders),
        "orders_per_second": rate,
        "events_per_request": events_per_request(stage.mock.requests()),
        **{f"cpu_seconds_{part}": round(seconds, 3) for part, seconds in spent.items()},
        "mock_cpu_share": spent["mock"] / sum(spent.values()),
    }
    return numbers | costs(numbers, stored(stage.directory, None) - empty)


def _send(stage: Stage, taken: Sequence[Parcel]) -> float:
    hook = Server(url=stage.bridge_url, process=stage.bridges[0])
    return serve(hook, singles(taken, hook.url, stage.secrets[SITES[0]]), len(taken)).rate


def _wanted_by_all(parcel: Parcel) -> bool:
    consent = orjson.loads(parcel.body).get("consent") or {}
    return all(consent.get(purpose) == "granted" for purpose in PURPOSES)


def _counted_after(stage: Stage, parcel: Parcel) -> float:
    """Answer the seconds from the call until both platforms have counted an order."""
    begun = time.perf_counter()
    _send(stage, [parcel])
    stage.mock.wait(2, timeout=COUNTED_WITHIN, event_id=parcel.order_no, verdict="counted")
    return time.perf_counter() - begun
