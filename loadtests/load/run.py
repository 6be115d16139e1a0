"""One run: processes up, load on, backlog down, books compared, report written."""

import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loadtests.hook_client import Answer
from loadtests.load.bottleneck import CALLERS, bottleneck
from loadtests.load.cost import costs, processor_time, sentence
from loadtests.load.figures import Figures, figures
from loadtests.load.follow import arrivals, events_per_request
from loadtests.load.profile import Choice, Profile
from loadtests.load.record import Call, calls
from loadtests.load.report import Report
from loadtests.load.stored import stored
from loadtests.load.verdict import changes, held, judge
from loadtests.load.waits import LockWaits
from loadtests.load.watch import Sample, Watch, parts_of
from loadtests.postgres_server import Database
from loadtests.processes import running
from loadtests.stage import SITES, Stage, StageFailed, on_database, open_stage
from loadtests.story import Story
from mock_platform.client import MockPlatformError

LOCUSTFILE = Path(__file__).parent.parent / "locustfile.py"
FINISHED_LATE = 120.0
UNKNOWN = (0, 503)
"""No answer, or one that says that the order may be stored all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to run, where to keep it, and what to set it beside.

    `choice` is how `profile` was chosen; `database` is None for SQLite. `most_worse` is how
    many times worse than the baseline a number may be; None for any.
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
    most_worse: float | None


def run(plan: Plan) -> Report:
    """Run a profile and answer what it came to.

    Raises:
        StageFailed: a part did not come up, or Locust could not do its work.
    """
    try:
        plan.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StageFailed(f"nothing can be written to {plan.folder}: {error}") from None
    settings = {**on_database(plan.url), **plan.profile.environment}
    with open_stage(plan.folder / "stage", settings, bridges=plan.profile.bridges) as stage:
        stage.mock.settings(processing_delay_seconds=0, journal_events=plan.profile.most_events)
        record, empty = plan.folder / "calls.ndjson", stored(stage.directory, plan.url)
        _try_weather(stage, plan.profile)
        with LockWaits(plan.url) as waits, _watched(stage, plan) as samples:
            _send(stage, plan, record, samples.parts[CALLERS])
            faulted = sum(fault["hits"] for fault in stage.mock.faults())
            stage.mock.clear_faults()
            samples.drain(plan.profile.drain_seconds)
        made = list(calls(record))
        seen = Observed(
            calls=made,
            samples=samples.samples,
            waits=waits,
            stored=stored(stage.directory, plan.url) - empty,
            faulted=faulted,
        )
        return _report(plan, stage, seen)


def _try_weather(stage: Stage, profile: Profile) -> None:
    """Let the mock say now what is wrong with a fault, not in the middle of the load."""
    for fault in profile.weather:
        try:
            stage.mock.fault(**{"times": None, **fault})
        except (MockPlatformError, TypeError) as error:
            raise StageFailed(f"{profile.name}: weather: {error}") from None
    stage.mock.clear_faults()


@contextmanager
def _watched(stage: Stage, plan: Plan) -> Iterator[Watch]:
    parts = parts_of(stage)
    if plan.database and plan.database.process:
        parts["database"] = [plan.database.process]
    parts[CALLERS] = []
    with Watch(parts=parts, metrics_url=f"{stage.bridge_url}/metrics") as watch:
        watch.samples.append(watch.look())
        yield watch


def _send(stage: Stage, plan: Plan, record: Path, callers: list[int]) -> None:
    """Let Locust do its work; its process becomes one of the `callers`."""
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
    log = stage.directory / "locust.log"
    with (
        log.open("wb") as output,
        running(command, env=environment, stdout=output, stderr=output) as locust,
    ):
        callers.append(locust.pid)
        try:
            ended = locust.wait(plan.profile.seconds + FINISHED_LATE)
        except subprocess.TimeoutExpired:
            raise StageFailed(f"Locust did not end: see {log}") from None
    if ended or not record.is_file():
        raise StageFailed(f"Locust ended with {ended}:\n{log.read_text()[-2000:]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What was seen while the load was on."""

    calls: list[Call]
    samples: list[Sample]
    waits: LockWaits
    stored: int
    faulted: int


def _report(plan: Plan, stage: Stage, seen: Observed) -> Report:
    events, made = stage.mock.events(), seen.calls
    arrived = list(arrivals(events, _accepted(made)))
    worked_out = figures(made, arrived, seen.samples, plan.profile.course)
    differences, audit = _differences(stage, made, events), stage.bridge("audit")
    found = "" if audit.returncode == 0 else (audit.stdout or audit.stderr).strip()
    requests = stage.mock.requests()
    numbers = {
        **worked_out.numbers,
        **costs(worked_out.numbers, seen.stored),
        "faulted_requests": float(seen.faulted),
        "events_per_request": events_per_request(requests),
        **seen.waits.numbers(stage.mock.summary()["requests"]["total"]),
    }
    beside = changes(numbers, plan.baseline)
    lines = judge(numbers, plan.profile.objectives, differences, found)
    return Report(
        profile=plan.profile,
        about=[_about(plan), _busy(plan, numbers), processor_time(numbers), sentence(numbers)],
        figures=Figures(numbers=numbers, series=worked_out.series),
        lines=lines if plan.most_worse is None else [*lines, held(beside, plan.most_worse)],
        differences=differences,
        changes=beside,
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


def _accepted(made: list[Call]) -> dict[str, float]:
    return {
        order["event_id"]: call.ended
        for call in made
        for order in call.orders
        if order.get("status") == "accepted"
    }


def _about(plan: Plan) -> str:
    database, profile = "SQLite" if plan.database is None else "PostgreSQL", plan.profile
    steps = ", ".join(f"{one.orders_per_second:g} for {one.seconds:g} s" for one in profile.steps)
    return (
        f"{database}, Python {platform.python_version()}, {os.cpu_count()} processors for hook, "
        f"sender, mock platform and callers together. Orders a second: {steps}; seed "
        f"{profile.seed}."
    )


def _busy(plan: Plan, numbers: Mapping[str, float]) -> str:
    return bottleneck(numbers, os.cpu_count() or 1, plan.profile.bridges)
