"""Every error of uploadClickConversions that a row can trigger, and what is counted."""

import time
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace
from mock_platform.rules.google_ads_catalogue import CONVERSIONS

from .conftest import (
    ACCOUNT,
    ACTION,
    DIGEST,
    GCLID,
    Event,
    Ingest,
    Upload,
    ads_time,
    conversion,
    event,
    row_errors,
)

DAY = 86_400
BRAID = "0AAAAA-mock_braid_id_0001"
LEAD = "EXTERNALLY_ATTRIBUTED_CONVERSION_ACTION"
CREDIT = {"externalAttributionCredit": 0.5, "externalAttributionModel": "mine"}


def action(**traits: Any) -> Event:
    return {"google_actions": {ACTION: traits}}


def account(problem: str) -> Event:
    return {"google_accounts": {ACCOUNT: [problem]}}


def clicked(hours_ago: float, **members: Any) -> Event:
    return {"google_clicks": {GCLID: {"at": time.time() - hours_ago * 3600, **members}}}


def named(identifier: Event) -> Event:
    return {"userIdentifiers": [identifier]}


# what: (members of the row, settings, code)
Case = tuple[Event, Event, str]
FAILED: dict[str, Case] = {
    "changed gclid": ({"gclid": "x"}, {}, "UNPARSEABLE_GCLID"),
    "changed wbraid": ({"gclid": None, "wbraid": "x"}, {}, "UNPARSEABLE_WBRAID"),
    "changed gbraid": ({"gclid": None, "gbraid": "x"}, {}, "UNPARSEABLE_GBRAID"),
    "both braids": (
        {"gclid": None, "wbraid": BRAID, "gbraid": BRAID}, {}, "GBRAID_WBRAID_BOTH_SET"
    ),
    "click after the conversion": (
        {"conversionDateTime": ads_time(2 * DAY)}, clicked(24), "CONVERSION_PRECEDES_EVENT"
    ),
    "click outside the window": (
        {}, {**clicked(31 * 24), "click_window_days": 30}, "EXPIRED_EVENT"
    ),
    "click 5 hours old": ({}, clicked(5), "TOO_RECENT_EVENT"),
    "unknown click": ({}, {"google_unknown_clicks": "refused"}, "EVENT_NOT_FOUND"),
    "unknown person": (
        {"gclid": None}, {"google_unknown_clicks": "refused"}, "CLICK_NOT_FOUND"
    ),
    "click of another account": (
        {}, clicked(24, customer="22"), "INVALID_CUSTOMER_FOR_CLICK"
    ),
    "action 5 hours old": (
        {}, action(created_at=time.time() - 5 * 3600), "TOO_RECENT_CONVERSION_ACTION"
    ),
    "unknown action": ({}, {"google_actions": {}}, "NO_CONVERSION_ACTION_FOUND"),
    "tag's action": ({}, action(type="WEBPAGE"), "INVALID_CONVERSION_ACTION_TYPE"),
    "braid for an action that counts one per click": (
        {"gclid": None, "wbraid": BRAID}, action(one_per_click=True),
        "ONE_PER_CLICK_CONVERSION_ACTION_NOT_PERMITTED_WITH_BRAID",
    ),
    "external attribution not asked for": (
        {"externalAttributionData": CREDIT}, {},
        f"EXTERNAL_ATTRIBUTION_DATA_SET_FOR_NON_{LEAD}",
    ),
    "external attribution missing": (
        {"orderId": None, "userIdentifiers": None}, action(external_attribution=True),
        f"EXTERNAL_ATTRIBUTION_DATA_NOT_SET_FOR_{LEAD}",
    ),
    "order id beside external attribution": (
        {"externalAttributionData": CREDIT, "userIdentifiers": None},
        action(external_attribution=True), f"ORDER_ID_NOT_PERMITTED_FOR_{LEAD}",
    ),
    "person beside external attribution": (
        {"externalAttributionData": CREDIT, "orderId": None}, action(external_attribution=True),
        f"{LEAD}_NOT_PERMITTED_WITH_USER_IDENTIFIER",
    ),
    "plain e-mail address": (
        named({"hashedEmail": "jane@example.com"}), {}, "INVALID_USER_IDENTIFIER"
    ),
    "address": (
        named({"addressInfo": {"hashedFirstName": DIGEST}}), {}, "UNSUPPORTED_USER_IDENTIFIER"
    ),
    "device": (named({"mobileId": "x"}), {}, "UNSUPPORTED_USER_IDENTIFIER"),
    "order id with an address": ({"orderId": "jane@example.com"}, {}, "ORDER_ID_CONTAINS_PII"),
    "variable with an address": (
        {"customVariables": [{"conversionCustomVariable": "x", "value": "jane@example.com"}]}, {},
        "CUSTOM_VARIABLE_VALUE_CONTAINS_PII",
    ),
    "unknown variable": (
        {"customVariables": [{"conversionCustomVariable": "customers/1/v/7", "value": "1"}]},
        {"google_custom_variables": {"8": []}}, "CUSTOM_VARIABLE_NOT_ENABLED",
    ),
    "tracking not compliant": (
        {"gclid": None, "gbraid": BRAID}, account("CONVERSION_NOT_COMPLIANT_WITH_ATT_POLICY"),
        "CONVERSION_NOT_COMPLIANT_WITH_ATT_POLICY",
    ),
}  # fmt: skip
FAILED |= {
    f"account: {problem}": ({}, account(problem), problem)
    for problem in (
        "CUSTOMER_DATA_POLICY_PROHIBITS_ENHANCED_CONVERSIONS",
        "CUSTOMER_NOT_ACCEPTED_CUSTOMER_DATA_TERMS",
        "CUSTOMER_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS",
        "CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE",
        "UNAUTHORIZED_CUSTOMER",
        "CONVERSION_TRACKING_NOT_ENABLED_AT_IMPRESSION_TIME",
    )
}
# Errors the uploads share with the rest of the API.
COMMON: dict[str, Case] = {
    "no action": ({"conversionAction": None}, {}, "REQUIRED"),
    "action by its id alone": ({"conversionAction": "987"}, {}, "RESOURCE_NAME_MALFORMED"),
    "no time": ({"conversionDateTime": None}, {}, "REQUIRED"),
    "nothing to match": ({"gclid": None, "userIdentifiers": None}, {}, "REQUIRED"),
    "empty identifier": (named({"userIdentifierSource": "FIRST_PARTY"}), {}, "REQUIRED"),
    "6 identifiers": ({"userIdentifiers": [{"hashedEmail": DIGEST}] * 6}, {}, "TOO_MANY"),
    "tomorrow": ({"conversionDateTime": ads_time(-DAY)}, {}, "LATER_THAN_MAXIMUM_DATE"),
    "currency": ({"currencyCode": "EURO"}, {}, "UNSUPPORTED"),
    "negative value": ({"conversionValue": -1}, {}, "TOO_LOW"),
    "unknown environment": ({"conversionEnvironment": 9}, {}, "ENUM_VALUE_NOT_PERMITTED"),
    "click and braid, strictly": ({"wbraid": BRAID}, {"mode": "strict"}, "VALUE_MUST_BE_UNSET"),
    "personalization, strictly": (
        {"consent": {"adPersonalization": "GRANTED"}}, {"mode": "strict"}, "VALUE_MUST_BE_UNSET"
    ),
}  # fmt: skip
COMMON |= {
    f"time {text}": (
        {"conversionDateTime": text}, {}, "INVALID_STRING_DATE_TIME_SECONDS_WITH_OFFSET"
    )
    for text in (
        "2026-01-01 10:00:00", "2026-01-01T10:00:00+00:00", "2026-01-01 10:00:00Z",
        "2026-02-30 10:00:00+00:00", "1767258000",
    )
}  # fmt: skip
EVERY = FAILED | COMMON


