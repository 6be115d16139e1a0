from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from bridge.delivery.answer import Answer, NoAnswer, NoAnswerKind
from bridge.delivery.google_answer import classify_google
from bridge.delivery.google_errors import FIELDS, REASONS, STATUSES
from bridge.delivery.treatment import Treatment
from bridge.delivery.verdict import (
    Accepted,
    DestinationError,
    EventsRejected,
    RequestRejected,
    Retry,
    Throttled,
    Uncertain,
    Unreachable,
    Unrecognised,
    Verdict,
)

NOW = datetime(2026, 11, 22, 12, 0, 48, tzinfo=UTC)
KINDS = {
    Treatment.DESTINATION: DestinationError,
    Treatment.THROTTLED: Throttled,
    Treatment.RETRY: Retry,
    Treatment.REJECTED: RequestRejected,
}


def verdict_on(
    document: Any, status: int = 200, headers: dict[str, str] | None = None, sent: int = 5
) -> Verdict:
    body = document if isinstance(document, bytes) else orjson.dumps(document)
    return classify_google(Answer(status=status, headers=headers or {}, body=body), sent, NOW)


def violation(field: str, reason: str | None, description: str = "Wrong.") -> dict[str, Any]:
    members = {"field": field, "description": description}
    return members if reason is None else members | {"reason": reason}


def refusal(
    *violations: dict[str, Any], status: str = "INVALID_ARGUMENT", reason: str | None = None
) -> dict[str, Any]:
    prefix = "type.googleapis.com/google.rpc."
    details = [
        {"@type": f"{prefix}ErrorInfo", "reason": reason or status, "domain": "googleapis.com"},
        {"@type": f"{prefix}RequestInfo", "requestId": "t-0815"},
        {"@type": f"{prefix}BadRequest", "fieldViolations": list(violations)},
    ]
    message = "There was a problem with the request."
    return {"error": {"code": 400, "message": message, "status": status, "details": details}}


def test_a_success_is_accepted_under_googles_request_id() -> None:
    assert verdict_on({"requestId": "r-1"}) == Accepted(trace_id="r-1")


def test_what_google_left_out_is_told_once_by_name() -> None:
    warnings = [{"reason": "WARNING_REASON_INVALID_MERCHANT_ID", "field": "x"}] * 3
    assert verdict_on({"requestId": "r-1", "fieldWarnings": warnings}) == Accepted(
        trace_id="r-1", warnings=("WARNING_REASON_INVALID_MERCHANT_ID",)
    )


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b"[]", b'{"requestId":""}', b'{"requestId":7}', b'{"requestI']
)
def test_a_success_nobody_can_ask_about_later_is_not_believed(body: bytes) -> None:
    assert verdict_on(body) == Unrecognised(reason="google:no_request_id")


def test_exactly_the_events_that_are_named_are_rejected_with_googles_reason() -> None:
    document = refusal(
        violation("events.events[1].user_data.user_identifiers[2]", "INVALID_HEX_ENCODING"),
        violation("events.events[4].currency", "INVALID_CURRENCY_CODE", "Not a code."),
        violation("events.events[1].event_timestamp", "EVENT_TIME_INVALID"),
    )
    verdict = verdict_on(document, 400)
    assert isinstance(verdict, EventsRejected)
    assert verdict.culprits == {
        1: RequestRejected(
            reason="google:INVALID_HEX_ENCODING",
            detail="user_data.user_identifiers[2]: Wrong. | event_timestamp: Wrong.",
            trace_id="t-0815",
        ),
        4: RequestRejected(
            reason="google:INVALID_CURRENCY_CODE", detail="currency: Not a code.", trace_id="t-0815"
        ),
    }


def test_the_front_ends_own_words_name_the_event_too() -> None:
    unknown = violation("events[3].user_data", None, 'Unknown name "plain": Cannot find field.')
    verdict = verdict_on(refusal(unknown), 400)
    assert isinstance(verdict, EventsRejected)
    assert {place: one.reason for place, one in verdict.culprits.items()} == {
        3: "google:INVALID_ARGUMENT"
    }


def test_no_personal_data_of_a_violation_is_kept() -> None:
    named = "events.events[0].user_data.user_identifiers[0].email_address"
    told = violation(named, "INVALID_HEX_ENCODING", "jane@example.org is not hexadecimal")
    odd = violation("events.events[0].jane@example.org", "INVALID_FORMAT", "+49 30 1234567")
    assert "jane" not in str(verdict_on(refusal(told, odd), 400))
    assert "1234567" not in str(verdict_on(refusal(told, odd), 400))
    reason = violation(named, "jane@example.org")
    assert "jane" not in str(verdict_on(refusal(reason), 400))


@pytest.mark.parametrize("field", ["events.events[5].currency", "events", "events.events", "", "x"])
def test_what_names_no_event_that_was_sent_is_for_the_search(field: str) -> None:
    verdict = verdict_on(refusal(violation(field, "INVALID_FORMAT")), 400, sent=5)
    assert isinstance(verdict, RequestRejected)
    assert verdict.reason == "google:INVALID_FORMAT"


def test_a_refusal_that_names_nothing_at_all_is_for_the_search() -> None:
    verdict = verdict_on(refusal(), 400)
    assert isinstance(verdict, RequestRejected)
    assert verdict.reason == "google:INVALID_ARGUMENT"
    assert verdict.detail == "There was a problem with the request."


