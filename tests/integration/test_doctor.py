"""`bridge doctor` against the mock platform, over HTTP, as an operator runs it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bridge.aftermath.doctor.examination import examine
from bridge.aftermath.doctor.finding import Finding, Level
from bridge.clock import system_clock
from bridge.delivery.google_tokens import GoogleTokens
from bridge.delivery.tokens import Tokens
from bridge.delivery.transport import HttpTransport
from bridge.operate.google_destination import GoogleDestination
from bridge.operate.meta_destination import MetaDestination
from mock_platform.client import MockWorkspace


@pytest.fixture
def meta(workspace: MockWorkspace, make_destination: Callable[..., MetaDestination]) -> Any:
    return make_destination(base_url=workspace.url, token="plain:TOKEN-OF-OURS")


@pytest.fixture
def google(workspace: MockWorkspace) -> GoogleDestination:
    return GoogleDestination.model_validate(
        {
            "id": "google",
            "platform": "google_data_manager",
            "operating_account": "1234567890",
            "conversion_action": "987",
            "base_url": workspace.url,
            "credentials": "plain:TOKEN-OF-OURS",
            "enabled": True,
        }
    )


def examined(destination: Any, ahead: timedelta = timedelta()) -> list[Finding]:
    transport = HttpTransport()
    try:
        tokens = Tokens(GoogleTokens(transport, system_clock))
        clock = lambda: datetime.now(UTC) + ahead  # noqa: E731  # the clock is a parameter
        return list(examine([destination], transport, tokens, clock))
    finally:
        transport.close()


def levels(findings: list[Finding]) -> dict[str, Level]:
    return {one.check: one.level for one in findings}


def test_a_good_token_passes_every_check(meta: Any, google: Any, workspace: MockWorkspace) -> None:
    found = levels(examined(meta))

    assert found == dict.fromkeys(("reachable", "clock", "token", "scopes", "dataset"), Level.FINE)
    assert set(levels(examined(google)).values()) == {Level.FINE}
    assert workspace.events() == []


@pytest.mark.parametrize(
    ("settings", "check"),
    [
        ({"expired_tokens": ["TOKEN-OF-OURS"]}, "token"),
        ({"invalid_tokens": ["TOKEN-OF-OURS"]}, "token"),
        ({"known_datasets": ["1"]}, "dataset"),
        ({"expired_versions": ["v26.0"]}, "token"),
    ],
)
def test_what_meta_refuses_is_a_problem_with_its_code(
    meta: Any, workspace: MockWorkspace, settings: dict[str, Any], check: str
) -> None:
    workspace.settings(**settings)

    found = examined(meta)

    (problem,) = [one for one in found if one.check == check]
    assert problem.level is Level.PROBLEM
    assert "meta:" in problem.message
    assert problem.to_do
    assert "TOKEN-OF-OURS" not in str(found)


@pytest.mark.parametrize(
    "settings",
    [
        {"invalid_tokens": ["TOKEN-OF-OURS"]},
        {"narrow_tokens": ["TOKEN-OF-OURS"]},
        {"service_disabled": True},
    ],
)
def test_what_google_refuses_is_a_problem(
    google: Any, workspace: MockWorkspace, settings: dict[str, Any]
) -> None:
    workspace.settings(**settings)

    assert levels(examined(google))["token"] is Level.PROBLEM


def test_a_clock_that_is_wrong_is_a_problem(meta: Any) -> None:
    assert levels(examined(meta, timedelta(minutes=3)))["clock"] is Level.PROBLEM


@pytest.mark.parametrize("change", [{"base_url": "http://127.0.0.1:9"}, {"token": "env:NOT_THERE"}])
def test_what_cannot_be_asked_is_a_finding_and_no_error(meta: Any, change: dict[str, str]) -> None:
    (found,) = examined(meta.model_copy(update=change))

    assert found.level is Level.PROBLEM


@pytest.mark.parametrize("kind", ["html", "malformed_json", "reset"])
def test_an_answer_of_nonsense_breaks_nothing(
    meta: Any, workspace: MockWorkspace, kind: str
) -> None:
    workspace.fault(kind, times=None)

    assert examined(meta)


def doctor(directory: Path, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bridge", "doctor", *arguments],
        cwd=directory,
        env=os.environ | {"MOCK_PLATFORM_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_command_tells_machines_and_people_and_exits_by_what_it_found(
    tmp_path: Path, workspace: MockWorkspace
) -> None:
    well = doctor(tmp_path, workspace.url, "--json")
    told = json.loads(well.stdout)
    workspace.settings(expired_tokens=["mock-token"])
    ill = doctor(tmp_path, workspace.url)

    assert (well.returncode, told["ok"]) == (0, True)
    assert {one["subject"] for one in told["findings"]} >= {"meta-mock", "google-mock", "database"}
    assert {one["reason"] for one in told["skips"]} >= {"consent_denied", "kind_not_routed"}
    assert {
        "destination": "meta-mock",
        "region": "EEA",
        "purpose": "ad_user_data",
        "granted": "send",
        "unknown": "skip",
        "denied": "skip",
    } in told["consent"]
    assert ill.returncode == 1
    assert "problem  meta-mock, token" in ill.stdout
    # Elsewhere than in Europe: granted, unknown, denied.
    assert re.search(r"meta-mock\W+\*\W+ad_user_data\W+send\W+send\W+skip", ill.stdout)
    assert not (tmp_path / "var").exists()
