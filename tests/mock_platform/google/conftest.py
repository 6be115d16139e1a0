import base64
import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace

Event = dict[str, Any]
Ingest = Callable[..., requests.Response]
Upload = Callable[..., requests.Response]
ACCOUNT, ACTION = "1234567890", "987"
GCLID = "Cj0KCQiA-mock_click_id_0001"
DIGEST = hashlib.sha256(b"jane@example.com").hexdigest()
BASE64 = base64.b64encode(bytes.fromhex(DIGEST)).decode()


def rfc3339(seconds_ago: float) -> str:
    return datetime.fromtimestamp(time.time() - seconds_ago, UTC).isoformat()


def ads_time(seconds_ago: float) -> str:
    return datetime.fromtimestamp(time.time() - seconds_ago, UTC).isoformat(" ", "seconds")


def merged(made: Event, changes: Event) -> Event:
    """`made` with members replaced; None removes."""
    return {name: value for name, value in {**made, **changes}.items() if value is not None}


def destination(**changes: Any) -> Event:
    account = {"accountType": "GOOGLE_ADS", "accountId": ACCOUNT}
    return merged({"operatingAccount": account, "productDestinationId": ACTION}, changes)


def event(**changes: Any) -> Event:
    """A web order without findings."""
    made: Event = {
        "transactionId": "order-1",
        "eventTimestamp": rfc3339(60),
        "eventSource": "WEB",
        "currency": "EUR",
        "conversionValue": 59.9,
        "adIdentifiers": {"gclid": GCLID},
        "userData": {"userIdentifiers": [{"emailAddress": DIGEST}]},
        "consent": {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"},
    }
    return merged(made, changes)


def conversion(**changes: Any) -> Event:
    """A row of uploadClickConversions without findings."""
    made: Event = {
        "gclid": GCLID,
        "conversionAction": f"customers/{ACCOUNT}/conversionActions/{ACTION}",
        "conversionDateTime": ads_time(3600),
        "conversionValue": 59.9,
        "currencyCode": "EUR",
        "orderId": "order-1",
        "userIdentifiers": [{"hashedEmail": DIGEST}],
        "consent": {"adUserData": "GRANTED"},
    }
    return merged(made, changes)


def adjustment(**changes: Any) -> Event:
    """A row of uploadConversionAdjustments that retracts `conversion()`."""
    made: Event = {
        "adjustmentType": "RETRACTION",
        "conversionAction": f"customers/{ACCOUNT}/conversionActions/{ACTION}",
        "adjustmentDateTime": ads_time(60),
        "orderId": "order-1",
    }
    return merged(made, changes)


def restatement(value: float = 10.0, **changes: Any) -> Event:
    """A row that restates the value of `conversion()`."""
    given = {"adjustedValue": value, "currencyCode": "EUR"}
    return adjustment(**{"adjustmentType": "RESTATEMENT", "restatementValue": given, **changes})


def enhancement(**changes: Any) -> Event:
    """A row that adds user data to `conversion()`."""
    identifiers = [{"hashedEmail": DIGEST}]
    given = {"adjustmentType": "ENHANCEMENT", "userIdentifiers": identifiers}
    return adjustment(**{**given, **changes})


def violations(answer: requests.Response) -> list[tuple[str, str]]:
    """Field and reason of every violation in a refusal of the Data Manager."""
    (listed,) = (each for each in answer.json()["error"]["details"] if "fieldViolations" in each)
    return [(each["field"], each["reason"]) for each in listed["fieldViolations"]]


def row_errors(answer: requests.Response) -> list[tuple[int, str]]:
    """Row and code of every error in a partial failure of Google Ads."""
    assert answer.status_code == 200, answer.text
    errors = answer.json().get("partialFailureError", {"details": [{"errors": []}]})
    return [
        (each["location"]["fieldPathElements"][0]["index"], *each["errorCode"].values())
        for each in errors["details"][0]["errors"]
    ]


@pytest.fixture(scope="session")
def connection() -> Any:
    with requests.Session() as session:
        yield session


@pytest.fixture
def post(workspace: MockWorkspace, connection: requests.Session) -> Callable[..., Any]:
    def send(path: str, body: Any, *, token: str | None = "TOKEN", **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers.update(options.pop("headers", {}))
        return connection.post(
            f"{workspace.url}{path}", json=body, headers=headers, timeout=10, **options
        )

    return send


@pytest.fixture
def ingest(post: Callable[..., Any]) -> Ingest:
    """Send events to the Data Manager; keyword arguments replace members of the request."""

    def send(*events: Event, token: str | None = "TOKEN", **changes: Any) -> Any:
        body: Event = {
            "destinations": [destination()],
            "encoding": "HEX",
            "events": list(events),
        }
        return post("/v1/events:ingest", merged(body, changes), token=token)

    return send


@pytest.fixture
def status(workspace: MockWorkspace, connection: requests.Session) -> Callable[..., Any]:
    """Ask for a request's status; an accepted answer stands for its request id."""

    def ask(accepted: requests.Response | str, **query: str) -> Any:
        named = accepted if isinstance(accepted, str) else accepted.json()["requestId"]
        return connection.get(
            f"{workspace.url}/v1/requestStatus:retrieve",
            params={"requestId": named, **query},
            headers={"Authorization": "Bearer TOKEN"},
            timeout=10,
        )

    return ask


def _upload(post: Callable[..., Any], method: str, rows_name: str) -> Upload:
    def send(*rows: Event, token: str | None = "TOKEN", **changes: Any) -> Any:
        body = merged({rows_name: list(rows), "partialFailure": True}, changes)
        return post(f"/v26/customers/{ACCOUNT}:{method}", body, token=token)

    return send


@pytest.fixture
def convert(post: Callable[..., Any]) -> Upload:
    """Upload click conversions to Google Ads."""
    return _upload(post, "uploadClickConversions", "conversions")


@pytest.fixture
def adjust(post: Callable[..., Any]) -> Upload:
    """Upload adjustments to Google Ads."""
    return _upload(post, "uploadConversionAdjustments", "conversionAdjustments")


@pytest.fixture
def at_once(workspace: MockWorkspace) -> MockWorkspace:
    """The workspace, with a Data Manager that processes without delay."""
    workspace.settings(processing_delay_seconds=0)
    return workspace