@pytest.mark.parametrize("case", EVERY.values(), ids=EVERY)
def test_a_row_fails_with_its_error_and_the_others_count(
    workspace: MockWorkspace, convert: Upload, case: Case
) -> None:
    changes, settings, code = case
    workspace.settings(**settings)
    answer = convert(conversion(**changes))
    assert (0, code) in row_errors(answer)
    assert answer.json()["results"] == [{}]
    assert [each["verdict"] for each in workspace.events()] == ["rejected"]
    workspace.settings(google_actions=None, google_accounts={}, google_unknown_clicks="accepted")
    sound = conversion(orderId="sound", gclid=None)
    workspace.settings(google_custom_variables=None)
    mixed = convert(conversion(orderId="bad", gclid="x"), sound)
    assert row_errors(mixed) == [(0, "UNPARSEABLE_GCLID")]
    assert [each["order_id"] for each in workspace.counted()] == ["sound"]


REPEATED = frozenset(
    {
        "ORDER_ID_ALREADY_IN_USE",
        "DUPLICATE_ORDER_ID",
        "CLICK_CONVERSION_ALREADY_EXISTS",
        "DUPLICATE_CLICK_CONVERSION_IN_REQUEST",
    }
)
OF_CALL = frozenset({"TOO_MANY_CONVERSIONS_IN_REQUEST", "INVALID_JOB_ID"})


