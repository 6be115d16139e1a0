"""Does the mock's journal stay within its bounds? `python -m loadtests.journal_flood --help`.

Sends events to the mock's application in this process, in requests of a thousand, and looks at the
size of the journal's file and of this process on the way. Then it forgets everything, and says how
long that took beside the same with nothing to forget.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import orjson
import psutil  # type: ignore[import-untyped]  # ships no types
from flask.testing import FlaskClient
from rich.console import Console
from rich.table import Table

from mock_platform.app import create_app
from mock_platform.settings import Settings
from mock_platform.workspace import Workspaces

_BATCH = 1000
_RESETS = 100
_MEGABYTE = 1024 * 1024
_DIGEST = "8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How far the flood is: events sent, bytes on disk and in memory, seconds since it began."""

    events: int
    disk: int
    memory: int
    seconds: float


@dataclass(slots=True)
class Resets:
    """Milliseconds a reset took: of the full workspace, and the median of an empty one's."""

    full: float = 0.0
    empty: float = 0.0


def flood(
    events: int, readings: int, settings: Settings, resets: Resets | None = None
) -> Iterator[Reading]:
    """Send `events` events, all different, and take about `readings` readings on the way.

    `resets` is filled in at the end.
    """
    every = max(1, events // _BATCH // readings)
    with tempfile.TemporaryDirectory() as directory:
        workspaces = Workspaces(Path(directory), settings)
        client = create_app(workspaces).test_client()
        began = time.perf_counter()
        for batch in range(events // _BATCH):
            _send(client, batch)
            if (batch + 1) % every == 0:
                yield Reading(
                    events=(batch + 1) * _BATCH,
                    disk=sum(file.stat().st_size for file in Path(directory).iterdir()),
                    memory=psutil.Process().memory_info().rss,
                    seconds=time.perf_counter() - began,
                )
        if resets is not None:
            resets.full = _reset(client)
            resets.empty = statistics.median(_reset(client) for _ in range(_RESETS))
        workspaces.close()


def _reset(client: FlaskClient) -> float:
    began = time.perf_counter()
    client.post("/_mock/reset", json={})
    return (time.perf_counter() - began) * 1000


def _send(client: FlaskClient, batch: int) -> None:
    now = int(time.time())
    events = [_event(f"{batch}-{number}", now) for number in range(_BATCH)]
    answer = client.post(
        "/v26.0/1234567890/events",
        data=orjson.dumps({"data": events, "access_token": "flood"}),
        content_type="application/json",
    )
    if answer.status_code != 200:  # noqa: PLR2004 - HTTP
        raise RuntimeError(answer.text)


def _event(order_id: str, now: int) -> dict[str, object]:
    return {
        "event_name": "Purchase",
        "event_time": now,
        "event_id": order_id,
        "action_source": "website",
        "event_source_url": "https://shop.example.com/confirmation",
        "user_data": {"em": [_DIGEST], "client_user_agent": "Mozilla/5.0"},
        "custom_data": {"value": 12.5, "currency": "USD", "order_id": order_id},
    }


@click.command()
@click.option("--events", type=click.IntRange(_BATCH), default=1_000_000, show_default=True)
@click.option("--kept", type=click.IntRange(1), default=100_000, show_default=True)
@click.option("--remembered", type=click.IntRange(1), default=1_000_000, show_default=True)
@click.option("--readings", type=click.IntRange(1), default=10, show_default=True)
def main(events: int, kept: int, remembered: int, readings: int) -> None:
    """Flood a journal that keeps some events, and remembers some for deduplication."""
    settings = Settings(journal_events=kept, memory_events=remembered)
    table = Table("events", "events/s", "journal MB", "process MB")
    resets = Resets()
    for reading in flood(events, readings, settings, resets):
        table.add_row(
            f"{reading.events:,}",
            f"{reading.events / reading.seconds:,.0f}",
            f"{reading.disk / _MEGABYTE:,.0f}",
            f"{reading.memory / _MEGABYTE:,.0f}",
        )
    console = Console()
    console.print(table)
    console.print(
        f"reset: {resets.full:.1f} ms with {min(events, kept):,} events kept,"
        f" {resets.empty:.1f} ms (median of {_RESETS}) with none"
    )


if __name__ == "__main__":
    main()
