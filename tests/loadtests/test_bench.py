"""`make bench`: what it writes, and that it measures what it says."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from facebook_business.adobjects.serverside.event_request import EventRequest  # type: ignore[import-untyped]  # Meta ships no types

from bridge.events.event import PlatformEvent
from loadtests.bench.bridge_path import (
    BOTH,
    META,
    Stopwatch,
    event_stages,
    events,
    events_of_record,
    new_keys,
    storage_stages,
)
from loadtests.bench.meta_sdk import DATASET, sdk_event
from loadtests.bench.population import Case, Population
from loadtests.bench.spread import spread

HASHED_BY_BOTH = ("em", "ph", "ge", "db", "country")


@pytest.fixture(scope="module")
def population() -> Population:
    return Population(seed=7)


@pytest.fixture(scope="module")
def cases(population: Population) -> list[Case]:
    return population.take(60)


def sdk_json(case: Case) -> dict[str, Any]:
    request = EventRequest(pixel_id=DATASET, events=[sdk_event(case.purchase)])
    event: dict[str, Any] = json.loads(request.get_params()["data"][0])
    return event


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a small run printed as JSON, and what it wrote."""
    output: Path = tmp_path_factory.mktemp("bench") / "bench.json"
    command = [
        "--rounds",
        "2",
        "--orders",
        "8",
        "--hook-orders",
        "8",
        "--json",
        "--output",
        str(output),
    ]
    run = subprocess.run(
        [sys.executable, "-m", "loadtests.bench", *command],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert run.stderr == b""
    return json.loads(run.stdout), json.loads(output.read_bytes())


def test_a_run_prints_what_it_writes(written: tuple[dict[str, Any], dict[str, Any]]) -> None:
    printed, file = written
    assert printed == file


def test_every_figure_comes_with_its_noise(written: tuple[dict[str, Any], dict[str, Any]]) -> None:
    _, report = written
    figures = [report["ratio"], report["ratio_meta_alone"]]
    for part in ("contenders", "stages", "storage"):
        assert report[part]
        figures += report[part].values()
    for one in figures:
        assert 0 < one["min"] <= one["median"] <= one["max"]


def test_the_hook_is_measured_beside_a_bare_route(
    written: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    hook = written[1]["hook"]
    assert len(hook["orders_per_second"]) == 3
    assert all(one["min"] > 0 for one in hook["orders_per_second"].values())
    assert {"cpu_ratio", "rate_ratio", "batch_ratio"} < hook.keys()


def test_hook_sender_and_mock_are_measured_together(
    written: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    path = written[1]["path"]
    assert path["accepted"] == 8
    assert 0 < path["mock_cpu_share"] < 1
    assert path["cpu_ms_per_order"] > 0
    assert path["disk_kb_per_order"] > 0
    assert path["lone_order_seconds"]["min"] > 0
    assert "1,000 orders cost" in path["cost"]


def test_the_report_says_what_was_measured(
    written: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    _, report = written
    assert report["aim"] == {"at_most": 0.8, "reached": report["ratio"]["median"] <= 0.8}
    assert set(report["includes"]) == set(report["contenders"])
    assert report["rounds"] == {"number": 2, "orders_in_each": 8}
    counts = report["orders"]
    assert counts["taken"] == 2 * (8 + 3 * 2)
    assert counts["generated"] == (
        counts["taken"]
        + counts["repeated_person"]
        + sum(counts["skipped"].values())
        + counts["refused_by_sdk"]["cleaned"]
    )
    assert report["versions"]["facebook-business"]


def test_the_measured_path_makes_the_very_events_the_pipeline_sends(cases: list[Case]) -> None:
    keys = new_keys()
    for case in cases:
        measured = events(case.raw, BOTH)
        assert [type(one) for one in measured] == [PlatformEvent, PlatformEvent]
        assert measured == events_of_record(case.raw, keys)
        assert measured[:1] == events(case.raw, (META,))


def test_the_stages_run_through_and_are_each_timed(cases: list[Case]) -> None:
    ticks = iter(range(10_000))
    raws = [case.raw for case in cases]
    events, storage = (Stopwatch(lambda: next(ticks)) for _ in range(2))
    event_stages(raws, events)
    storage_stages(raws, new_keys(), storage)
    assert set(events.laps.values()) == set(storage.laps.values()) == {1}
    assert (len(events.laps), len(storage.laps)) == (10, 5)


def test_the_sdk_is_given_the_same_event(cases: list[Case]) -> None:
    for case in cases:
        theirs = sdk_json(case)
        assert theirs.keys() == case.event.keys()
        for part in ("user_data", "custom_data"):
            assert theirs[part].keys() == case.event[part].keys()
        currency = case.event["custom_data"]["currency"].lower()  # as the SDK writes it
        assert theirs["custom_data"] == case.event["custom_data"] | {"currency": currency}
        for name in HASHED_BY_BOTH:
            ours = case.event["user_data"].get(name, [])
            assert sorted(theirs["user_data"].get(name, [])) == sorted(ours)


def test_as_many_texts_are_hashed_for_the_floor_as_for_the_event(cases: list[Case]) -> None:
    for case in cases:
        digests = [
            digest
            for values in case.event["user_data"].values()
            if isinstance(values, list)
            for digest in values
        ]
        assert len(case.hashed_texts) >= len(digests) > 0


def test_nobody_is_measured_twice(population: Population, cases: list[Case]) -> None:
    more = population.take(200)
    people = [
        digest
        for case in cases + more
        for name in ("em", "external_id")
        for digest in set(case.event["user_data"].get(name, ()))
    ]
    assert len(people) == len(set(people))


def test_some_orders_are_passed_over_and_counted(population: Population) -> None:
    population.take(100)
    assert population.counts["repeated_person"] > 0
    assert population.skipped["consent_denied"] > 0
    assert population.refused["as_written"] > 0
    assert population.refused["cleaned"] == 0


def test_a_spread_is_least_middle_and_greatest() -> None:
    assert spread([3.0, 1.0, 8.0]).to_dict() == {"min": 1.0, "median": 3.0, "max": 8.0}
