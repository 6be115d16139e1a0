from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from bridge.delivery.answer import Answer, NoAnswer, NoAnswerKind
from bridge.delivery.meta_answer import classify_meta as classify
from bridge.delivery.meta_errors import ERRORS
from bridge.delivery.verdict import (
    Accepted,
    DestinationError,
    RequestRejected,
    Retry,
    Throttled,
    Uncertain,
    Unreachable,
    Unrecognised,
    Verdict,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def verdict_on(
    document: Any, status: int = 200, headers: dict[str, str] | None = None, sent: int = 2
) -> Verdict:
    body = document if isinstance(document, bytes) else orjson.dumps(document)
    return classify(Answer(status=status, headers=headers or {}, body=body), sent, NOW)


def error(code: int, subcode: int | None = None, **members: Any) -> dict[str, Any]:
    envelope = {"message": "m", "type": "OAuthException", "code": code} | members
    return {"error": envelope if subcode is None else envelope | {"error_subcode": subcode}}


def test_a_success_with_the_exact_count_is_accepted_with_its_trace_id() -> None:
    document = {"events_received": 2, "messages": [], "fbtrace_id": "AbCdEf_123-456"}
    assert verdict_on(document) == Accepted(trace_id="AbCdEf_123-456")


@pytest.mark.parametrize("count", [0, 1, 3, None, True, "two", 1.5])
def test_a_success_with_another_count_is_not_believed(count: object) -> None:
    assert isinstance(verdict_on({"events_received": count}), Unrecognised)


@pytest.mark.parametrize("body", [b"", b"<html>hello</html>", b"[]", b"{}", b'{"events', b"null"])
def test_a_success_of_a_shape_never_described_is_unrecognised(body: bytes) -> None:
    assert isinstance(verdict_on(body), Unrecognised)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 500])
@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [
        (1, None, Retry),
        (1, 99, Retry),
        (2, None, Retry),
        (5000, None, Retry),
        (21009, None, Retry),
        (-3, None, Retry),
        (4, None, Throttled),
        (17, 2446079, Throttled),
        (32, None, Throttled),
        (341, None, Throttled),
        (613, 1487742, Throttled),
        (80000, None, Throttled),
        (80004, None, Throttled),
        (80014, None, Throttled),
        (190, None, DestinationError),
        (190, 463, DestinationError),
        (102, None, DestinationError),
        (104, None, DestinationError),
        (3, None, DestinationError),
        (10, None, DestinationError),
        (200, None, DestinationError),
        (299, None, DestinationError),
        (270, None, DestinationError),
        (368, None, DestinationError),
        (803, None, DestinationError),
        (100, 33, DestinationError),
        (100, 2044055, DestinationError),
        (2635, None, DestinationError),
    ],
)
def test_the_code_decides_whatever_the_status(
    code: int, subcode: int | None, kind: type, status: int
) -> None:
    verdict = verdict_on(error(code, subcode), status)
    assert isinstance(verdict, kind)
    suffix = "" if subcode is None else f"/{subcode}"
    assert getattr(verdict, "reason", None) == f"meta:{code}{suffix}"


@pytest.mark.parametrize("subcode", [None, 2804003, 2804009, 2804050, 2804011, 2804999, 1])
def test_code_100_rejects_the_request(subcode: int | None) -> None:
    verdict = verdict_on(error(100, subcode, fbtrace_id="Atrace12345"), 400)
    suffix = "" if subcode is None else f"/{subcode}"
    assert isinstance(verdict, RequestRejected)
    assert verdict.reason == f"meta:100{suffix}"
    assert verdict.trace_id == "Atrace12345"


def test_a_rejection_keeps_the_platforms_words_without_personal_data() -> None:
    verdict = verdict_on(
        error(
            100,
            2804050,
            message="Bad jane@example.org from 203.0.113.9",
            error_user_title="Missing",
            error_user_msg="call +1 (555) 010-9999",
        ),
        400,
    )
    assert isinstance(verdict, RequestRejected)
    assert verdict.detail == "Missing | Bad <email> from <ip> | call <digits>"


def test_a_transient_error_is_tried_again_even_where_the_code_would_reject() -> None:
    assert isinstance(verdict_on(error(100, is_transient=True), 400), Retry)


def test_an_error_code_nobody_described_is_unrecognised_unless_the_platform_failed() -> None:
    assert verdict_on(error(4711), 400) == Unrecognised(reason="meta:4711")
    assert isinstance(verdict_on(error(4711), 500), Retry)


def test_a_failing_platform_may_have_kept_the_events_but_a_data_set_not_ready_has_not() -> None:
    assert verdict_on(error(2), 503) == Retry(reason="meta:2", may_be_kept=True)
    assert verdict_on(error(21009), 400) == Retry(reason="meta:21009", may_be_kept=False)


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({}, None),
        ({"retry-after": "120"}, timedelta(seconds=120)),
        ({"retry-after": "Sun, 22 Nov 2026 12:10:00 GMT"}, timedelta(minutes=10)),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT"}, None),
        (
            {
                "x-business-use-case-usage": '{"1":[{"type":"ads_management",'
                '"estimated_time_to_regain_access":7}]}',
                "retry-after": "60",
            },
            timedelta(minutes=7),
        ),
        ({"x-ad-account-usage": '{"reset_time_duration":90}'}, timedelta(seconds=90)),
        ({"retry-after": "soon", "x-app-usage": "{"}, None),
    ],
)
def test_a_throttle_waits_as_long_as_the_headers_ask(
    headers: dict[str, str], after: timedelta | None
) -> None:
    assert verdict_on(error(4), 400, headers) == Throttled(reason="meta:4", after=after)
    assert verdict_on(b"", 429, headers) == Throttled(reason="http:429", after=after)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, DestinationError),
        (308, DestinationError),
        (400, Unrecognised),
        (401, DestinationError),
        (403, DestinationError),
        (404, DestinationError),
        (407, DestinationError),
        (408, Retry),
        (413, RequestRejected),
        (418, Unrecognised),
        (500, Retry),
        (502, Retry),
        (503, Retry),
        (599, Retry),
        (204, Unrecognised),
    ],
)
def test_without_a_code_of_the_platform_the_status_decides(status: int, kind: type) -> None:
    assert isinstance(verdict_on(b"<html></html>", status), kind)


def test_no_answer_is_uncertain_unless_nothing_left() -> None:
    lost = NoAnswer(kind=NoAnswerKind.TIMEOUT, certain_not_received=False)
    refused = NoAnswer(kind=NoAnswerKind.REFUSED, certain_not_received=True)
    no_token = NoAnswer(kind=NoAnswerKind.NO_TOKEN, certain_not_received=True)
    assert classify(lost, 1, NOW) == Uncertain(reason="timeout")
    assert classify(refused, 1, NOW) == Unreachable(reason="connection_refused")
    assert classify(no_token, 1, NOW) == DestinationError(reason="token_unavailable")


def test_every_row_of_the_error_table_has_a_reference() -> None:
    assert all(rule.reference for rule in ERRORS)
