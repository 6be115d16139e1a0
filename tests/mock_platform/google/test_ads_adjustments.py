"""Every error of uploadConversionAdjustments that a row can trigger, and what is adjusted."""

import time
from typing import Any

import pytest

from mock_platform.client import MockWorkspace
from mock_platform.rules.google_ads_catalogue import ADJUSTMENT_RULES

from .conftest import (
    ACCOUNT,
    ACTION,
    DIGEST,
    GCLID,
    Event,
    Ingest,
    Upload,
    adjustment,
    ads_time,
    conversion,
    enhancement,
    event,
    restatement,
    row_errors,
)

DAY = 86_400
PAIR = {"gclid": GCLID, "conversionDateTime": ads_time(3600)}


def action(**traits: Any) -> Event:
    return {"google_actions": {ACTION: traits}}


def account(problem: str) -> Event:
    return {"google_accounts": {ACCOUNT: [problem]}}


# what: (row, settings, code); `conversion()` was counted an hour ago
Case = tuple[Event, Event, str]
FAILED: dict[str, Case] = {
    "action 5 hours old": (
        adjustment(), action(created_at=time.time() - 5 * 3600), "TOO_RECENT_CONVERSION_ACTION"
    ),
    "unknown order": (adjustment(orderId="order-2"), {}, "CONVERSION_NOT_FOUND"),
    "unknown click": (
        adjustment(orderId=None, gclidDateTimePair={**PAIR, "gclid": "x"}), {},
        "CONVERSION_NOT_FOUND",
    ),
    "adjusted before it happened": (
        adjustment(adjustmentDateTime=ads_time(7200)), {}, "ADJUSTMENT_PRECEDES_CONVERSION"
    ),
    "too young, where that is asked": (
        adjustment(), {"adjustment_wait_seconds": DAY}, "TOO_RECENT_CONVERSION"
    ),
    "default value": (
        restatement(), action(default_value=True),
        "CANNOT_RESTATE_CONVERSION_ACTION_THAT_ALWAYS_USES_DEFAULT_CONVERSION_VALUE",
    ),
    "terms not accepted": (
        enhancement(), account("CUSTOMER_NOT_ACCEPTED_CUSTOMER_DATA_TERMS"),
        "CUSTOMER_NOT_ACCEPTED_CUSTOMER_DATA_TERMS",
    ),
    "forbidden": (
        enhancement(), account("CUSTOMER_DATA_POLICY_PROHIBITS_ENHANCEMENT"),
        "CUSTOMER_DATA_POLICY_PROHIBITS_ENHANCEMENT",
    ),
    "externally attributed": (
        enhancement(), action(type="WEBPAGE", external_attribution=True),
        "CONVERSION_ACTION_NOT_ELIGIBLE_FOR_ENHANCEMENT",
    ),
    "plain e-mail address": (
        enhancement(userIdentifiers=[{"hashedEmail": "jane@example.com"}]), {},
        "INVALID_USER_IDENTIFIER",
    ),
    "plain first name": (
        enhancement(userIdentifiers=[{"addressInfo": {"hashedFirstName": "Jane"}}]), {},
        "INVALID_USER_IDENTIFIER",
    ),
    "device": (
        enhancement(userIdentifiers=[{"mobileId": "x"}]), {}, "UNSUPPORTED_USER_IDENTIFIER"
    ),
    "click and order id": (
        adjustment(gclidDateTimePair=PAIR), {}, "GCLID_DATE_TIME_PAIR_AND_ORDER_ID_BOTH_SET"
    ),
    "tag's conversion by its click": (
        adjustment(orderId=None, gclidDateTimePair=PAIR), action(type="WEBPAGE"),
        "MISSING_ORDER_ID_FOR_WEBPAGE",
    ),
    "enhancement by click": (
        enhancement(orderId=None, gclidDateTimePair=PAIR), {}, "MISSING_ORDER_ID_FOR_WEBPAGE"
    ),
    "order id with an address": (
        adjustment(orderId="jane@example.com"), {}, "ORDER_ID_CONTAINS_PII"
    ),
    "unknown action": (adjustment(), {"google_actions": {}}, "NO_CONVERSION_ACTION_FOUND"),
    "store sale": (adjustment(), action(type="STORE_SALES"), "INVALID_CONVERSION_ACTION_TYPE"),
    "enhancement of an upload": (
        enhancement(), action(type="UPLOAD_CLICKS"), "INVALID_CONVERSION_ACTION_TYPE"
    ),
}  # fmt: skip
COMMON: dict[str, Case] = {
    "not allowlisted": (
        adjustment(), account("CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE"),
        "CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE",
    ),
    "no type": (adjustment(adjustmentType=None), {}, "REQUIRED"),
    "no action": (adjustment(conversionAction=None), {}, "REQUIRED"),
    "no conversion": (adjustment(orderId=None), {}, "REQUIRED"),
    "click without id": (
        adjustment(orderId=None, gclidDateTimePair={**PAIR, "gclid": ""}), {}, "REQUIRED"
    ),
    "no value": (restatement(restatementValue=None), {}, "REQUIRED"),
    "negative value": (restatement(-1.0), {}, "TOO_LOW"),
    "currency": (
        restatement(restatementValue={"adjustedValue": 1, "currencyCode": "EURO"}), {},
        "UNSUPPORTED",
    ),
    "value of a retraction": (
        adjustment(restatementValue={"adjustedValue": 0}), {}, "VALUE_MUST_BE_UNSET"
    ),
    "person of a retraction": (
        adjustment(userIdentifiers=[{"hashedEmail": DIGEST}]), {}, "VALUE_MUST_BE_UNSET"
    ),
    "enhancement with nothing": (enhancement(userIdentifiers=None), {}, "REQUIRED"),
    "time with a T": (
        adjustment(adjustmentDateTime="2026-01-01T10:00:00+00:00"), {},
        "INVALID_STRING_DATE_TIME_SECONDS_WITH_OFFSET",
    ),
}  # fmt: skip
EVERY = FAILED | COMMON


