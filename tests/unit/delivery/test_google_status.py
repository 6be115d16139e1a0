"""What Google reports later on a request: whom it is about, and what becomes of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.delivery.answer import Answer, NoAnswer, NoAnswerKind
from bridge.delivery.google_status import ERRORS, read_status, status_request
from bridge.delivery.report import Fate, NotYet, RecordEnd, Report, Reported

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PREFIX = "PROCESSING_ERROR_REASON_"
COUNTED = RecordEnd(fate=Fate.PROCESSED)
UNKNOWN = RecordEnd(fate=Fate.PROCESSED, reason="counts_only", detail="unknown")
INVALID = RecordEnd(fate=Fate.REJECTED, reason="google:INVALID_GCLID")
LOST = RecordEnd(fate=Fate.AGAIN, reason="google:INTERNAL_ERROR")


def report_on(document: Any, sent: int = 4, status: int = 200, **headers: str) -> Report:
    body = document if isinstance(document, bytes) else orjson.dumps(document)
    return read_status(Answer(status=status, headers=headers, body=body), sent, NOW)


def error(reason: str, count: object = None, indices: object = None) -> dict[str, Any]:
    members = {"reason": f"{PREFIX}{reason}", "recordCount": count, "recordIndices": indices}
    return {name: value for name, value in members.items() if value is not None}


def status(name: str, *errors: dict[str, Any], warnings: object = None) -> dict[str, Any]:
    one: dict[str, Any] = {"destination": {}, "requestStatus": name}
    if errors:
        one["errorInfo"] = {"errorCounts": list(errors)}
    if warnings is not None:
        one["warningInfo"] = {"warningCounts": warnings}
    return {"requestStatusPerDestination": [one]}


def ends_of(document: dict[str, Any], sent: int = 4) -> list[RecordEnd]:
    report = report_on(document, sent)
    assert isinstance(report, Reported)
    return [report.end_of(place) for place in range(sent)]


def test_the_question_names_the_request_and_shows_the_token_in_a_header_only(
    make_google: Any,
) -> None:
    question = status_request(make_google(), "a/b&c", "secret")
    assert question.url == "http://127.0.0.1:9/v1/requestStatus:retrieve?requestId=a%2Fb%26c"
    assert question.headers == {"Authorization": "Bearer secret"}
    assert "secret" not in repr(question)


def test_a_success_means_all_of_them() -> None:
    assert ends_of(status("SUCCESS")) == [COUNTED] * 4


@pytest.mark.parametrize("name", ["PROCESSING", "REQUEST_STATUS_UNKNOWN", "ANOTHER", ""])
def test_what_is_not_final_is_no_report_yet(name: str) -> None:
    assert isinstance(report_on(status(name)), NotYet)


@pytest.mark.parametrize("indices", [[1, 3], ["1", "3"]], ids=["numbers", "texts"])
@pytest.mark.parametrize("name", ["PARTIAL_SUCCESS"])
def test_the_records_that_are_named_end_and_the_others_are_counted(
    name: str, indices: list[object]
) -> None:
    document = status(name, error("INVALID_GCLID", "2", indices))
    assert ends_of(document) == [COUNTED, INVALID, COUNTED, INVALID]


@pytest.mark.parametrize("rule", ERRORS, ids=lambda rule: rule.name)
def test_some_errors_are_no_rejections(rule: Any) -> None:
    named = ends_of(status("PARTIAL_SUCCESS", error(rule.name, "1", [2])))[2]
    assert named == RecordEnd(fate=rule.fate, reason=f"google:{rule.name}", after=rule.after)
    assert rule.reference


def test_a_click_that_is_too_recent_is_waited_for() -> None:
    end = ends_of(status("PARTIAL_SUCCESS", error("TOO_RECENT_CLICK", "1", [0])))[0]
    assert (end.fate, end.after) == (Fate.AGAIN, timedelta(hours=6))


def test_of_several_errors_on_one_record_the_worst_holds() -> None:
    errors = (
        error("INVALID_GCLID", "1", [0]),
        error("INTERNAL_ERROR", "2", [0, 1]),
        error("DUPLICATE_GCLID", "3", [0, 1, 2]),
    )
    fates = [end.fate for end in ends_of(status("PARTIAL_SUCCESS", *errors))]
    assert fates == [Fate.REJECTED, Fate.AGAIN, Fate.PROCESSED, Fate.PROCESSED]


def test_with_counts_alone_nothing_is_certain_of_anybody() -> None:
    report = report_on(status("PARTIAL_SUCCESS", error("INVALID_GCLID", "1")))
    assert isinstance(report, Reported)
    assert [report.end_of(place) for place in range(4)] == [UNKNOWN] * 4
    assert (report.outcome, report.account) == ("counts_only", "PARTIAL_SUCCESS: INVALID_GCLID 1")


def test_those_who_are_named_are_certain_even_where_others_are_only_counted() -> None:
    errors = error("INVALID_GCLID", "1", [0]), error("INVALID_WBRAID", "2")
    ends = ends_of(status("PARTIAL_SUCCESS", *errors))
    assert ends == [INVALID, UNKNOWN, UNKNOWN, UNKNOWN]


def test_a_count_of_all_that_are_left_is_about_each_of_them() -> None:
    errors = error("DUPLICATE_GCLID", "1", [0]), error("INVALID_GCLID", "3")
    ends = ends_of(status("PARTIAL_SUCCESS", *errors))
    assert ends[1:] == [INVALID] * 3


def test_errors_that_are_none_leave_nobody_in_doubt() -> None:
    document = status("PARTIAL_SUCCESS", error("DUPLICATE_TRANSACTION_ID", "2"))
    assert ends_of(document) == [COUNTED] * 4


@pytest.mark.parametrize("name", ["FAILED", "FAILURE", "REQUEST_STATUS_FAILED"])
@pytest.mark.parametrize(
    ("errors", "end"),
    [
        ([error("INVALID_GCLID", "4")], INVALID),
        ([error("INTERNAL_ERROR", "4")], LOST),
        ([error("INTERNAL_ERROR", "1"), error("INVALID_GCLID", "3")], LOST),
        ([error("DUPLICATE_GCLID", "1"), error("INVALID_GCLID", "3")], INVALID),
        ([], RecordEnd(fate=Fate.REJECTED, reason="google:FAILED")),
    ],
    ids=["one_reason", "lost", "some_lost", "some_counted", "no_reason"],
)
def test_a_failure_is_about_everyone_named_or_not(
    name: str, errors: list[dict[str, Any]], end: RecordEnd
) -> None:
    assert ends_of(status(name, *errors)) == [end] * 4


def test_places_beyond_the_request_are_not_believed() -> None:
    document = status("PARTIAL_SUCCESS", error("INVALID_GCLID", "2", [7, -1]))
    assert ends_of(document) == [UNKNOWN] * 4


def test_warnings_are_kept_in_the_account() -> None:
    warning = {"reason": "PROCESSING_WARNING_REASON_KID_NOT_FOUND", "recordCount": "3"}
    report = report_on(status("SUCCESS", warnings=[warning]))
    assert isinstance(report, Reported)
    assert report.account == "SUCCESS: KID_NOT_FOUND 3"


@pytest.mark.parametrize(
    ("code", "body", "reason"),
    [
        (503, b"", "http:503"),
        (400, b'{"error":{"status":"INVALID_ARGUMENT"}}', "google:INVALID_ARGUMENT"),
        (200, b"<html>", "google:no_status"),
        (200, b'{"requestStatusPerDestination":"x"}', "google:no_status"),
    ],
)
def test_trouble_in_asking_is_no_report(code: int, body: bytes, reason: str) -> None:
    assert report_on(body, status=code) == NotYet(reason=reason)


def test_what_is_asked_for_in_a_header_is_waited() -> None:
    report = read_status(Answer(status=429, headers={"retry-after": "90"}, body=b""), 4, NOW)
    assert report == NotYet(reason="http:429", after=timedelta(seconds=90))


def test_no_answer_is_no_report() -> None:
    nothing = NoAnswer(kind=NoAnswerKind.TIMEOUT, certain_not_received=False)
    assert read_status(nothing, 4, NOW) == NotYet(reason="timeout")


values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=5,
)
reasons = st.sampled_from([f"{PREFIX}{rule.name}" for rule in ERRORS]) | values
counts = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "reason": reasons,
            "recordCount": st.integers(0, 9).map(str) | values,
            "recordIndices": st.lists(st.integers(-1, 9)) | values,
        },
    )
    | values,
    max_size=4,
)
names = st.sampled_from(["SUCCESS", "PARTIAL_SUCCESS", "FAILED", "PROCESSING"]) | values


@given(name=names, errors=counts | values, sent=st.integers(1, 8))
def test_whatever_is_said_every_record_has_one_end(name: Any, errors: Any, sent: int) -> None:
    one = {"requestStatus": name, "errorInfo": {"errorCounts": errors}}
    report = report_on({"requestStatusPerDestination": [one]}, sent)
    if isinstance(report, Reported):
        ends = [report.end_of(place) for place in range(sent)]
        assert all(end.reason for end in ends if end.fate is not Fate.PROCESSED)
        assert set(report.ends) <= set(range(sent))
