from collections.abc import Callable
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from mock_platform.client import MockPlatformError, MockWorkspace
from mock_platform.fault import FaultError, FaultKind, RequestFacts
from mock_platform.fault_reading import parse_fault
from mock_platform.faults import Faults
from mock_platform.meta.errors import ERRORS

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]


@pytest.mark.parametrize("name", [each for each in ERRORS if ERRORS[each].throttles])
def test_a_throttle_says_how_much_is_used_and_when_to_return(
    workspace: MockWorkspace, event: EventFactory, post: Post, name: str
) -> None:
    workspace.fault("error", error=name, status=429, retry_after=3)
    answer = post(event())
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "3"
    assert '"call_count":100' in answer.headers["X-App-Usage"]
    assert "estimated_time_to_regain_access" in answer.headers["X-Business-Use-Case-Usage"]


def test_an_error_of_ones_own_has_the_status_and_codes_asked_for(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.fault("error", status=418, code=4711, subcode=12)
    answer = post(event())
    assert answer.status_code == 418
    assert (answer.json()["error"]["code"], answer.json()["error"]["error_subcode"]) == (4711, 12)


def test_an_error_may_come_although_the_events_were_taken(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.fault("error", store=True)
    assert post(event()).status_code == 503
    assert len(workspace.counted()) == 1
    (request,) = workspace.requests()
    assert (request["status"], request["fault"], request["events"]) == (503, "error", 1)


def test_a_lost_answer_leaves_the_events_taken(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.fault("answer_lost")
    with pytest.raises(requests.ConnectionError):
        post(event())
    assert post(event()).status_code == 200
    assert [each["verdict"] for each in workspace.events()] == ["counted", "deduplicated"]
    assert [each["status"] for each in workspace.requests()] == [None, 200]


def test_a_reset_connection_leaves_nothing_taken(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.fault("reset")
    with pytest.raises(requests.ConnectionError):
        post(event())
    assert workspace.events() == []


@pytest.mark.parametrize(("store", "taken"), [(False, 0), (True, 1)])
def test_a_hanging_request_ends_at_the_clients_timeout(
    workspace: MockWorkspace, event: EventFactory, store: bool, taken: int
) -> None:
    workspace.fault("hang", store=store)
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{workspace.url}/v26.0/1/events",
            params={"access_token": "T"},
            json={"data": [event()]},
            timeout=0.2,
        )
    assert len(workspace.counted()) == taken


def test_a_delayed_request_is_answered_in_the_end(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.fault("delay", seconds=0.05)
    assert post(event()).status_code == 200
    assert workspace.requests()[0]["fault"] == "delay"


def test_half_a_document_and_a_web_page_come_with_200(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.fault("malformed_json")
    workspace.fault("html")
    half, page = post(event()), post(event())
    assert (half.status_code, page.status_code) == (200, 200)
    with pytest.raises(requests.JSONDecodeError):
        half.json()
    assert page.headers["Content-Type"].startswith("text/html")
    assert workspace.events() == []


@pytest.mark.parametrize(("claim", "answered"), [({}, 1), ({"events_received": 0}, 0)])
def test_a_wrong_count_is_claimed_although_all_were_taken(
    workspace: MockWorkspace, event: EventFactory, post: Post, claim: dict[str, int], answered: int
) -> None:
    workspace.fault("wrong_count", **claim)
    answer = post(event(), event(event_id="order-2"))
    assert answer.json()["events_received"] == answered
    assert len(workspace.counted()) == 2


def test_headers_can_be_added_to_a_correct_answer(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.fault("headers", headers={"X-App-Usage": '{"call_count":85}'})
    answer = post(event())
    assert answer.json()["events_received"] == 1
    assert answer.headers["X-App-Usage"] == '{"call_count":85}'


def test_a_poison_order_rejects_every_request_it_is_in(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.fault("platform_rejects", match={"order_id": "poison"})
    poison = event(event_id="p", custom_data={"value": 1, "currency": "USD", "order_id": "poison"})
    assert post(event(), poison).status_code == 400
    assert post(poison).status_code == 400
    assert post(event()).status_code == 200
    findings = {each["event_id"]: each["findings"][0]["rule"] for each in workspace.events()[:2]}
    assert findings == {
        "order-1": "meta.request.rejected_with_batch",
        "p": "mock.fault.platform_rejects",
    }
    (fault,) = workspace.faults()
    assert (fault["times"], fault["hits"], fault["active"]) == (None, 2, True)


def test_a_fault_hits_as_often_as_asked_and_tells_so(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.fault("error", times=2)
    assert [post(event()).status_code for _ in range(3)] == [503, 503, 200]
    (fault,) = workspace.faults()
    assert (fault["hits"], fault["active"]) == (2, False)


def test_a_fault_waits_for_the_request_it_means(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.fault("error", match={"event_id": ["x", "y"], "event_name": "Purchase"})
    assert post(event()).status_code == 200
    assert post(event(), event(event_id="y")).status_code == 503


def test_a_fault_may_mean_one_dataset(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.fault("error", match={"dataset": "2"}, times=None)
    assert post(event(), dataset="1").status_code == 200
    assert post(event(), dataset="2").status_code == 503


def test_faults_can_be_removed_one_by_one_and_all(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    first = workspace.fault("error", times=None)
    workspace.fault("html", times=None)
    requests.delete(f"{workspace.url}/_mock/faults/{first['id']}", timeout=10)
    assert [each["kind"] for each in workspace.faults()] == ["html"]
    gone = requests.delete(f"{workspace.url}/_mock/faults/{first['id']}", timeout=10)
    assert gone.status_code == 404
    workspace.clear_faults()
    assert post(event()).status_code == 200


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"kind": "storm"}, "kind"),
        ({"kind": "error", "error": "none"}, "error"),
        ({"kind": "error", "times": -1}, "times"),
        ({"kind": "error", "match": {"email": "x"}}, "match"),
        ({"kind": "error", "match": {"order_id": 7}}, "match.order_id"),
        ({"kind": "error", "headers": ["x"]}, "headers"),
        ({"kind": "delay", "seconds": "1"}, "seconds"),
        ({"kind": "error", "store": "yes"}, "store"),
        ({"kind": "error", "surprise": 1}, "surprise"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_by_name(
    workspace: MockWorkspace, asked: Any, named: str
) -> None:
    kind = asked.pop("kind")
    with pytest.raises(MockPlatformError, match=named):
        workspace.fault(kind, **asked)
    assert workspace.faults() == []


def test_a_fault_without_kind_is_refused() -> None:
    with pytest.raises(FaultError, match="kind"):
        parse_fault({}, "fault-1")


names = st.sampled_from(["a", "b"])


@given(st.lists(st.tuples(st.sampled_from(FaultKind), st.integers(0, 3), names), max_size=5),
       st.lists(names, max_size=20))  # fmt: skip
def test_no_fault_hits_more_often_than_asked_nor_what_it_does_not_mean(
    asked: Any, orders: list[str]
) -> None:
    faults = Faults()
    for kind, times, order_id in asked:
        faults.add({"kind": kind.value, "times": times, "match": {"order_id": order_id}})
    hits = []
    for order_id in orders:
        request = RequestFacts(api="a", dataset="1", order_ids=frozenset({order_id}))
        fault = faults.take(request)
        if fault is not None:
            assert fault.match.order_id == (order_id,)
            hits.append(fault.id)
    for told in faults.as_json():
        assert hits.count(told["id"]) == told["hits"] <= told["times"]