@pytest.mark.parametrize("case", EVERY.values(), ids=EVERY)
def test_a_row_fails_with_its_error_and_adjusts_nothing(
    workspace: MockWorkspace, convert: Upload, adjust: Upload, case: Case
) -> None:
    row, settings, code = case
    convert(conversion())
    workspace.settings(**settings)
    answer = adjust(row)
    assert (0, code) in row_errors(answer)
    assert answer.json()["results"] == [{}]
    first, second = workspace.events()
    assert (first["verdict"], second["verdict"]) == ("counted", "rejected")
    assert first["current_value"] == 59.9


OF_HISTORY = frozenset(
    """
    CONVERSION_ALREADY_RETRACTED CONVERSION_EXPIRED MORE_RECENT_RESTATEMENT_FOUND
    TOO_MANY_ADJUSTMENTS RESTATEMENT_ALREADY_EXISTS DUPLICATE_ADJUSTMENT_IN_REQUEST
    CONVERSION_ALREADY_ENHANCED DUPLICATE_ENHANCEMENT_IN_REQUEST
    """.split()
)
OF_CALL = frozenset({"TOO_MANY_ADJUSTMENTS_IN_REQUEST", "INVALID_JOB_ID"})


def test_every_error_of_the_reference_is_in_the_tables() -> None:
    triggered = {case[2] for case in FAILED.values()}
    assert triggered | OF_HISTORY | OF_CALL == ADJUSTMENT_RULES.keys()


def test_a_retraction_takes_the_conversion_back_once(
    workspace: MockWorkspace, convert: Upload, adjust: Upload
) -> None:
    convert(conversion())
    sent = adjustment()
    answer = adjust(sent)
    assert row_errors(answer) == []
    assert answer.json()["results"] == [sent]
    first, second = workspace.events()
    assert (second["verdict"], second["duplicate_of"]) == ("adjusted", first["id"])
    assert second["event_name"] == "RETRACTION"
    assert first["current_value"] == 0
    later = adjustment(adjustmentDateTime=ads_time(1))
    assert row_errors(adjust(later)) == [(0, "CONVERSION_ALREADY_RETRACTED")]
    assert workspace.events()[-1]["verdict"] == "deduplicated"
    assert row_errors(adjust(restatement())) == [(0, "CONVERSION_ALREADY_RETRACTED")]


def test_restatements_overwrite_the_value_in_the_order_of_their_own_times(
    workspace: MockWorkspace, convert: Upload, adjust: Upload
) -> None:
    convert(conversion())
    at = ads_time(600)
    assert row_errors(adjust(restatement(30, adjustmentDateTime=at))) == []
    assert row_errors(adjust(restatement(5, adjustmentDateTime=at))) == [
        (0, "RESTATEMENT_ALREADY_EXISTS")
    ]
    assert row_errors(adjust(restatement(7, adjustmentDateTime=ads_time(900)))) == [
        (0, "MORE_RECENT_RESTATEMENT_FOUND")
    ]
    assert row_errors(adjust(restatement(20, adjustmentDateTime=ads_time(300)))) == []
    assert workspace.counted()[0]["current_value"] == 20
    verdicts = [each["verdict"] for each in workspace.events(api="google_ads_adjustments")]
    assert verdicts == ["adjusted", "deduplicated", "rejected", "adjusted"]


