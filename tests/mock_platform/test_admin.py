import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_platform.client import MockPlatformError, MockWorkspace
from mock_platform.server import MockServer

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]


def get(workspace: MockWorkspace, path: str, **query: object) -> requests.Response:
    parameters: dict[str, Any] = dict(query)
    return requests.get(f"{workspace.url}/_mock/{path}", params=parameters, timeout=10)


def orders(event: EventFactory, count: int) -> list[Event]:
    return [
        event(
            event_id=f"order-{number}",
            custom_data={"value": 1, "currency": "USD", "order_id": f"order-{number}"},
        )
        for number in range(count)
    ]


def test_health_names_the_workspace_and_its_mode(
    mock_platform: MockServer, workspace: MockWorkspace
) -> None:
    default = requests.get(f"{mock_platform.url}/_mock/health", timeout=10).json()
    assert default == {"status": "ok", "workspace": "default", "mode": "faithful"}
    workspace.settings(mode="strict")
    assert get(workspace, "health").json()["mode"] == "strict"


def test_an_event_is_shown_with_everything_known_of_it(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    sent = event()
    post(sent, dataset="77")
    (shown,) = get(workspace, "events").json()["events"]
    assert shown.pop("received_at").endswith("Z")
    assert shown == {
        "id": 1,
        "request_id": 1,
        "position": 0,
        "platform": "meta",
        "api": "conversions_api",
        "dataset": "77",
        "source": "server",
        "event_name": "Purchase",
        "event_id": "order-1",
        "event_time": sent["event_time"],
        "order_id": "order-1",
        "test_event_code": None,
        "verdict": "counted",
        "dedup_rule": None,
        "duplicate_of": None,
        "value": 12.5,
        "currency": "USD",
        "current_value": None,
        "current_currency": None,
        "findings": [],
        "payload": sent,
    }


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"order_id": "order-2"}, ["order-2"]),
        ({"event_id": "order-3"}, ["order-3"]),
        ({"platform": "meta", "order_id": "order-1"}, ["order-1"]),
        ({"platform": "google"}, []),
        ({"verdict": "rejected"}, []),
        ({"verdict": "deduplicated"}, ["order-0"]),
        ({"source": "browser"}, []),
        ({"order_id": "' OR 1=1 --"}, []),
    ],
)
def test_events_are_found_by_their_members(
    workspace: MockWorkspace,
    event: EventFactory,
    post: Post,
    filters: dict[str, str],
    found: list[str],
) -> None:
    post(*orders(event, 4))
    post(*orders(event, 1))
    assert [each["event_id"] for each in workspace.events(**filters)] == found