def test_every_error_of_the_reference_is_in_the_tables() -> None:
    triggered = {case[2] for case in FAILED.values()}
    triggered.discard("CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE")
    assert triggered | REPEATED | OF_CALL == CONVERSIONS.keys()


def test_a_counted_conversion_is_echoed_and_shown(
    workspace: MockWorkspace, convert: Upload
) -> None:
    sent = conversion()
    answer = convert(sent).json()
    assert "partialFailureError" not in answer
    names = ("gclid", "conversionAction", "conversionDateTime", "userIdentifiers")
    assert answer["results"] == [{name: sent[name] for name in names}]
    assert int(answer["jobId"]) >= 2**31
    (shown,) = workspace.counted(api="google_ads_conversions")
    assert (shown["order_id"], shown["dataset"], shown["payload"]) == ("order-1", ACTION, sent)
    assert (shown["value"], shown["currency"], shown["current_value"]) == (59.9, "EUR", 59.9)


def test_an_error_names_its_row_and_field(convert: Upload) -> None:
    answer = convert(conversion(), conversion(orderId="b", gclid="x"))
    error = answer.json()["partialFailureError"]
    assert error["code"] == 3
    (failure,) = error["details"]
    assert failure["@type"].endswith("google.ads.googleads.v26.errors.GoogleAdsFailure")
    assert failure["requestId"] == answer.headers["request-id"]
    (told,) = failure["errors"]
    assert told["errorCode"] == {"conversionUploadError": "UNPARSEABLE_GCLID"}
    path = [{"fieldName": "conversions", "index": 1}, {"fieldName": "gclid"}]
    assert told["location"]["fieldPathElements"] == path


def test_an_order_id_is_counted_once_and_its_repeat_told(
    workspace: MockWorkspace, convert: Upload
) -> None:
    convert(conversion())
    again = conversion(conversionDateTime=ads_time(60), conversionValue=1)
    assert row_errors(convert(again)) == [(0, "ORDER_ID_ALREADY_IN_USE")]
    first, second = workspace.events()
    assert (second["verdict"], second["duplicate_of"]) == ("deduplicated", first["id"])
    assert first["current_value"] == 59.9


def test_an_order_id_twice_in_a_request_fails_every_such_row(
    workspace: MockWorkspace, convert: Upload
) -> None:
    rows = [conversion(orderId=name, gclid=None) for name in ("a", "b", "a")]
    assert row_errors(convert(*rows)) == [(0, "DUPLICATE_ORDER_ID"), (2, "DUPLICATE_ORDER_ID")]
    assert [each["order_id"] for each in workspace.counted()] == ["b"]


def test_a_click_and_time_is_counted_once(workspace: MockWorkspace, convert: Upload) -> None:
    row = conversion(orderId=None)
    assert row_errors(convert(row, row)) == [
        (0, "DUPLICATE_CLICK_CONVERSION_IN_REQUEST"),
        (1, "DUPLICATE_CLICK_CONVERSION_IN_REQUEST"),
    ]
    assert row_errors(convert(row)) == []
    assert row_errors(convert(row)) == [(0, "CLICK_CONVERSION_ALREADY_EXISTS")]
    other = conversion(orderId=None, conversionDateTime=ads_time(1800))
    assert row_errors(convert(other)) == []
    assert len(workspace.counted()) == 2


