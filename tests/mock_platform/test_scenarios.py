"""Scenarios: shipped, one's own, by API and by command."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from mock_platform.cli import main
from mock_platform.client import MockPlatformError, MockWorkspace
from mock_platform.fault import FaultError
from mock_platform.scenario import ScenarioError, read_scenario, shipped
from mock_platform.server import MockServer

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]


@pytest.fixture
def statuses(event: EventFactory, post: Post) -> Callable[[int], list[int]]:
    return lambda count: [post(event()).status_code for _ in range(count)]


def test_the_token_expires_at_the_tenth_call(
    workspace: MockWorkspace, statuses: Callable[[int], list[int]]
) -> None:
    workspace.start("token-expires-at-10th-call")
    assert statuses(12) == [200] * 9 + [401] * 3
    workspace.stop()
    assert statuses(2) == [200, 200]


def test_calls_are_throttled_for_a_minute_of_the_workspaces_time(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.start("throttled-for-60-seconds")
    answer = post(event())
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 80004)
    assert answer.headers["Retry-After"] == "5"
    workspace.advance(61)
    assert post(event()).status_code == 200


def test_the_flood_after_an_outage_is_throttled(
    workspace: MockWorkspace, statuses: Callable[[int], list[int]]
) -> None:
    workspace.start("down-5-minutes-then-flood")
    assert statuses(2) == [503, 503]
    workspace.advance(301)
    assert statuses(4) == [200, 400, 200, 400]
    workspace.advance(60)
    assert statuses(4) == [200] * 4


def test_a_schema_change_comes_after_five_calls(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.start("schema-change")
    shapes = ["events_received" in post(event()).json() for _ in range(7)]
    assert shapes == [True] * 5 + [False] * 2
    assert [each["verdict"] for each in workspace.events()] == ["counted"] + ["deduplicated"] * 6


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_starts_and_stops_without_a_trace(
    workspace: MockWorkspace, name: str
) -> None:
    before = workspace.settings()
    running = workspace.start(name)
    assert running["name"] == name
    assert running["description"]
    assert workspace.scenarios()["running"] == running
    workspace.stop()
    assert (workspace.settings(), workspace.faults()) == (before, [])
    assert workspace.scenarios()["running"] is None


def test_a_scenario_keeps_the_faults_that_stood_before(workspace: MockWorkspace) -> None:
    workspace.fault("reset", match={"order_id": "x"})
    workspace.start("one-bad-event")
    assert [each["kind"] for each in workspace.scenarios()["running"]["faults"]] == [
        "platform_rejects"
    ]
    workspace.start("slow-friday")
    workspace.stop()
    assert [each["kind"] for each in workspace.faults()] == ["reset"]


def test_resetting_the_faults_stops_the_scenario(workspace: MockWorkspace) -> None:
    workspace.start("version-expired")
    workspace.reset("faults")
    assert workspace.scenarios()["running"] is None
    assert workspace.settings()["expired_versions"] == []


def test_ones_own_scenario_changes_settings_clock_and_faults(workspace: MockWorkspace) -> None:
    workspace.start(
        "mine",
        settings={"mode": "strict"},
        clock={"set": "2026-11-22T07:00:00Z", "freeze": True},
        faults=[{"kind": "reset"}],
    )
    assert workspace.settings()["mode"] == "strict"
    assert workspace._get("clock")["iso"] == "2026-11-22T07:00:00.000Z"
    assert len(workspace.faults()) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "not YAML"),
        ("7", "expected an object"),
        ("steps: []", "expected an object of clock, description"),
        ("faults: {}", "faults: expected a list"),
        ("faults: [7]", "a fault must be a JSON object"),
        ("faults: [{kind: explode}]", "kind: expected one of"),
        ("faults: [{kind: error, error: nope}]", "error: expected one of"),
        ("settings: []", ""),
        ("settings: 7", "settings: expected an object"),
        ("!!python/object/apply:os.getcwd []", "not YAML"),
    ],
)
def test_a_scenario_that_cannot_be_played_says_why(text: str, said: str) -> None:
    if not said:
        assert read_scenario("x", text).settings == {}
        return
    with pytest.raises((ScenarioError, FaultError), match=said):
        read_scenario("x", text)


def test_nothing_starts_when_a_setting_is_wrong(workspace: MockWorkspace) -> None:
    with pytest.raises(MockPlatformError, match="unknown setting 'colour'"):
        workspace.start("x", settings={"colour": "red"}, faults=[{"kind": "reset"}])
    with pytest.raises(MockPlatformError, match="name: expected one of"):
        workspace.start("no such scenario")
    assert workspace.faults() == []


def test_the_commands_list_start_and_stop(
    mock_platform: MockServer, workspace: MockWorkspace, tmp_path: Path
) -> None:
    at = ["--url", mock_platform.url, "--workspace", workspace.url.rpartition("/")[2]]
    run = CliRunner().invoke
    mine = tmp_path / "mine.yaml"
    mine.write_text("description: Mine.\nfaults: [{kind: reset}]")

    assert run(main, ["scenario", "start", str(mine), *at]).output == "mine: Mine.\n"
    assert [each["kind"] for each in workspace.faults()] == ["reset"]
    assert "* slow-friday" not in run(main, ["scenario", "list", *at]).output
    run(main, ["scenario", "start", "slow-friday", *at])
    listed = run(main, ["scenario", "list", *at])
    assert "* slow-friday" in listed.output
    assert json.loads(run(main, ["scenario", "list", "--json", *at]).output)["running"]
    assert run(main, ["scenario", "stop", *at]).exit_code == 0
    refused = run(main, ["scenario", "start", "nothing", *at])
    assert refused.exit_code == 2
    assert "name: expected one of" in refused.output
