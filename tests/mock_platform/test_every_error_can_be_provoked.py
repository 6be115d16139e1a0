"""Every error a fault can ask for is answered, in the envelope of its platform."""

from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator

from mock_platform.client import MockWorkspace
from mock_platform.fault_names import ALL_ERRORS
from mock_platform.google.ads_errors import CALL_ERRORS, FRONT_END
from mock_platform.google.ads_errors import ERROR_NAMES as ADS_NAMES
from mock_platform.google.errors import ERROR_NAMES, ERRORS
from mock_platform.google.token_errors import TOKEN_ERRORS
from mock_platform.meta.errors import ERRORS as GRAPH_ERRORS
from mock_platform.rules.google_ads_catalogue import ADJUSTMENT_ROW_ERRORS, ROW_ERRORS

from .breaches import INGEST, Sender
from .envelopes import (
    ADS_FAILURE,
    GRAPH,
    PARTIAL_FAILURE,
    STATUS,
    TOKEN,
    VIOLATION,
    Schema,
)
from .google.conftest import ACCOUNT, adjustment, conversion, destination
from .google.conftest import event as google_event
from .meta_breaches import event


@pytest.fixture
def sender(workspace: MockWorkspace, connection: requests.Session) -> Sender:
    return Sender(workspace, connection)


def provoke(sender: Sender, name: str, send: Any) -> requests.Response:
    """Answer the next request with the error called `name`; the one after it is taken."""
    sender.workspace.reset()
    sender.workspace.fault("error", error=name)
    answer: requests.Response = send()
    assert sender.workspace.counted() == []
    assert sender.workspace.faults()[0]["hits"] == 1
    return answer


def check(document: Any, schema: Schema) -> None:
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []


def test_every_error_of_graph(sender: Sender) -> None:
    for name, expected in GRAPH_ERRORS.items():
        answer = provoke(sender, name, lambda: sender.meta(event()))
        check(answer.json(), GRAPH)
        error = answer.json()["error"]
        told = (answer.status_code, error["code"], error.get("error_subcode"))
        assert told == (expected.status, expected.code, expected.subcode), name
    assert sender.meta(event()).status_code == 200


def test_every_error_of_the_data_manager(sender: Sender) -> None:
    request = {"destinations": [destination()], "encoding": "HEX", "events": [google_event()]}
    for name in ERROR_NAMES:
        answer = provoke(sender, name, lambda: sender.post(INGEST, request))
        check(answer.json(), STATUS)
        error = answer.json()["error"]
        assert error["code"] == answer.status_code
        known = ERRORS.get(name)
        if known is not None:
            assert (answer.status_code, error["status"]) == (known.code, known.status)
            continue
        assert (answer.status_code, error["status"]) == (400, "INVALID_ARGUMENT")
        (listed,) = (each for each in error["details"] if "fieldViolations" in each)
        check(listed["fieldViolations"][0], VIOLATION)
        assert {each["reason"] for each in listed["fieldViolations"]} == {name}
    assert sender.post(INGEST, request).status_code == 200


@pytest.mark.parametrize(
    ("method", "rows", "of_rows"),
    [
        ("uploadClickConversions", {"conversions": [conversion()]}, ROW_ERRORS),
        (
            "uploadConversionAdjustments",
            {"conversionAdjustments": [adjustment()]},
            ADJUSTMENT_ROW_ERRORS,
        ),
    ],
)
def test_every_error_of_google_ads(
    sender: Sender, method: str, rows: dict[str, Any], of_rows: dict[str, str]
) -> None:
    path = f"/v26/customers/{ACCOUNT}:{method}"
    body = {**rows, "partialFailure": True}
    for name in (*CALL_ERRORS, *FRONT_END):
        answer = provoke(sender, name, lambda: sender.post(path, body))
        check(answer.json(), STATUS)
        known = CALL_ERRORS.get(name) or ERRORS[name]
        error = answer.json()["error"]
        assert (answer.status_code, error["status"]) == (known.code, known.status)
        assert "datamanager" not in answer.text
        if name in CALL_ERRORS:
            check(error["details"][0], ADS_FAILURE)
            assert error["details"][0]["requestId"] == answer.headers["request-id"]
    for name in of_rows:
        answer = provoke(sender, name, lambda: sender.post(path, body))
        assert answer.status_code == 200
        failed = answer.json()["partialFailureError"]
        check(failed, PARTIAL_FAILURE)
        assert name in failed["details"][0]["errors"][0]["errorCode"].values()


def test_every_error_of_the_token_endpoint(sender: Sender) -> None:
    for name, (status, _) in TOKEN_ERRORS.items():
        sender.workspace.reset()
        sender.workspace.fault("error", error=name, match={"api": "oauth_token"})
        answer = sender.post("/token", {})
        assert (answer.status_code, answer.json()["error"]) == (status, name)
        check(answer.json(), TOKEN)


def test_these_are_all_the_errors_a_fault_can_ask_for() -> None:
    provoked = {*GRAPH_ERRORS, *ERROR_NAMES, *TOKEN_ERRORS, *CALL_ERRORS, *FRONT_END}
    assert {*provoked, *ROW_ERRORS, *ADJUSTMENT_ROW_ERRORS} == {*ALL_ERRORS}
    assert {*CALL_ERRORS, *FRONT_END, *ROW_ERRORS, *ADJUSTMENT_ROW_ERRORS} == ADS_NAMES