def test_a_conversion_without_order_id_is_addressed_by_its_click(
    workspace: MockWorkspace, convert: Upload, adjust: Upload
) -> None:
    convert(conversion(orderId=None, conversionDateTime=PAIR["conversionDateTime"]))
    assert row_errors(adjust(restatement(orderId=None, gclidDateTimePair=PAIR))) == []
    assert workspace.counted()[0]["current_value"] == 10


def test_a_conversion_with_an_order_id_is_addressed_by_nothing_else(
    convert: Upload, adjust: Upload
) -> None:
    convert(conversion(conversionDateTime=PAIR["conversionDateTime"]))
    answer = adjust(restatement(orderId=None, gclidDateTimePair=PAIR))
    assert row_errors(answer) == [(0, "CONVERSION_NOT_FOUND")]


def test_a_conversion_is_enhanced_once(
    workspace: MockWorkspace, ingest: Ingest, adjust: Upload
) -> None:
    workspace.settings(processing_delay_seconds=0, google_actions={ACTION: {"type": "WEBPAGE"}})
    ingest(event())
    assert row_errors(adjust(enhancement(adjustmentDateTime=ads_time(0)))) == []
    again = enhancement(adjustmentDateTime=ads_time(0))
    assert row_errors(adjust(again)) == [(0, "CONVERSION_ALREADY_ENHANCED")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (restatement(), "DUPLICATE_ADJUSTMENT_IN_REQUEST"),
        (enhancement(), "DUPLICATE_ENHANCEMENT_IN_REQUEST"),
    ],
)
def test_an_adjustment_twice_in_a_request_is_not_made(
    workspace: MockWorkspace, convert: Upload, adjust: Upload, row: Event, code: str
) -> None:
    convert(conversion())
    assert row_errors(adjust(row, row)) == [(0, code), (1, code)]
    assert workspace.counted()[0]["current_value"] == 59.9


def test_two_restatements_of_one_request_are_both_made_in_order(
    workspace: MockWorkspace, convert: Upload, adjust: Upload
) -> None:
    convert(conversion())
    rows = [restatement(value, adjustmentDateTime=ads_time(99 - value)) for value in (30, 20)]
    assert row_errors(adjust(*rows)) == [(1, "MORE_RECENT_RESTATEMENT_FOUND")]
    assert workspace.counted()[0]["current_value"] == 30


def test_a_conversion_is_adjusted_for_54_days(
    workspace: MockWorkspace, convert: Upload, adjust: Upload
) -> None:
    convert(conversion())
    workspace.advance(53 * DAY)
    assert row_errors(adjust(restatement())) == []
    workspace.advance(DAY)
    assert row_errors(adjust(adjustment())) == [(0, "CONVERSION_EXPIRED")]


def test_a_conversion_is_not_adjusted_without_end(
    workspace: MockWorkspace, convert: Upload, adjust: Upload
) -> None:
    workspace.settings(adjustments_max=1)
    convert(conversion())
    adjust(restatement(30, adjustmentDateTime=ads_time(600)))
    later = restatement(20, adjustmentDateTime=ads_time(300))
    assert row_errors(adjust(later)) == [(0, "TOO_MANY_ADJUSTMENTS")]


def test_an_adjustment_beside_its_conversions_time_is_exact(
    workspace: MockWorkspace, convert: Upload, adjust: Upload
) -> None:
    at = ads_time(3600)
    convert(conversion(conversionDateTime=at))
    assert row_errors(adjust(adjustment(adjustmentDateTime=at))) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"conversionAdjustments": [adjustment()] * 2001}, "TOO_MANY_ADJUSTMENTS_IN_REQUEST"),
        ({"jobId": -1}, "INVALID_JOB_ID"),
    ],
)
def test_a_call_that_cannot_be_carried_out_is_refused_as_a_whole(
    adjust: Upload, changes: Event, code: str
) -> None:
    answer = adjust(adjustment(), **changes)
    assert answer.status_code == 400
    (failure,) = answer.json()["error"]["details"]
    assert failure["errors"][0]["errorCode"] == {"conversionAdjustmentUploadError": code}


def test_a_refused_row_leaves_earlier_rows_of_its_request_as_they_are(
    workspace: MockWorkspace, convert: Upload, adjust: Upload
) -> None:
    convert(conversion(), conversion(orderId="order-2", gclid=None))
    answer = adjust(restatement(), adjustment(orderId="nobody"), restatement(5, orderId="order-2"))
    assert row_errors(answer) == [(1, "CONVERSION_NOT_FOUND")]
    assert [each["current_value"] for each in workspace.counted()] == [10, 5]


def test_a_fault_that_loses_the_call_rolls_its_adjustments_back(
    workspace: MockWorkspace, convert: Upload, adjust: Upload
) -> None:
    convert(conversion())
    workspace.fault("html")
    adjust(restatement())
    assert workspace.counted()[0]["current_value"] == 59.9
    assert row_errors(adjust(restatement())) == []