def test_pages_follow_each_other_by_cursor(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    post(*orders(event, 5))
    seen, cursor = [], "0"
    for expected in (2, 2, 1, 0):
        page = get(workspace, "events", since=cursor, limit=2).json()
        assert len(page["events"]) == expected
        seen += [each["event_id"] for each in page["events"]]
        cursor = page["cursor"]
    assert seen == [f"order-{number}" for number in range(5)]
    post(*orders(event, 1))
    assert len(get(workspace, "events", since=cursor).json()["events"]) == 1


def test_since_takes_a_time_too(workspace: MockWorkspace, event: EventFactory, post: Post) -> None:
    workspace.set_clock("2026-11-22T07:00:00Z")
    post(event(event_time=1_795_330_000, event_id="a"))
    workspace.advance(10)
    post(event(event_time=1_795_330_000, event_id="b"))
    found = workspace.events(since="2026-11-22T07:00:05Z")
    assert [each["event_id"] for each in found] == ["b"]


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("events?limit=0", "limit"),
        ("events?limit=1001", "limit"),
        ("events?since=yesterday", "since"),
        ("events?since=2026-11-22T07:00:00", "since"),
        ("events?email=x", "email"),
        ("wait?count=many", "count"),
        ("wait?timeout=9999", "timeout"),
        ("requests?limit=x", "limit"),
    ],
)
def test_an_unusable_query_is_refused_by_name(
    workspace: MockWorkspace, path: str, named: str
) -> None:
    answer = requests.get(f"{workspace.url}/_mock/{path}", timeout=10)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert named in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {"set": "noon"}),
        ("clock", {"advance": "1"}),
        ("clock", {"freeze": 1}),
        ("clock", {"jump": 1}),
        ("clock", []),
        ("settings", {"mode": "lenient"}),
        ("settings", {"max_age_days": -1}),
        ("settings", {"invalid_tokens": "x"}),
        ("settings", {"journal_events": 0}),
        ("settings", {"nothing": 0}),
        ("reset", {"parts": ["everything"]}),
        ("faults", 7),
    ],
)
def test_an_unusable_body_is_refused_and_changes_nothing(
    workspace: MockWorkspace, path: str, body: object
) -> None:
    before = workspace.settings()
    answer = requests.post(f"{workspace.url}/_mock/{path}", json=body, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert workspace.settings() == before


def test_a_body_that_is_no_json_is_refused(workspace: MockWorkspace) -> None:
    answer = requests.post(f"{workspace.url}/_mock/clock", data="{", timeout=10)
    assert (answer.status_code, answer.json()["detail"]) == (400, "the body must be JSON")


def test_waiting_ends_when_the_events_have_come(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    found: list[list[Event]] = []
    waiter = threading.Thread(
        target=lambda: found.append(workspace.wait(count=3, timeout=20, verdict="counted"))
    )
    waiter.start()
    for each in orders(event, 3):
        post(each)
    waiter.join(timeout=20)
    assert len(found[0]) == 3


def test_waiting_in_vain_ends_at_the_timeout_and_says_how_many_came(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    post(event())
    with pytest.raises(MockPlatformError, match="there are 1"):
        workspace.wait(count=2, timeout=0.05)
    assert get(workspace, "wait", count=2, timeout=0.01).status_code == 408


def test_reset_forgets_everything_and_cursors_stay_valid(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    post(event())
    cursor = get(workspace, "events").json()["cursor"]
    workspace.fault("error", times=None)
    workspace.settings(mode="strict")
    workspace.set_clock(7)

    workspace.reset()

    assert (workspace.events(), workspace.requests(), workspace.faults()) == ([], [], [])
    assert workspace.settings()["mode"] == "faithful"
    assert get(workspace, "clock").json()["frozen"] is False
    post(event())
    assert [each["verdict"] for each in workspace.events(since=cursor)] == ["counted"]


def test_a_part_can_be_reset_alone(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    post(event())
    workspace.settings(mode="strict")
    workspace.reset("journal")
    assert workspace.events() == []
    assert workspace.settings()["mode"] == "strict"


def test_the_clock_freezes_moves_and_runs_again(workspace: MockWorkspace) -> None:
    assert workspace.set_clock("2026-11-22T07:00:00Z")["iso"] == "2026-11-22T07:00:00.000Z"
    assert workspace.advance(90)["iso"] == "2026-11-22T07:01:30.000Z"
    assert get(workspace, "clock").json()["iso"] == "2026-11-22T07:01:30.000Z"
    running = workspace.set_clock(1_000_000, freeze=False)
    assert (running["frozen"], running["iso"][:16]) == (False, "1970-01-12T13:46")


def test_the_summary_counts_verdicts_and_answers(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    post(event(), event())
    post(event(event_time=1))
    summary = workspace.summary()
    assert summary["events"] == {"total": 3, "counted": 1, "deduplicated": 1, "rejected": 1}
    assert summary["requests"] == {"total": 2, "by_status": {"200": 1, "400": 1}}


def test_the_rules_are_listed_with_their_severity_in_each_mode(workspace: MockWorkspace) -> None:
    rules = {each.pop("rule"): each for each in get(workspace, "rules").json()["rules"]}
    assert rules["meta.hash.format"]["severity"] == {"faithful": "warning", "strict": "error"}
    assert rules["meta.event_time.too_old"]["verified"] is True
    assert rules["meta.event_time.too_old_store"]["verified"] is False


def test_an_unknown_admin_path_is_a_problem_document(workspace: MockWorkspace) -> None:
    answer = get(workspace, "nothing")
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        404,
        "application/problem+json",
    )
