"""One run: processes up, load on, backlog down, books compared, report written."""

import os
import platform
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]  # ships no types
import psycopg

from loadtests.hook_client import Answer
from loadtests.load.cost import sentence
from loadtests.load.figures import Figures, figures
from loadtests.load.follow import arrivals
from loadtests.load.profile import Choice, Profile
from loadtests.load.record import Call, calls
from loadtests.load.report import Report
from loadtests.load.verdict import changes, judge
from loadtests.load.waits import LockWaits
from loadtests.load.watch import Sample, Watch
from loadtests.postgres_server import Database
from loadtests.stage import SITES, Stage, StageFailed, on_database, open_stage
from loadtests.story import Story

LOCUSTFILE = Path(__file__).parent.parent / "locustfile.py"
PARTS = {"serve": "hook", "work": "sender"}
FINISHED_LATE = 120.0
UNKNOWN = (0, 503)
"""No answer, or one that says that the order may be stored all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to run, where to keep it, and what to set it beside.

    `choice` is how `profile` was chosen; `database` is None for SQLite.
    """

    choice: Choice
    profile: Profile
    folder: Path
    database: Database | None

    @property
    def url(self) -> str | None:
        """The database's URL; None for SQLite."""
        return self.database.url if self.database else None

    baseline: Mapping[str, float]


def run(plan: Plan) -> Report:
    """Run a profile and answer what it came to.

    Raises:
        StageFailed: a part did not come up, or Locust could not do its work.
    """
    if plan.profile.bridges > 1 and plan.url is None:
        raise StageFailed("several bridges need one PostgreSQL: use --database postgresql")
    settings = {**on_database(plan.url), **plan.profile.environment}
    with open_stage(plan.folder / "stage", settings, bridges=plan.profile.bridges) as stage:
        stage.mock.settings(processing_delay_seconds=0)
        record = plan.folder / "calls.ndjson"
        with LockWaits(plan.url) as waits, _watched(stage, plan) as samples:
            _send(stage, plan, record)
            stage.mock.clear_faults()
            _drain(samples, plan.profile.drain_seconds)
        made = list(calls(record))
        return _report(plan, stage, Observed(calls=made, samples=samples.samples, waits=waits))


@contextmanager
def _watched(stage: Stage, plan: Plan) -> Iterator[Watch]:
    parts: defaultdict[str, list[int]] = defaultdict(list)
    parts["mock"] = [stage.mock_process]
    for part, process in chain.from_iterable(map(_children, stage.bridges)):
        parts[part].append(process)
    if plan.database and plan.database.process:
        parts["database"] = [plan.database.process]
    with Watch(parts=parts, metrics_url=f"{stage.bridge_url}/metrics") as watch:
        watch.samples.append(watch.look())
        yield watch


def _children(bridge: int) -> Iterator[tuple[str, int]]:
    """Tell the supervisor's hook from its sender, by the command they were started with."""
    for child in psutil.Process(bridge).children():
        command = child.cmdline()[-1]
        if command in PARTS:
            yield PARTS[command], child.pid


def _send(stage: Stage, plan: Plan, record: Path) -> None:
    environment = os.environ | {
        **plan.choice.environment(),
        "LOAD_RECORD": str(record),
        "LOAD_HOOKS": " ".join(stage.hooks),
        "MOCK_PLATFORM_URL": stage.mock.url,
        "BRIDGE_SITE_SECRET": stage.secrets[SITES[0]],
    }
    command = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless"]
    command += ["--host", stage.bridge_url, "--only-summary", "--exit-code-on-error", "0"]
    command += ["--stop-timeout", "15"]  # calls under way are answered
    done = subprocess.run(  # noqa: S603  # our own interpreter and file
        command,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=plan.profile.seconds + FINISHED_LATE,
    )
    (stage.directory / "locust.log").write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode or not record.is_file():
        raise StageFailed(f"Locust ended with {done.returncode}:\n{done.stderr[-2000:]}")


def _drain(watch: Watch, seconds: float) -> None:
    """Wait until nothing waits any more; what still does after `seconds` is in the figures."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and watch.look().waiting != 0:
        time.sleep(0.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What was seen while the load was on."""

    calls: list[Call]
    samples: list[Sample]
    waits: LockWaits


def _report(plan: Plan, stage: Stage, seen: Observed) -> Report:
    events, made = stage.mock.events(), seen.calls
    worked_out = figures(made, list(arrivals(events, _accepted(made))), seen.samples)
    differences, audit = _differences(stage, made, events), stage.bridge("audit")
    found = "" if audit.returncode == 0 else (audit.stdout or audit.stderr).strip()
    requests = stage.mock.summary()["requests"]["total"]
    numbers = {
        **worked_out.numbers,
        **_costs(worked_out.numbers, stored=_stored(stage, plan)),
        "events_per_request": len(events) / requests if requests else 0.0,
        **seen.waits.numbers(requests),
    }
    return Report(
        profile=plan.profile,
        about=f"{_about(plan)}. {sentence(numbers)}",
        figures=Figures(numbers=numbers, series=worked_out.series),
        lines=judge(numbers, plan.profile.objectives, differences, found),
        differences=differences,
        changes=changes(numbers, plan.baseline),
    )


def _differences(stage: Stage, made: list[Call], events: list[dict[str, Any]]) -> list[str]:
    """Hold the platforms' books against the hook's word."""
    story = Story()
    for call in made:
        for order_no, order in zip(call.sent, call.orders, strict=True):
            if call.status in UNKNOWN:
                story.add_unanswered(order_no)
            else:
                story.add_answer(Answer(status=call.status, body=order))
    story.add_platform(events)
    story.add_endings(stage.orders(story.uncounted))
    return story.differences()


def _costs(numbers: Mapping[str, float], *, stored: int) -> dict[str, float]:
    orders = numbers["accepted"]
    if not orders:
        return {}
    ours = (*PARTS.values(), "database")
    spent = sum(numbers.get(f"cpu_seconds_{part}", 0.0) for part in ours)
    return {"cpu_ms_per_order": 1000 * spent / orders, "disk_kb_per_order": stored / 1000 / orders}


def _stored(stage: Stage, plan: Plan) -> int:
    """Answer how many bytes the database has on disk, its log of the last moments with it."""
    if plan.url is None:
        return sum(file.stat().st_size for file in stage.directory.glob("bridge.sqlite3*"))
    with psycopg.connect(plan.url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0


def _accepted(made: list[Call]) -> dict[str, float]:
    return {
        order["event_id"]: call.ended
        for call in made
        for order in call.orders
        if order.get("status") == "accepted"
    }


def _about(plan: Plan) -> str:
    database = "SQLite" if plan.database is None else "PostgreSQL"
    return (
        f"{database}, Python {platform.python_version()}, {os.cpu_count()} processors for hook, "
        f"sender, mock platform and callers together"
    )
