"""What becomes of accepted events: counted, adjusted, or rejected with a processing error."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from mock_platform.client import MockPlatformError, MockWorkspace
from mock_platform.rules.google_reasons import PROCESSING_REASONS, processing_reason
from mock_platform.server import MockServer

from .conftest import ACCOUNT, ACTION, GCLID, Event, Ingest, destination, event, rfc3339, violations

DAY = 86_400
BRAID = "0AAAAA-mock_braid_id_0001"
Status = Callable[..., Any]


def clicked(hours_ago: float, **members: Any) -> Event:
    return {"google_clicks": {GCLID: {"at": time.time() - hours_ago * 3600, **members}}}


def action(**traits: Any) -> Event:
    return {"google_actions": {ACTION: traits}}


# what: (members of the event, settings, reason)
REJECTED: dict[str, tuple[Event, Event, str]] = {
    "91 days old": ({"eventTimestamp": rfc3339(91 * DAY)}, {}, "EVENT_TOO_OLD"),
    "consent denied": ({"consent": {"adUserData": "CONSENT_DENIED"}}, {}, "DENIED_CONSENT"),
    "consent not given where it is required": (
        {"consent": None}, {"google_consent_required": True}, "UNKNOWN_CONSENT"
    ),
    "account without consent terms": (
        {}, {"google_accounts": {ACCOUNT: ["NO_CONSENT"]}}, "NO_CONSENT"
    ),
    "short gclid": ({"adIdentifiers": {"gclid": "click-1"}}, {}, "INVALID_GCLID"),
    "gclid with a blank": ({"adIdentifiers": {"gclid": f"{GCLID} x"}}, {}, "INVALID_GCLID"),
    "gbraid": ({"adIdentifiers": {"gbraid": "b"}}, {}, "INVALID_GBRAID"),
    "wbraid": ({"adIdentifiers": {"wbraid": "b"}}, {}, "INVALID_WBRAID"),
    "both braids": (
        {"adIdentifiers": {"gbraid": BRAID, "wbraid": BRAID}}, {}, "INVALID_AD_IDENTIFIERS"
    ),
    "braid for an action that counts one per click": (
        {"adIdentifiers": {"wbraid": BRAID}}, action(one_per_click=True),
        "ONE_PER_CLICK_CONVERSION_ACTION_NOT_PERMITTED_WITH_BRAID",
    ),
    "external attribution": (
        {}, action(external_attribution=True), "EXTERNAL_ATTRIBUTION_DATA_MISSING"
    ),
    "unknown click": ({}, {"google_unknown_clicks": "refused"}, "CLICK_NOT_FOUND"),
    "click of another account": (
        {}, clicked(24, customer="22"), "INVALID_OPERATING_ACCOUNT_FOR_CLICK"
    ),
    "click after the conversion": (
        {"eventTimestamp": rfc3339(2 * DAY)}, clicked(24), "CONVERSION_PRECEDES_CLICK"
    ),
    "click outside the window": (
        {}, {**clicked(24 * 31), "click_window_days": 30}, "INVALID_CLICK"
    ),
    "click 5 hours old": ({}, clicked(5), "TOO_RECENT_CLICK"),
}  # fmt: skip


@pytest.mark.parametrize("case", REJECTED.values(), ids=REJECTED)
def test_an_event_is_rejected_in_processing_with_its_reason(
    workspace: MockWorkspace, ingest: Ingest, status: Status, case: tuple[Event, Event, str]
) -> None:
    changes, settings, reason = case
    workspace.settings(processing_delay_seconds=0, **settings)
    accepted = ingest(event(transactionId="good", adIdentifiers=None), event(**changes))
    assert accepted.status_code == 200, accepted.text
    told = workspace.events(order_id="order-1")
    assert [each["verdict"] for each in told] == ["rejected"]
    assert told[0]["findings"][-1]["rule"] == f"google.processing.{reason.lower()}"
    (destination_status,) = status(accepted).json()["requestStatusPerDestination"]
    counts = destination_status["errorInfo"]["errorCounts"]
    (count,) = [each for each in counts if "1" in each["recordIndices"]]
    assert count["reason"] == f"PROCESSING_ERROR_REASON_{reason}"


@pytest.mark.parametrize(
    "reason",
    sorted({*PROCESSING_REASONS} - {"UNSPECIFIED"} - {case[2] for case in REJECTED.values()}),
)
def test_a_reason_no_event_can_trigger_comes_by_a_fault(
    at_once: MockWorkspace, ingest: Ingest, status: Status, reason: str
) -> None:
    at_once.fault("processing_error", reason=reason)
    (told,) = status(ingest(event())).json()["requestStatusPerDestination"]
    assert told["requestStatus"] == "FAILED"
    (count,) = told["errorInfo"]["errorCounts"]
    assert count == {
        "reason": processing_reason(reason),
        "recordCount": "1",
        "recordIndices": ["0"],
    }


def test_the_click_of_ones_own_account_counts(workspace: MockWorkspace, ingest: Ingest) -> None:
    workspace.settings(processing_delay_seconds=0, **clicked(7, customer=ACCOUNT))
    ingest(event())
    assert len(workspace.counted()) == 1


def test_the_same_click_at_the_same_time_is_a_duplicate(
    at_once: MockWorkspace, ingest: Ingest
) -> None:
    at = rfc3339(60)
    for transaction in ("a", "b"):
        ingest(event(transactionId=transaction, eventTimestamp=at))
    verdicts = [(each["verdict"], each["dedup_rule"]) for each in at_once.events()]
    assert verdicts == [("counted", None), ("rejected", "google.processing.duplicate_gclid")]


def test_events_stay_in_processing_until_the_delay_has_passed(
    workspace: MockWorkspace, ingest: Ingest, status: Status
) -> None:
    workspace.set_clock(time.time())
    accepted = ingest(event())
    workspace.advance(1799)
    assert [each["verdict"] for each in workspace.events()] == ["processing"]
    (told,) = status(accepted).json()["requestStatusPerDestination"]
    assert told["requestStatus"] == "PROCESSING"
    assert "errorInfo" not in told
    workspace.advance(1)
    assert [each["verdict"] for each in workspace.events()] == ["counted"]
    (told,) = status(accepted).json()["requestStatusPerDestination"]
    assert told == {
        "destination": destination(),
        "requestStatus": "SUCCESS",
        "eventsIngestionStatus": {"recordCount": "1"},
    }


def test_whoever_waits_sees_events_as_soon_as_they_are_processed(
    workspace: MockWorkspace, ingest: Ingest
) -> None:
    workspace.settings(processing_delay_seconds=0.1)
    ingest(event())
    assert len(workspace.wait(verdict="counted", timeout=10)) == 1


def test_a_partial_success_names_the_records_behind_each_reason(
    at_once: MockWorkspace, ingest: Ingest, status: Status
) -> None:
    denied = {"adUserData": "CONSENT_DENIED"}
    accepted = ingest(
        event(transactionId="a", consent=denied),
        event(transactionId="b"),
        event(transactionId="c", adIdentifiers={"gclid": "x"}),
        event(transactionId="d", consent=denied),
    )
    (told,) = status(accepted).json()["requestStatusPerDestination"]
    assert told["requestStatus"] == "PARTIAL_SUCCESS"
    assert told["eventsIngestionStatus"] == {"recordCount": "4"}
    assert told["errorInfo"]["errorCounts"] == [
        {
            "reason": "PROCESSING_ERROR_REASON_DENIED_CONSENT",
            "recordCount": "2",
            "recordIndices": ["0", "3"],
        },
        {
            "reason": "PROCESSING_ERROR_REASON_INVALID_GCLID",
            "recordCount": "1",
            "recordIndices": ["2"],
        },
    ]


def test_records_are_only_counted_where_indices_are_off(
    at_once: MockWorkspace, ingest: Ingest, status: Status
) -> None:
    at_once.settings(record_indices=False)
    accepted = ingest(event(consent={"adUserData": "CONSENT_DENIED"}))
    (told,) = status(accepted).json()["requestStatusPerDestination"]
    assert told["errorInfo"]["errorCounts"] == [
        {"reason": "PROCESSING_ERROR_REASON_DENIED_CONSENT", "recordCount": "1"}
    ]


def test_the_consent_of_the_request_holds_where_the_event_says_nothing(
    at_once: MockWorkspace, ingest: Ingest
) -> None:
    denied, granted = {"adUserData": "CONSENT_DENIED"}, {"adUserData": "CONSENT_GRANTED"}
    ingest(
        event(transactionId="a", consent=None),
        event(transactionId="b", consent=granted, adIdentifiers=None),
        consent=denied,
    )
    assert [each["verdict"] for each in at_once.events()] == ["rejected", "counted"]


def test_an_unknown_request_has_no_status_and_a_very_old_one_not_any_more(
    workspace: MockWorkspace, ingest: Ingest, status: Status
) -> None:
    assert violations(status("nothing")) == [("request_id", "INVALID_REQUEST_ID")]
    assert violations(status("")) == [("request_id", "REQUIRED_FIELD_MISSING")]
    accepted = ingest(event())
    workspace.advance(51 * DAY)
    assert violations(status(accepted)) == [("request_id", "REQUEST_TOO_OLD")]


def test_a_status_is_told_to_nobody_without_a_token(workspace: MockWorkspace) -> None:
    answer = requests.get(f"{workspace.url}/v1/requestStatus:retrieve", timeout=10)
    assert answer.status_code == 401


def test_a_reset_forgets_what_was_being_processed(
    workspace: MockWorkspace, ingest: Ingest, status: Status
) -> None:
    accepted = ingest(event())
    workspace.reset()
    workspace.advance(3600)
    assert workspace.events() == []
    assert status(accepted).status_code == 400
    assert ingest(event()).status_code == 200


def test_processing_goes_on_after_a_restart(tmp_path: Path) -> None:
    body = {"destinations": [destination()], "encoding": "HEX", "events": [event()]}
    with MockServer(data=tmp_path) as server:
        requests.post(
            f"{server.url}/v1/events:ingest",
            json=body,
            headers={"Authorization": "Bearer T"},
            timeout=10,
        )
    with MockServer(data=tmp_path) as server:
        reader = MockWorkspace(server.url)
        assert [each["verdict"] for each in reader.events()] == ["processing"]
        reader.advance(1800)
        assert [each["verdict"] for each in reader.events()] == ["counted"]


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ({"google_clicks": {GCLID: {}}}, "google_clicks"),
        ({"google_clicks": {GCLID: {"at": "noon"}}}, "google_clicks"),
        ({"google_actions": {ACTION: {"type": "TAG"}}}, "type"),
        ({"google_actions": {ACTION: {"kind": "TAG"}}}, "kind"),
        ({"google_actions": []}, "google_actions"),
        ({"google_accounts": {ACCOUNT: ["BROKE"]}}, "BROKE"),
        ({"google_unknown_clicks": "lost"}, "google_unknown_clicks"),
        ({"google_custom_variables": {"u1": "red"}}, "u1"),
        ({"token_error": "no"}, "token_error"),
        ({"processing_delay_seconds": -1}, "processing_delay_seconds"),
    ],
)
def test_an_unusable_setting_is_refused_by_name(
    workspace: MockWorkspace, setting: Event, named: str
) -> None:
    with pytest.raises(MockPlatformError, match=named):
        workspace.settings(**setting)


def test_settings_can_be_posted_back(workspace: MockWorkspace) -> None:
    told = workspace.settings(
        **clicked(7, customer="1"),
        google_actions={ACTION: {"type": "WEBPAGE", "created_at": "2026-01-01T00:00:00Z"}},
        google_accounts={ACCOUNT: ["NO_CONSENT"]},
        google_custom_variables={"u1": ["red"]},
        narrow_tokens=["T"],
    )
    assert workspace.settings(**told) == told
