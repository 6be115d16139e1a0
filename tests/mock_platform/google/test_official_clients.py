"""Google's own clients and messages against the mock, unchanged but for the host."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from google.ads import datamanager_v1 as datamanager
from google.ads.datamanager_v1.services.ingestion_service.transports import (
    IngestionServiceRestTransport,
)
from google.ads.googleads.v26.errors.types.errors import GoogleAdsFailure
from google.ads.googleads.v26.services.types.conversion_adjustment_upload_service import (
    UploadConversionAdjustmentsResponse,
)
from google.ads.googleads.v26.services.types.conversion_upload_service import (
    UploadClickConversionsResponse,
)
from google.api_core import exceptions
from google.api_core.retry import retry_unary
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import InvalidOperation, RefreshError
from google.oauth2 import service_account
from google.oauth2.credentials import Credentials
from google.protobuf import json_format, timestamp_pb2

from mock_platform.client import MockWorkspace

from .conftest import (
    ACCOUNT,
    ACTION,
    DIGEST,
    GCLID,
    Upload,
    adjustment,
    conversion,
    enhancement,
    restatement,
)

Client = datamanager.IngestionServiceClient


@pytest.fixture
def client(workspace: MockWorkspace) -> Client:
    return Client(
        credentials=Credentials("ya29.static"),
        transport="rest",
        client_options={"api_endpoint": workspace.url},
    )


def order(transaction: str = "order-1", **changes: Any) -> datamanager.Event:
    address = datamanager.AddressInfo(
        given_name=DIGEST, family_name=DIGEST, region_code="US", postal_code="94043"
    )
    members: dict[str, Any] = {
        "transaction_id": transaction,
        "event_timestamp": timestamp_pb2.Timestamp(seconds=int(time.time()) - 60),
        "event_source": datamanager.EventSource.WEB,
        "currency": "EUR",
        "conversion_value": 0.0,
        "ad_identifiers": datamanager.AdIdentifiers(gclid=GCLID),
        "user_data": datamanager.UserData(
            user_identifiers=[
                datamanager.UserIdentifier(email_address=DIGEST),
                datamanager.UserIdentifier(address=address),
            ]
        ),
        "consent": datamanager.Consent(ad_user_data="CONSENT_GRANTED"),
        "cart_data": datamanager.CartData(
            merchant_id="42",
            items=[datamanager.Item(merchant_product_id="P1", quantity=2, unit_price=1.5)],
        ),
        "user_properties": datamanager.UserProperties(customer_type="NEW"),
    }
    return datamanager.Event(**{**members, **changes})


def ingesting(*events: datamanager.Event, **changes: Any) -> datamanager.IngestEventsRequest:
    home = datamanager.Destination(
        operating_account=datamanager.ProductAccount(account_type="GOOGLE_ADS", account_id=ACCOUNT),
        product_destination_id=ACTION,
    )
    members = {"destinations": [home], "events": list(events), "encoding": "HEX"}
    return datamanager.IngestEventsRequest(**{**members, **changes})


def asking(request_id: str) -> datamanager.RetrieveRequestStatusRequest:
    return datamanager.RetrieveRequestStatusRequest(request_id=request_id)


def test_the_client_ingests_and_retrieves_the_status(
    client: Client, workspace: MockWorkspace
) -> None:
    accepted = client.ingest_events(request=ingesting(order("a"), order("b")))
    (told,) = client.retrieve_request_status(
        request=asking(accepted.request_id)
    ).request_status_per_destination
    assert told.request_status.name == "PROCESSING"
    workspace.advance(1800)
    denied = order("c", consent=datamanager.Consent(ad_user_data="CONSENT_DENIED"))
    later = client.ingest_events(request=ingesting(order("a"), denied))
    workspace.advance(1800)
    (told,) = client.retrieve_request_status(
        request=asking(later.request_id)
    ).request_status_per_destination
    assert told.destination.product_destination_id == ACTION
    assert told.request_status.name == "PARTIAL_SUCCESS"
    assert told.events_ingestion_status.record_count == 2
    (count,) = told.error_info.error_counts
    assert (count.reason.name, count.record_count) == ("PROCESSING_ERROR_REASON_DENIED_CONSENT", 1)
    verdicts = [(each["order_id"], each["verdict"]) for each in workspace.events()]
    assert verdicts == [
        ("a", "counted"),
        ("b", "rejected"),  # the same click at the same second
        ("a", "adjusted"),
        ("c", "rejected"),
    ]
    assert workspace.counted()[0]["value"] == 0.0


def test_a_refusal_is_a_typed_exception_that_names_each_field(
    client: Client, workspace: MockWorkspace
) -> None:
    with pytest.raises(exceptions.BadRequest) as refused:
        client.ingest_events(request=ingesting(order(currency="EURO")))
    error = refused.value
    assert (error.reason, error.domain) == ("INVALID_ARGUMENT", "datamanager.googleapis.com")
    assert error.metadata["requestId"].startswith("t-")
    (bad_request,) = (each for each in error.details if "fieldViolations" in each)
    (violation,) = bad_request["fieldViolations"]
    assert violation["field"] == "events.events[0].currency"
    assert workspace.counted() == []


def test_field_warnings_are_read(client: Client) -> None:
    cart = datamanager.CartData(merchant_id="shop")
    answer = client.ingest_events(request=ingesting(order(cart_data=cart)))
    (warning,) = answer.field_warnings
    assert warning.reason.name == "WARNING_REASON_INVALID_MERCHANT_ID"
    assert warning.field == "events.events[0].cart_data.merchant_id"


def test_the_client_retries_503_by_itself_and_429_not(
    client: Client, workspace: MockWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    quick = SimpleNamespace(monotonic=time.monotonic, sleep=slept.append)
    monkeypatch.setattr(retry_unary, "time", quick)
    workspace.fault("error", error="UNAVAILABLE")
    assert client.ingest_events(request=ingesting(order())).request_id
    assert len(slept) == 1
    workspace.fault("error", error="RESOURCE_EXHAUSTED")
    with pytest.raises(exceptions.TooManyRequests) as refused:
        client.ingest_events(request=ingesting(order()))
    assert refused.value.reason == "RESOURCE_EXHAUSTED"
    assert [each["status"] for each in workspace.requests()] == [503, 200, 429]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("UNAUTHENTICATED", RefreshError),  # it tried to refresh a token that cannot be
        ("PERMISSION_DENIED", exceptions.Forbidden),
        ("SERVICE_DISABLED", exceptions.Forbidden),
        ("NOT_FOUND", exceptions.NotFound),
        ("INTERNAL", exceptions.InternalServerError),
    ],
)
def test_every_status_becomes_the_clients_own_exception(
    workspace: MockWorkspace, error: str, kind: type[Exception]
) -> None:
    workspace.fault("error", error=error, times=None)
    anonymous = Client(
        credentials=Credentials("ya29.static"),
        transport=IngestionServiceRestTransport,
        client_options={"api_endpoint": workspace.url},
    )
    with pytest.raises(kind):
        anonymous.ingest_events(request=ingesting(order()))


def test_a_client_without_credentials_is_told_so(workspace: MockWorkspace) -> None:
    anonymous = Client(
        credentials=AnonymousCredentials(),
        transport="rest",
        client_options={"api_endpoint": workspace.url},
    )
    with pytest.raises(InvalidOperation):  # it tried to refresh what it does not have
        anonymous.ingest_events(request=ingesting(order()))


def refreshing(workspace: MockWorkspace) -> Credentials:
    return Credentials(
        None,
        refresh_token="REFRESH",
        token_uri=f"{workspace.url}/token",
        client_id="id",
        client_secret="SECRET",
    )


def test_refreshed_credentials_are_taken_and_refreshed_again_after_401(
    workspace: MockWorkspace,
) -> None:
    workspace.settings(strict_tokens=True)
    refreshed = Client(
        credentials=refreshing(workspace),
        transport="rest",
        client_options={"api_endpoint": workspace.url},
    )
    assert refreshed.ingest_events(request=ingesting(order())).request_id
    workspace.advance(3600)
    assert refreshed.ingest_events(request=ingesting(order())).request_id
    told = [(each["api"], each["status"]) for each in workspace.requests()]
    assert told == [
        ("oauth_token", 200),
        ("data_manager", 200),
        ("data_manager", 401),
        ("oauth_token", 200),
        ("data_manager", 200),
    ]


@pytest.fixture(scope="session")
def private_key() -> str:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - one fixture
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - one fixture

    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def test_a_service_account_signs_for_a_token(
    workspace: MockWorkspace, private_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It would ask Google in the background where its requests may go: no test leaves the machine.
    lookup = "_is_regional_access_boundary_lookup_required"
    monkeypatch.setattr(service_account.Credentials, lookup, lambda _: False, raising=False)
    workspace.settings(strict_tokens=True)
    info = {
        "client_email": "bridge@project.iam.gserviceaccount.com",
        "private_key": private_key,
        "token_uri": f"{workspace.url}/token",
    }
    scopes = ["https://www.googleapis.com/auth/datamanager"]
    account = service_account.Credentials.from_service_account_info(info, scopes=scopes)
    host = workspace.url.removeprefix("http://")
    transport = IngestionServiceRestTransport(host=host, url_scheme="http", credentials=account)
    by_token = Client(transport=transport)
    assert by_token.ingest_events(request=ingesting(order("a"))).request_id
    by_own_assertion = Client(
        credentials=account, transport="rest", client_options={"api_endpoint": workspace.url}
    )
    second = order("b", ad_identifiers=None)
    assert by_own_assertion.ingest_events(request=ingesting(second)).request_id
    apis = [each["api"] for each in workspace.requests()]
    assert apis == ["oauth_token", "data_manager", "data_manager"]


def parsed(answer: requests.Response, message: Any) -> Any:
    """`answer` as the official message: unknown fields and wrong types would raise."""
    return json_format.ParseDict(answer.json(), message.pb(message()))


def test_answers_of_google_ads_are_the_official_messages(
    workspace: MockWorkspace, convert: Upload, adjust: Upload
) -> None:
    answer = convert(conversion(), conversion(orderId="b", gclid="x"), conversion(gclid=None))
    read = parsed(answer, UploadClickConversionsResponse)
    assert read.partial_failure_error.code == 3
    failure = GoogleAdsFailure.pb(GoogleAdsFailure())
    assert read.partial_failure_error.details[0].Unpack(failure)
    codes = [error.error_code.conversion_upload_error for error in failure.errors]
    assert codes == [16, 3, 16]
    elements = failure.errors[1].location.field_path_elements
    assert (elements[0].field_name, elements[0].index) == ("conversions", 1)
    assert len(read.results) == 3
    assert parsed(convert(conversion()), UploadClickConversionsResponse).results[0].gclid == GCLID
    rows = [restatement(), enhancement(), adjustment(orderId="nobody")]
    read = parsed(adjust(*rows), UploadConversionAdjustmentsResponse)
    assert [each.order_id for each in read.results] == ["order-1", "order-1", ""]
    assert [each.adjustment_type for each in read.results][:2] == [3, 4]
