"""Modes of a workspace, and versions side by side."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace
from mock_platform.rules.graph_versions import is_served
from mock_platform.violations import HEADER

from .meta_cases import AGENT, DIGEST

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]


def test_report_takes_what_strict_would_reject_and_names_it(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.settings(mode="report")
    odd = event(user_data={**AGENT, "em": [DIGEST.upper()]}, event_id="b")
    answer = post(event(event_id="a"), odd)
    assert answer.status_code == 200
    assert answer.headers[HEADER] == "1 user_data.em[0] meta.hash.uppercase"
    assert len(workspace.counted()) == 2


def test_report_rejects_what_the_platform_rejects(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.settings(mode="report")
    answer = post(event(event_time=1))
    assert answer.status_code == 400
    assert "meta.event_time.too_old" in answer.headers[HEADER]


def test_report_names_twenty_and_counts_the_rest(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.settings(mode="report")
    odd = [event(event_source_url=None, event_id=str(number)) for number in range(25)]
    named = post(*odd).headers[HEADER].split(", ")
    assert len(named) == 21
    assert named[-1] == "5 more"


@pytest.mark.parametrize("mode", ["faithful", "strict"])
def test_the_other_modes_add_no_header(
    workspace: MockWorkspace, event: EventFactory, post: Post, mode: str
) -> None:
    workspace.settings(mode=mode)
    assert HEADER not in post(event(event_source_url=None)).headers


def test_versions_are_served_side_by_side_until_their_last_day(
    workspace: MockWorkspace, event: EventFactory
) -> None:
    workspace.set_clock("2027-01-20T23:00:00Z")
    sent = event(event_time=1_800_486_000)

    def status(version: str) -> int:
        answer = requests.post(
            f"{workspace.url}/{version}/1/events",
            json={"data": [sent], "access_token": "T"},
            timeout=10,
        )
        return answer.status_code

    assert [status(each) for each in ("v20.0", "v21.0", "v26.0")] == [400, 200, 200]
    workspace.advance(3601)
    assert [status(each) for each in ("v20.0", "v21.0", "v26.0")] == [400, 400, 200]


@pytest.mark.parametrize("version", ["v26.1", "v27.0", "v99.0"])
def test_a_version_that_never_was_is_an_unknown_path(
    workspace: MockWorkspace, version: str
) -> None:
    for path in ("1/events", "me"):
        method = "POST" if "events" in path else "GET"
        url = f"{workspace.url}/{version}/{path}?access_token=T"
        answer = requests.request(method, url, timeout=10)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, 2500)


@pytest.mark.parametrize(
    ("version", "served"),
    [("v3.2", False), ("v16.0", False), ("v18.0", False), ("v19.0", False), ("v20.0", False),
     ("v21.0", True), ("v26.0", True), ("v26.1", False), ("v27.0", False)],
)  # fmt: skip
def test_a_version_is_served_no_longer_than_its_successors(version: str, served: bool) -> None:
    assert is_served(version, now=1_795_330_000) is served
