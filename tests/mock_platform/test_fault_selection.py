"""Which requests a fault hits: by count, chance, time, place, or the request's own wish."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_platform.client import MockPlatformError, MockWorkspace
from mock_platform.fault import RequestFacts
from mock_platform.fault_taking import HEADER
from mock_platform.faults import Faults

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]
ANY = RequestFacts(api="conversions_api", dataset="1")


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def hits(faults: Faults, requests_made: int) -> str:
    return "".join("x" if faults.take(ANY) else "." for _ in range(requests_made))


@pytest.mark.parametrize(
    ("selection", "pattern"),
    [
        ({"times": 2}, "xx........"),
        ({"times": None}, "xxxxxxxxxx"),
        ({"times": None, "after": 9}, ".........x"),
        ({"after": 3}, "...x......"),
        ({"times": None, "every": 3}, "..x..x..x."),
        ({"times": 2, "every": 3, "after": 1}, "...x..x..."),
        ({"times": None, "probability": 0}, ".........."),
        ({"times": None, "probability": 1}, "xxxxxxxxxx"),
    ],
)
def test_a_fault_hits_the_requests_it_was_set_for(selection: Event, pattern: str) -> None:
    faults = Faults()
    faults.add({"kind": "reset", **selection})
    assert hits(faults, 10) == pattern


def test_chance_is_the_same_for_the_same_seed() -> None:
    patterns = []
    for seed in (1, 1, 2):
        faults = Faults()
        faults.add({"kind": "reset", "times": None, "probability": 0.5, "seed": seed})
        patterns.append(hits(faults, 64))
    assert patterns[0] == patterns[1] != patterns[2]
    assert 16 < patterns[0].count("x") < 48


def test_a_fault_lives_in_its_time_on_the_workspaces_clock() -> None:
    clock = Hand()
    faults = Faults(clock)
    faults.add({"kind": "reset", "times": None, "starts_in": 10, "lasts": 60})
    found = []
    for clock.now in (1000.0, 1009.9, 1010.0, 1069.9, 1070.0, 2000.0):
        found.append(hits(faults, 1))
    assert "".join(found) == "..xx.."
    assert faults.as_json()[0]["active"] is False


def test_seconds_vary_by_the_spread_alike_for_the_same_seed() -> None:
    told = []
    for _ in range(2):
        faults = Faults()
        faults.add({"kind": "delay", "times": None, "seconds": 2, "spread": 0.5, "seed": 3})
        taken = [faults.take(ANY) for _ in range(5)]
        told.append([fault.seconds for fault in taken if fault])
    assert told[0] == told[1]
    assert len(set(told[0])) == 5
    assert all(seconds and seconds > 0 for seconds in told[0])


def test_the_event_at_a_place_is_refused_and_named(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.fault("platform_rejects", indices=[1])
    assert post(event(event_id="a"), event(event_id="b"), event(event_id="c")).status_code == 400
    rules = [[each["rule"] for each in shown["findings"]] for shown in workspace.events()]
    assert rules == [
        ["meta.request.rejected_with_batch"],
        ["mock.fault.platform_rejects"],
        ["meta.request.rejected_with_batch"],
    ]


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ('{"kind": "error", "error": "token_expired"}', 401),
        ('{"kind": "error", "status": 418, "code": 7}', 418),
        ("error", 503),
        ('{"kind": "error", "match": {"order_id": "another"}}', 200),
        ("", 200),
    ],
)
def test_a_request_may_ask_for_its_own_fault(
    workspace: MockWorkspace, event: EventFactory, header: str, status: int
) -> None:
    for expected in (status, 200):
        answer = requests.post(
            f"{workspace.url}/v26.0/1/events",
            json={"data": [event()]},
            headers={"Authorization": "Bearer T", HEADER: header} if expected == status else {
                "Authorization": "Bearer T"
            },
            timeout=10,
        )  # fmt: skip
        assert answer.status_code == expected, answer.text


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("explode", "kind: expected one of"),
        ("{", "expected a kind, or a fault as JSON"),
        ('{"kind": "error", "error": "no such error"}', "error: expected one of"),
    ],
)
def test_a_header_that_holds_no_fault_is_refused(
    workspace: MockWorkspace, event: EventFactory, header: str, said: str
) -> None:
    answer = requests.post(
        f"{workspace.url}/v26.0/1/events",
        json={"data": [event()]},
        headers={HEADER: header},
        timeout=10,
    )
    assert answer.status_code == 400
    assert said in answer.json()["detail"]
    assert workspace.events() == []


@pytest.mark.parametrize(
    "fault",
    [
        {"every": 0}, {"every": 1.5}, {"after": -1}, {"probability": 1.1}, {"probability": True},
        {"starts_in": -1}, {"lasts": "long"}, {"indices": ["a"]}, {"indices": -1}, {"spread": None},
        {"usage": -1}, {"seed": 0.5},
    ],
)  # fmt: skip
def test_a_selection_that_makes_no_sense_is_named(workspace: MockWorkspace, fault: Event) -> None:
    with pytest.raises(MockPlatformError, match=f"{min(fault)}: expected"):
        workspace.fault("reset", **fault)


def test_what_was_set_is_told_and_can_be_set_again(workspace: MockWorkspace) -> None:
    asked = {"every": 2, "probability": 0.5, "seed": 3, "lasts": 60, "usage": 85, "indices": [1, 4]}
    told = workspace.fault("headers", **asked)
    assert asked.items() <= told.items()
    for name in ("id", "hits", "active"):
        told.pop(name)
    again = workspace.fault(**told)
    assert told.items() <= again.items()


def test_the_use_of_the_limits_comes_in_metas_headers(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.fault("headers", usage=85, regain_minutes=3)
    answer = post(event())
    assert json.loads(answer.headers["X-App-Usage"])["call_count"] == 85
    (business,) = json.loads(answer.headers["X-Business-Use-Case-Usage"]).values()
    assert business[0]["estimated_time_to_regain_access"] == 3