@pytest.mark.parametrize(("encoded", "status"), [("YWJj", 200), ("YWJ-_w==", 200), ("!", 400)])
def test_session_attributes_are_base64(convert: Upload, encoded: str, status: int) -> None:
    assert convert(conversion(sessionAttributesEncoded=encoded)).status_code == status


def test_five_identifiers_are_within_bounds(convert: Upload) -> None:
    assert row_errors(convert(conversion(userIdentifiers=[{"hashedEmail": DIGEST}] * 5))) == []


def test_two_orders_of_one_click_and_second_are_told_apart(
    workspace: MockWorkspace, convert: Upload
) -> None:
    at = ads_time(60)
    rows = [conversion(orderId=name, conversionDateTime=at) for name in "ab"]
    assert row_errors(convert(*rows)) == []
    assert len(workspace.counted()) == 2


def test_both_apis_share_one_memory_of_orders(
    workspace: MockWorkspace, ingest: Ingest, convert: Upload
) -> None:
    workspace.settings(processing_delay_seconds=0)
    ingest(event())
    assert row_errors(convert(conversion())) == [(0, "ORDER_ID_ALREADY_IN_USE")]


def test_validate_only_answers_without_results_and_counts_nothing(
    workspace: MockWorkspace, convert: Upload
) -> None:
    answer = convert(conversion(), conversion(orderId="b", gclid="x"), validateOnly=True)
    assert row_errors(answer) == [(1, "UNPARSEABLE_GCLID")]
    assert "results" not in answer.json()
    assert workspace.events() == []
    assert row_errors(convert(conversion())) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"conversions": [conversion()] * 2001}, "TOO_MANY_CONVERSIONS_IN_REQUEST"),
        ({"conversions": []}, "REQUIRED_FIELD_MISSING"),
        ({"partialFailure": None}, "PARTIAL_FAILURE_MODE_REQUIRED"),
        ({"jobId": 0}, "INVALID_JOB_ID"),
    ],
)
def test_a_call_that_cannot_be_carried_out_is_refused_as_a_whole(
    workspace: MockWorkspace, convert: Upload, changes: Event, code: str
) -> None:
    answer = convert(conversion(), **changes)
    assert answer.status_code == 400
    (failure,) = answer.json()["error"]["details"]
    assert list(failure["errors"][0]["errorCode"].values()) == [code]
    assert workspace.events() == []


@pytest.mark.parametrize(
    ("path", "headers", "code"),
    [
        ("/v22/customers/1234567890", {}, "UNSUPPORTED_VERSION"),
        ("/v27/customers/1234567890", {}, "UNSUPPORTED_VERSION"),
        ("/v26/customers/123-456-7890", {}, "INVALID_CUSTOMER_ID"),
        ("/v26/customers/1", {"login-customer-id": "1-2"}, "INVALID_LOGIN_CUSTOMER_ID"),
        ("/v26/customers/1", {"linked-customer-id": "me"}, "INVALID_LINKED_CUSTOMER_ID"),
    ],
)
def test_version_customer_and_headers_are_checked(
    post: Any, path: str, headers: dict[str, str], code: str
) -> None:
    body = {"conversions": [conversion()], "partialFailure": True}
    answer = post(f"{path}:uploadClickConversions", body, headers=headers)
    assert answer.status_code == 400
    assert code in answer.text


def test_a_removed_field_is_refused_by_the_front_end(convert: Upload) -> None:
    answer = convert(conversion(), debugEnabled=True)
    assert answer.status_code == 400
    assert 'Unknown name "debugEnabled"' in answer.json()["error"]["message"]


def test_a_given_job_id_is_told_again(convert: Upload) -> None:
    assert convert(conversion(), jobId=7).json()["jobId"] == "7"


def test_no_token_is_401(workspace: MockWorkspace) -> None:
    answer = requests.post(
        f"{workspace.url}/v26/customers/1:uploadClickConversions", json={}, timeout=10
    )
    assert answer.status_code == 401
