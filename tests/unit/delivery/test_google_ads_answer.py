"""Google Ads judges row by row: what its answers mean for each conversion, and for all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from google.ads.googleads.v26.errors.types.conversion_upload_error import ConversionUploadErrorEnum
from google.ads.googleads.v26.errors.types.errors import GoogleAdsFailure
from google.protobuf import json_format

from bridge.delivery.answer import Answer, NoAnswer, NoAnswerKind
from bridge.delivery.google_ads_answer import classify_google_ads
from bridge.delivery.google_ads_errors import ERRORS, AdsTreatment, Rule
from bridge.delivery.verdict import (
    Accepted,
    DestinationError,
    EventsRejected,
    EventVerdict,
    Harmless,
    PerEvent,
    RequestRejected,
    Retry,
    Throttled,
    Uncertain,
    Unrecognised,
    Verdict,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TAKEN = {"conversionAction": "customers/1/conversionActions/2"}
TYPE = "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure"
ACCEPTED = Accepted(trace_id="r-1")
T = AdsTreatment
KINDS: dict[AdsTreatment, type[EventVerdict]] = {T.THROTTLED: Throttled}
KINDS |= {T.DESTINATION: DestinationError, T.CLICK: RequestRejected, T.REJECTED: RequestRejected}
KINDS |= {T.COUNTED: Harmless, T.UNMATCHED: Harmless}
KINDS |= dict.fromkeys((T.ANEW, T.TOO_EARLY, T.RETRY), Retry)


def error(
    code: str,
    place: int | None = None,
    *,
    category: str = "conversionUploadError",
    field: str = "gclid",
    **members: object,
) -> dict[str, Any]:
    path = [{"fieldName": "conversions", "index": place}, {"fieldName": field}]
    location = {} if place is None else {"location": {"fieldPathElements": path}}
    return {"errorCode": {category: code}, "message": "Wrong."} | location | members


def status(*errors: dict[str, Any], code: int = 3, name: str = "INVALID_ARGUMENT") -> Any:
    failure = {"errors": list(errors), "requestId": "r-1"}
    json_format.ParseDict(failure, GoogleAdsFailure.pb(GoogleAdsFailure()))
    return {
        "code": code,
        "message": "Multiple errors in the request.",
        "status": name,
        "details": [{"@type": TYPE} | failure],
    }


def partial(*errors: dict[str, Any], sent: int = 5) -> Any:
    """What Google answers with when some of the rows failed."""
    places = {one["location"]["fieldPathElements"][0]["index"] for one in errors}
    results = [{} if place in places else TAKEN for place in range(sent)]
    return {"partialFailureError": status(*errors), "results": results, "jobId": "4294967296"}


def verdict_on(
    document: Any, code: int = 200, headers: dict[str, str] | None = None, sent: int = 5
) -> Verdict:
    body = document if isinstance(document, bytes) else orjson.dumps(document)
    known = {"request-id": "r-1"} | (headers or {})
    return classify_google_ads(Answer(status=code, headers=known, body=body), sent, NOW)


def ends(verdict: Verdict) -> dict[int, EventVerdict]:
    assert isinstance(verdict, PerEvent)
    return dict(verdict.verdicts)


def test_all_rows_with_a_result_are_accepted_under_googles_request_id() -> None:
    assert verdict_on({"results": [TAKEN] * 5, "jobId": "1"}) == ACCEPTED


@pytest.mark.parametrize(
    "document",
    [b"", b"<html>", {}, [], {"results": None}, {"results": [TAKEN] * 4}, {"results": [{}] * 5}],
)
def test_a_success_that_does_not_tell_every_row_is_not_believed(document: Any) -> None:
    assert verdict_on(document) == Unrecognised(reason="google_ads:no_result")


def test_each_row_ends_as_its_own_error_says() -> None:
    document = partial(
        error("ORDER_ID_ALREADY_IN_USE", 0),
        error("UNPARSEABLE_GCLID", 2),
        error("TOO_RECENT_EVENT", 3),
    )

    assert ends(verdict_on(document)) == {
        0: Harmless(reason="google_ads:ORDER_ID_ALREADY_IN_USE", trace_id="r-1"),
        1: ACCEPTED,
        2: RequestRejected(
            reason="google_ads:UNPARSEABLE_GCLID", detail="gclid: Wrong.", trace_id="r-1"
        ),
        3: Retry(reason="google_ads:TOO_RECENT_EVENT", after=timedelta(hours=6), may_be_kept=False),
        4: ACCEPTED,
    }


@pytest.mark.parametrize(
    "code", ["ORDER_ID_ALREADY_IN_USE", "CLICK_CONVERSION_ALREADY_EXISTS", "CLICK_NOT_FOUND"]
)
def test_what_is_there_already_or_belongs_to_no_ad_is_no_failure(code: str) -> None:
    reason = f"google_ads:{code}"

    assert ends(verdict_on(partial(error(code, 4))))[4] == Harmless(reason=reason, trace_id="r-1")


@pytest.mark.parametrize("rule", [rule for rule in ERRORS if rule.name], ids=str)
def test_every_code_with_a_row_ends_its_row_as_the_table_says(rule: Rule) -> None:
    code, category = rule.name or "", rule.category

    end = ends(verdict_on(partial(error(code, 1, category=category))))[1]

    assert isinstance(end, KINDS[rule.treatment])
    assert end.reason.startswith(f"google_ads:{code}")
    if isinstance(end, RequestRejected):
        assert end.of_the_event is (rule.treatment is AdsTreatment.CLICK)


@pytest.mark.parametrize(
    "code",
    [
        one.name
        for one in ConversionUploadErrorEnum.ConversionUploadError
        if not any(rule.name == one.name for rule in ERRORS)
    ],
)
def test_every_other_upload_error_rejects_its_row_by_name(code: str) -> None:
    end = ends(verdict_on(partial(error(code, 1))))[1]

    assert isinstance(end, RequestRejected)
    assert (end.reason, end.of_the_event) == (f"google_ads:{code}", False)


def test_an_error_nobody_has_described_rejects_the_row_it_names() -> None:
    document = partial(error("UNSUPPORTED", 2, category="currencyCodeError"))

    assert ends(verdict_on(document))[2].reason == "google_ads:UNSUPPORTED"  # type: ignore[union-attr]  # Accepted has none


@pytest.mark.parametrize(
    ("codes", "decides"),
    [
        (("UNPARSEABLE_GCLID", "ORDER_ID_ALREADY_IN_USE"), "ORDER_ID_ALREADY_IN_USE"),
        (("CLICK_NOT_FOUND", "INVALID_USER_IDENTIFIER"), "INVALID_USER_IDENTIFIER"),
        (("TOO_RECENT_EVENT", "EXPIRED_EVENT"), "EXPIRED_EVENT"),
        (("EXPIRED_EVENT", "CUSTOM_VARIABLE_NOT_ENABLED"), "CUSTOM_VARIABLE_NOT_ENABLED"),
    ],
)
def test_of_several_errors_of_a_row_the_one_that_decides_most_holds(
    codes: tuple[str, ...], decides: str
) -> None:
    end = ends(verdict_on(partial(*(error(code, 0) for code in codes))))[0]

    assert end.reason == f"google_ads:{decides}"  # type: ignore[union-attr]  # Accepted has none


def test_rejections_of_all_rows_still_name_every_one() -> None:
    document = partial(*(error("INVALID_USER_IDENTIFIER", place) for place in range(5)))

    assert ends(verdict_on(document)).keys() == set(range(5))


NOT_ALLOWED = ("CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE", "notAllowlistedError")
USE_THE_OTHER = "google_ads:CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE:use_google_data_manager"


@pytest.mark.parametrize("whole", [False, True])
def test_an_account_that_may_not_upload_pauses_the_destination_and_says_what_to_use(
    whole: bool,
) -> None:
    code, category = NOT_ALLOWED
    places = [None] if whole else range(5)
    errors = [error(code, place, category=category) for place in places]
    document = {"error": status(*errors)} if whole else partial(*errors)

    verdict = verdict_on(document, 400 if whole else 200)

    assert isinstance(verdict, DestinationError)
    assert verdict.reason == USE_THE_OTHER


def test_a_partial_failure_that_names_no_row_is_about_all_that_have_no_result() -> None:
    code, category = NOT_ALLOWED
    failed = {"partialFailureError": status(error(code, category=category))}

    assert isinstance(verdict_on(failed | {"results": [{}] * 5}), DestinationError)
    mixed = ends(verdict_on(failed | {"results": [TAKEN, {}, {}, TAKEN, {}]}))
    assert [place for place, end in mixed.items() if end == ACCEPTED] == [0, 3]


def test_what_is_accepted_beside_a_fault_of_the_destination_stays_accepted() -> None:
    document = partial(
        error("CUSTOMER_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS", 1),
        error("CUSTOMER_NOT_ACCEPTED_CUSTOMER_DATA_TERMS", 3),
    )

    found = ends(verdict_on(document))

    assert found[0] == found[2] == found[4] == ACCEPTED
    assert found[1] == found[3]
    assert isinstance(found[1], DestinationError)


@pytest.mark.parametrize(
    ("category", "code", "kind"),
    [
        ("authenticationError", "OAUTH_TOKEN_EXPIRED", DestinationError),
        ("authorizationError", "USER_PERMISSION_DENIED", DestinationError),
        ("authorizationError", "CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION", DestinationError),
        ("headerError", "INVALID_LOGIN_CUSTOMER_ID", DestinationError),
        ("requestError", "INVALID_CUSTOMER_ID", DestinationError),
        ("quotaError", "ACCESS_PROHIBITED", DestinationError),
        ("quotaError", "RESOURCE_EXHAUSTED", Throttled),
        ("internalError", "TRANSIENT_ERROR", Retry),
        ("internalError", "INTERNAL_ERROR", Retry),
        ("databaseError", "CONCURRENT_MODIFICATION", Retry),
        ("conversionUploadError", "TOO_MANY_CONVERSIONS_IN_REQUEST", RequestRejected),
    ],
)
def test_a_refused_request_ends_as_its_error_says(
    category: str, code: str, kind: type[Verdict]
) -> None:
    verdict = verdict_on({"error": status(error(code, category=category))}, 400)

    assert isinstance(verdict, kind)
    assert verdict.reason == f"google_ads:{code}"  # type: ignore[union-attr]  # these have one


@pytest.mark.parametrize(
    ("delay", "headers", "after"),
    [
        ("43200s", {}, timedelta(hours=12)),
        ("3.5s", {"retry-after": "60"}, timedelta(seconds=3)),
        (None, {"retry-after": "60"}, timedelta(minutes=1)),
        (None, {}, None),
        ("9999999s", {}, timedelta(days=7)),
    ],
)
def test_a_quota_is_rested_for_as_long_as_google_asks(
    delay: str | None, headers: dict[str, str], after: timedelta | None
) -> None:
    quota = {"rateScope": "ACCOUNT", "rateName": "Requests"} | (
        {"retryDelay": delay} if delay else {}
    )
    members = {"details": {"quotaErrorDetails": quota}}
    exhausted = error("RESOURCE_TEMPORARILY_EXHAUSTED", category="quotaError", **members)

    verdict = verdict_on({"error": status(exhausted, code=8)}, 429, headers)

    assert verdict == Throttled(reason="google_ads:RESOURCE_TEMPORARILY_EXHAUSTED", after=after)


def test_a_refused_request_that_names_rows_lets_the_others_go_again() -> None:
    named = error("INVALID_ENUM_VALUE", 3, category="requestError", field="consent")

    verdict = verdict_on({"error": status(named)}, 400)

    assert isinstance(verdict, EventsRejected)
    assert verdict.culprits[3].reason == "google_ads:INVALID_ENUM_VALUE"
    assert verdict.culprits.keys() == {3}


def test_a_failure_of_googles_own_is_no_rows_fault_whatever_it_names() -> None:
    document = {"error": status(error("INVALID_USER_IDENTIFIER", 1), code=13, name="INTERNAL")}

    assert verdict_on(document, 500) == Retry(reason="google_ads:INTERNAL")


def test_a_place_in_anything_but_the_conversions_is_no_rows() -> None:
    elsewhere = error("INVALID_ENUM_VALUE", 1, category="requestError")
    elsewhere["location"]["fieldPathElements"][0]["fieldName"] = "operations"

    verdict = verdict_on({"error": status(elsewhere)}, 400)

    assert isinstance(verdict, RequestRejected)


@pytest.mark.parametrize(
    ("name", "code", "kind"),
    [
        ("UNAUTHENTICATED", 401, DestinationError),
        ("PERMISSION_DENIED", 403, DestinationError),
        ("NOT_FOUND", 404, DestinationError),
        ("RESOURCE_EXHAUSTED", 429, Throttled),
        ("UNAVAILABLE", 503, Retry),
        ("INVALID_ARGUMENT", 400, RequestRejected),
    ],
)
def test_the_front_ends_errors_are_known_by_their_status(
    name: str, code: int, kind: type[Verdict]
) -> None:
    verdict = verdict_on({"error": {"code": code, "message": "No.", "status": name}}, code)

    assert isinstance(verdict, kind)
    assert verdict.reason == f"google_ads:{name}"  # type: ignore[union-attr]  # these have one


def test_an_api_that_is_not_enabled_is_told_by_its_reason() -> None:
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED"}
    document = {"error": {"code": 403, "status": "PERMISSION_DENIED", "details": [info]}}

    verdict = verdict_on(document, 403)

    assert isinstance(verdict, DestinationError)
    assert verdict.reason == "google_ads:SERVICE_DISABLED"


@pytest.mark.parametrize(
    ("document", "code", "expected"),
    [
        ({"error": {"status": "SOMETHING_NEW"}}, 400, Unrecognised(reason="http:400")),
        ({"error": {}}, 418, Unrecognised(reason="http:418")),
        (b"<html>", 502, Retry(reason="http:502")),
        (b"", 302, DestinationError(reason="http:302")),
    ],
)
def test_what_nobody_has_described_is_told_by_http_alone(
    document: Any, code: int, expected: Verdict
) -> None:
    assert verdict_on(document, code) == expected


def test_no_answer_means_what_it_means_everywhere() -> None:
    timeout = NoAnswer(kind=NoAnswerKind.TIMEOUT, certain_not_received=False)

    assert classify_google_ads(timeout, 5, NOW) == Uncertain(reason="timeout")


def test_nothing_personal_of_an_error_is_kept() -> None:
    trigger = {"trigger": {"stringValue": "jane@example.org"}}
    told = error("INVALID_USER_IDENTIFIER", 1, **trigger) | {"message": "jane@example.org is bad"}

    assert "jane" not in str(verdict_on(partial(told)))