@pytest.mark.parametrize("rule", FIELDS, ids=lambda rule: rule.name)
def test_a_field_of_the_request_says_whose_fault_a_value_is(rule: Any) -> None:
    document = refusal(violation(f"{rule.name}[0].login_account", "INVALID_NUMBER_FORMAT"))
    if rule.name == "events":
        document = refusal(violation("events", "INVALID_NUMBER_FORMAT"))
    verdict = verdict_on(document, 400)
    assert isinstance(verdict, KINDS[rule.treatment])
    assert verdict.reason == "google:INVALID_NUMBER_FORMAT"


@pytest.mark.parametrize("rule", REASONS, ids=lambda rule: rule.name)
@pytest.mark.parametrize("field", ["destinations[0]", "events.events[0]", ""])
def test_some_reasons_decide_whatever_they_name(rule: Any, field: str) -> None:
    bad = violation("events.events[1].currency", "INVALID_CURRENCY_CODE")
    verdict = verdict_on(refusal(bad, violation(field, rule.name)), 400)
    assert isinstance(verdict, KINDS[rule.treatment])
    assert verdict.reason == f"google:{rule.name}"


def test_an_event_that_needs_what_the_account_lacks_costs_that_event_only() -> None:
    field = "events.events[2].event_location.store_id"
    verdict = verdict_on(refusal(violation(field, "ACCOUNT_INELIGIBLE_FOR_STORE_SALES")), 400)
    assert isinstance(verdict, EventsRejected)
    assert set(verdict.culprits) == {2}


@pytest.mark.parametrize("rule", STATUSES, ids=lambda rule: rule.name)
def test_a_canonical_status_decides_where_nothing_more_is_said(rule: Any) -> None:
    verdict = verdict_on({"error": {"code": 400, "message": "m", "status": rule.name}}, 400)
    assert isinstance(verdict, KINDS[rule.treatment])
    assert verdict.reason == f"google:{rule.name}"


@pytest.mark.parametrize(
    ("status", "name", "reason"),
    [
        (401, "UNAUTHENTICATED", "google:UNAUTHENTICATED"),
        (403, "PERMISSION_DENIED", "google:SERVICE_DISABLED"),
        (403, "PERMISSION_DENIED", "google:ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
    ],
)
def test_a_refused_caller_is_the_destinations_trouble(status: int, name: str, reason: str) -> None:
    document = refusal(status=name, reason=reason.removeprefix("google:"))
    verdict = verdict_on(document, status)
    assert isinstance(verdict, DestinationError)
    assert verdict.reason == reason


def test_a_throttle_waits_as_long_as_asked_or_for_the_next_minute() -> None:
    document = refusal(status="RESOURCE_EXHAUSTED")
    assert verdict_on(document, 429) == Throttled(
        reason="google:RESOURCE_EXHAUSTED", after=timedelta(seconds=12)
    )
    asked = verdict_on(document, 429, {"retry-after": "120"})
    assert asked == Throttled(reason="google:RESOURCE_EXHAUSTED", after=timedelta(minutes=2))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, DestinationError),
        (400, Unrecognised),
        (401, DestinationError),
        (403, DestinationError),
        (404, DestinationError),
        (409, Unrecognised),
        (413, RequestRejected),
        (418, Unrecognised),
        (429, Throttled),
        (500, Retry),
        (502, Retry),
        (503, Retry),
        (504, Retry),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>", b'{"error":"x"}', b'{"error":{}}', b"[1]"])
def test_without_googles_words_the_status_decides(
    status: int, kind: type[Any], body: bytes
) -> None:
    verdict = verdict_on(body, status)
    assert isinstance(verdict, kind)
    assert not isinstance(verdict, Accepted)


def test_a_server_error_is_never_an_events_fault() -> None:
    bad = violation("events.events[0].currency", "INVALID_CURRENCY_CODE")
    assert isinstance(verdict_on(refusal(bad, status="INTERNAL"), 500), Retry)


@pytest.mark.parametrize(
    ("kind", "certain", "expected"),
    [
        (NoAnswerKind.NO_TOKEN, True, DestinationError),
        (NoAnswerKind.NO_TOKEN_YET, True, Unreachable),
        (NoAnswerKind.REFUSED, True, Unreachable),
        (NoAnswerKind.TIMEOUT, False, Uncertain),
    ],
)
def test_no_answer_means_what_was_certain(
    kind: NoAnswerKind, certain: bool, expected: type[Any]
) -> None:
    nothing = NoAnswer(kind=kind, certain_not_received=certain)
    assert isinstance(classify_google(nothing, 1, NOW), expected)


def test_why_there_is_no_token_is_told() -> None:
    nothing = NoAnswer(
        kind=NoAnswerKind.NO_TOKEN, certain_not_received=True, reason="google:invalid_grant"
    )
    assert classify_google(nothing, 1, NOW) == DestinationError(reason="google:invalid_grant")


def test_every_row_says_where_it_is_described_and_stands_once() -> None:
    for rules in (REASONS, FIELDS, STATUSES):
        assert all(rule.reference for rule in rules)
        assert len({rule.name for rule in rules}) == len(rules)
