from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_platform.client import MockPlatformError, MockWorkspace

from .conftest import (
    Ingest,
    Upload,
    adjustment,
    conversion,
    event,
    row_errors,
    violations,
)

Status = Callable[..., Any]


def test_a_fault_without_a_name_is_an_unavailable_service(
    workspace: MockWorkspace, ingest: Ingest
) -> None:
    workspace.fault("error")
    assert ingest(event()).status_code == 503


def test_an_error_may_come_although_the_events_were_taken(
    workspace: MockWorkspace, ingest: Ingest
) -> None:
    workspace.fault("error", error="INTERNAL", store=True)
    assert ingest(event()).status_code == 500
    assert len(workspace.events()) == 1


def test_a_lost_answer_leaves_the_events_taken(
    workspace: MockWorkspace, ingest: Ingest, convert: Upload
) -> None:
    workspace.settings(processing_delay_seconds=0)
    workspace.fault("answer_lost", times=2)
    for send in (lambda: ingest(event()), lambda: convert(conversion(orderId="order-2"))):
        with pytest.raises(requests.ConnectionError):
            send()
    assert [each["order_id"] for each in workspace.counted()] == ["order-1", "order-2"]
    assert ingest(event()).status_code == 200
    assert len(workspace.counted()) == 2


@pytest.mark.parametrize("kind", ["reset", "hang", "html", "malformed_json"])
def test_a_broken_answer_leaves_nothing_taken(
    workspace: MockWorkspace, ingest: Ingest, convert: Upload, kind: str
) -> None:
    workspace.fault(kind, times=2, seconds=0.05)
    for send in (lambda: ingest(event()), lambda: convert(conversion())):
        with pytest.raises((requests.ConnectionError, requests.JSONDecodeError)):
            send().json()
    assert workspace.events() == []


def test_a_delayed_answer_is_the_usual_one_with_headers_added(
    workspace: MockWorkspace, ingest: Ingest
) -> None:
    workspace.fault("delay", seconds=0.01, headers={"X-Slow": "yes"})
    answer = ingest(event())
    assert (answer.status_code, answer.headers["X-Slow"]) == (200, "yes")
    assert workspace.requests()[0]["fault"] == "delay"


def test_a_poisoned_order_refuses_its_request_and_is_named(
    workspace: MockWorkspace, ingest: Ingest
) -> None:
    workspace.fault("platform_rejects", match={"order_id": "poison"}, error="INVALID_FORMAT")
    answer = ingest(event(transactionId="a"), event(transactionId="poison"))
    assert violations(answer) == [("events.events[1]", "INVALID_FORMAT")]
    assert ingest(event(transactionId="a")).status_code == 200
    assert violations(ingest(event(transactionId="poison"))) == [
        ("events.events[0]", "INVALID_FORMAT")
    ]


def test_a_poisoned_order_may_go_unnamed(workspace: MockWorkspace, ingest: Ingest) -> None:
    workspace.fault("platform_rejects", match={"order_id": "poison"}, named=False)
    answer = ingest(event(transactionId="a"), event(transactionId="poison"))
    assert answer.status_code == 400
    assert all("fieldViolations" not in each for each in answer.json()["error"]["details"])
    rules = {each["order_id"]: each["findings"][-1]["rule"] for each in workspace.events()}
    assert rules == {
        "a": "google.data_manager.rejected_with_batch",
        "poison": "mock.fault.platform_rejects",
    }


def test_poison_does_not_hide_why_a_request_is_refused_anyway(
    workspace: MockWorkspace, ingest: Ingest
) -> None:
    workspace.fault("platform_rejects")
    assert ingest(event(), token=None).status_code == 401
    assert violations(ingest(event(currency="EURO")))[0][1] == "INVALID_CURRENCY_CODE"


def test_a_processing_error_comes_to_the_orders_meant_and_no_more_often_than_asked(
    workspace: MockWorkspace, ingest: Ingest, status: Status
) -> None:
    workspace.settings(processing_delay_seconds=0)
    workspace.fault("processing_error", reason="CLICK_NOT_FOUND", match={"order_id": ["b", "c"]})
    events = [event(transactionId=name, adIdentifiers=None) for name in "abc"]
    (told,) = status(ingest(*events)).json()["requestStatusPerDestination"]
    assert told["requestStatus"] == "PARTIAL_SUCCESS"
    assert told["errorInfo"]["errorCounts"][0]["recordIndices"] == ["1", "2"]
    assert [each["order_id"] for each in workspace.counted()] == ["a"]
    ingest(*events)
    assert [each["order_id"] for each in workspace.counted()] == ["a", "b", "c"]


def test_a_processing_error_may_be_counted_without_naming_records(
    workspace: MockWorkspace, ingest: Ingest, status: Status
) -> None:
    workspace.settings(processing_delay_seconds=0)
    workspace.fault("processing_error", named=False)
    (told,) = status(ingest(event())).json()["requestStatusPerDestination"]
    assert told["errorInfo"]["errorCounts"] == [
        {"reason": "PROCESSING_ERROR_REASON_INTERNAL_ERROR", "recordCount": "1"}
    ]


def test_a_status_breaks_only_by_a_fault_that_names_its_api(
    workspace: MockWorkspace, ingest: Ingest, status: Status
) -> None:
    accepted = ingest(event())
    workspace.fault("error", match={"api": "data_manager_status"}, error="NOT_FOUND")
    workspace.fault("error", error="INTERNAL")
    assert status(accepted).status_code == 404
    assert status(accepted).status_code == 200
    assert ingest(event()).status_code == 500


def test_a_poisoned_row_fails_alone(
    workspace: MockWorkspace, convert: Upload, adjust: Upload
) -> None:
    workspace.fault("platform_rejects", match={"order_id": "b"}, error="TOO_RECENT_EVENT")
    rows = [conversion(orderId=name, gclid=None) for name in "abc"]
    assert row_errors(convert(*rows)) == [(1, "TOO_RECENT_EVENT")]
    assert [each["order_id"] for each in workspace.counted()] == ["a", "c"]
    workspace.clear_faults()
    workspace.fault("platform_rejects", match={"event_name": "RETRACTION"})
    assert row_errors(adjust(adjustment(orderId="a"))) == [(0, "CONVERSION_NOT_FOUND")]


def test_an_error_of_rows_hits_every_row(workspace: MockWorkspace, convert: Upload) -> None:
    name = "CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE"
    workspace.fault("error", error=name)
    answer = convert(conversion(orderId="a"), conversion(orderId="b", gclid=None))
    assert row_errors(answer) == [(0, name), (1, name)]
    assert workspace.counted() == []


def test_a_platforms_own_errors_and_kinds_leave_the_other_platform_alone(
    workspace: MockWorkspace, ingest: Ingest, connection: requests.Session
) -> None:
    def to_meta() -> requests.Response:
        return connection.post(
            f"{workspace.url}/v26.0/1/events",
            json={"data": [{}]},
            headers={"Authorization": "Bearer T"},
            timeout=10,
        )

    workspace.fault("error", error="app_throttled")
    workspace.fault("error", error="RESOURCE_EXHAUSTED")
    workspace.fault("processing_error", times=None)
    workspace.fault("wrong_count", times=None)
    assert ingest(event()).status_code == 429
    assert to_meta().json()["error"]["code"] == 4
    assert to_meta().json()["error"]["code"] == 100
    assert ingest(event()).status_code == 200


def test_a_processing_error_without_such_a_reason_is_refused(workspace: MockWorkspace) -> None:
    with pytest.raises(MockPlatformError, match="reason"):
        workspace.fault("processing_error", reason="BAD_LUCK")
