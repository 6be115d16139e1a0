from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace

from .conftest import ACTION, BASE64, DIGEST, Ingest, destination, event, violations

Post = Callable[..., requests.Response]
NUMBERS = {"$alt": "json;enum-encoding=int"}


def test_an_accepted_request_has_an_id_and_its_events_are_being_processed(
    workspace: MockWorkspace, ingest: Ingest
) -> None:
    sent = event()
    answer = ingest(sent)
    assert answer.status_code == 200
    assert answer.json().keys() == {"requestId"}
    (shown,) = workspace.events()
    expected = {
        "platform": "google",
        "api": "data_manager",
        "dataset": ACTION,
        "source": "server",
        "order_id": "order-1",
        "event_id": "order-1",
        "verdict": "processing",
        "value": 59.9,
        "currency": "EUR",
        "current_value": None,
        "findings": [],
        "payload": sent,
    }
    assert {name: shown[name] for name in expected} == expected


def test_all_violations_of_a_request_are_listed_and_nothing_is_counted(
    workspace: MockWorkspace, ingest: Ingest
) -> None:
    answer = ingest(
        event(transactionId="a", currency="EURO", conversionValue=-1),
        event(transactionId="b"),
        event(transactionId="c", userData={"userIdentifiers": [{"emailAddress": "x"}]}),
        destinations=[destination(productDestinationId=None)],
    )
    assert answer.status_code == 400
    assert violations(answer) == [
        ("destinations[0].product_destination_id", "REQUIRED_FIELD_MISSING"),
        ("events.events[0].conversion_value", "INVALID_EVENT"),
        ("events.events[0].currency", "INVALID_CURRENCY_CODE"),
        ("events.events[2].user_data.user_identifiers[0]", "INVALID_HEX_ENCODING"),
    ]
    workspace.advance(3600)
    assert {each["verdict"] for each in workspace.events()} == {"rejected"}


def test_a_refusal_is_a_status_with_error_info_request_info_and_bad_request(
    ingest: Ingest,
) -> None:
    error = ingest(event(currency="EURO")).json()["error"]
    info, request_info, bad_request = error["details"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert info["@type"] == "type.googleapis.com/google.rpc.ErrorInfo"
    assert (info["reason"], info["domain"]) == ("INVALID_ARGUMENT", "datamanager.googleapis.com")
    assert info["metadata"]["requestId"] == request_info["requestId"]
    assert request_info["requestId"].startswith("t-")
    assert bad_request["@type"] == "type.googleapis.com/google.rpc.BadRequest"


def test_an_innocent_event_of_a_refused_request_is_told_apart(
    workspace: MockWorkspace, ingest: Ingest
) -> None:
    ingest(event(transactionId="a"), event(transactionId="b", currency="EURO"))
    rules = {each["order_id"]: [f["rule"] for f in each["findings"]] for each in workspace.events()}
    assert rules == {
        "a": ["google.data_manager.rejected_with_batch"],
        "b": ["google.data_manager.currency"],
    }


def test_validate_only_checks_and_stores_nothing(
    workspace: MockWorkspace, ingest: Ingest, status: Callable[..., Any]
) -> None:
    good = ingest(event(), validateOnly=True)
    assert good.status_code == 200
    assert status(good).status_code == 400
    assert violations(status(good)) == [("request_id", "INVALID_REQUEST_ID")]
    assert ingest(event(currency="EURO"), validateOnly=True).status_code == 400
    assert workspace.events() == []


def test_an_unusable_optional_field_is_dropped_with_a_warning(ingest: Ingest) -> None:
    answer = ingest(event(cartData={"merchantId": "shop", "items": [{"unitPrice": 1}]}))
    assert answer.status_code == 200
    warned = [(each["field"], each["reason"]) for each in answer.json()["fieldWarnings"]]
    prefix = "events.events[0].cart_data"
    assert warned == [
        (f"{prefix}.merchant_id", "WARNING_REASON_INVALID_MERCHANT_ID"),
        (
            f"{prefix}.items[0].merchant_product_id",
            "WARNING_REASON_CART_DATA_ITEM_MERCHANT_PRODUCT_ID_MISSING",
        ),
    ]
    assert all(each["description"] for each in answer.json()["fieldWarnings"])


def test_enumerations_are_answered_as_numbers_on_request(
    workspace: MockWorkspace, post: Post, status: Callable[..., Any]
) -> None:
    cart = {"merchantId": "shop", "items": []}
    body = {"destinations": [destination()], "encoding": 1, "events": [event(cartData=cart)]}
    accepted = post("/v1/events:ingest", body, params=NUMBERS)
    assert [each["reason"] for each in accepted.json()["fieldWarnings"]] == [14]
    workspace.advance(1800)
    (told,) = status(accepted, **NUMBERS).json()["requestStatusPerDestination"]
    assert told["requestStatus"] == 1


@pytest.mark.parametrize(
    ("encoding", "digest"),
    [("HEX", DIGEST), ("HEX", DIGEST.upper()), ("BASE64", BASE64), (1, DIGEST), (2, BASE64)],
)
def test_digests_may_be_hexadecimal_of_either_case_or_base64(
    ingest: Ingest, encoding: str | int, digest: str
) -> None:
    address = {
        "givenName": digest,
        "familyName": digest,
        "regionCode": "US",
        "postalCode": "94043-1351",
    }
    identifiers = [{"emailAddress": digest}, {"phoneNumber": digest}, {"address": address}]
    answer = ingest(event(userData={"userIdentifiers": identifiers}), encoding=encoding)
    assert answer.status_code == 200, answer.text


def test_names_may_be_snake_case_enums_numbers_and_integers_text(
    workspace: MockWorkspace, post: Post
) -> None:
    item = {"merchant_product_id": "P1", "quantity": "2", "unit_price": "1.5"}
    body = {
        "destinations": [
            {
                "operating_account": {"product": 1, "account_id": "1234567890"},
                "product_destination_id": "987",
            }
        ],
        "encoding": 1,
        "events": [
            {
                "transaction_id": "order-1",
                "event_timestamp": "2026-01-01T10:00:00.123456789+01:00",
                "event_source": 1,
                "currency": "EUR",
                "conversion_value": "0",
                "ad_identifiers": {"gclid": "Cj0KCQiA-mock_click_id_0001"},
                "user_data": None,
                "cart_data": {"items": [item]},
                "consent": {"ad_user_data": 1, "ad_personalization": 2},
            }
        ],
    }
    workspace.set_clock("2026-01-02T00:00:00Z")
    answer = post("/v1/events:ingest", body)
    assert answer.status_code == 200, answer.text
    (shown,) = workspace.events()
    assert (shown["order_id"], shown["value"]) == ("order-1", 0.0)
    assert shown["event_time"] == 1767258000


def test_two_thousand_events_fit_in_one_request(workspace: MockWorkspace, ingest: Ingest) -> None:
    workspace.settings(processing_delay_seconds=0)
    events = [event(transactionId=f"order-{n}", adIdentifiers=None) for n in range(2000)]
    assert ingest(*events).status_code == 200
    assert len(workspace.counted()) == 2000


def test_the_limits_themselves_are_within_bounds(ingest: Ingest) -> None:
    destinations = [destination(reference=str(n)) for n in range(10)]
    people = {"userIdentifiers": [{"emailAddress": DIGEST}] * 10}
    assert ingest(event(userData=people), destinations=destinations).status_code == 200


def test_an_event_goes_to_the_destinations_it_names_or_to_all(
    at_once: MockWorkspace, ingest: Ingest, status: Callable[..., Any]
) -> None:
    destinations = [
        destination(reference="one", productDestinationId="1"),
        destination(reference="two", productDestinationId="2"),
    ]
    accepted = ingest(
        event(transactionId="a"),
        event(transactionId="b", destinationReferences=["two"]),
        destinations=destinations,
    )
    shown = [(each["order_id"], each["dataset"]) for each in at_once.counted()]
    assert shown == [("a", "1"), ("a", "2"), ("b", "2")]
    told = status(accepted).json()["requestStatusPerDestination"]
    assert [each["destination"] for each in told] == destinations
    counts = [each["eventsIngestionStatus"]["recordCount"] for each in told]
    assert counts == ["1", "2"]


UNREADABLE: dict[str, tuple[dict[str, Any], str]] = {
    "unknown member": ({"evntSource": "WEB"}, "Unknown name \"evntSource\" at 'events[0]'"),
    "unknown enum": ({"eventSource": "INTERNET"}, "'events[0].event_source'"),
    "boolean for an enum": ({"eventSource": True}, "EventSource"),
    "time without zone": ({"eventTimestamp": "2026-11-22T10:00:00"}, "event_timestamp"),
    "time with a space": ({"eventTimestamp": "2026-11-22 10:00:00Z"}, "event_timestamp"),
    "epoch seconds": ({"eventTimestamp": 1795330000}, "event_timestamp"),
    "no such day": ({"eventTimestamp": "2026-02-30T10:00:00Z"}, "event_timestamp"),
    "number for a text": ({"transactionId": 12345}, "TYPE_STRING"),
    "text for a number": ({"conversionValue": "a lot"}, "TYPE_DOUBLE"),
    "text for a list": ({"destinationReferences": "one"}, "destination_references"),
    "list for a message": ({"userData": []}, "UserData"),
    "fractional quantity": ({"cartData": {"items": [{"quantity": 1.5}]}}, "TYPE_INT64"),
    "two members of a oneof": (
        {"userData": {"userIdentifiers": [{"emailAddress": DIGEST, "phoneNumber": DIGEST}]}},
        "oneof",
    ),
    "screen beyond int32": ({"eventDeviceInfo": {"screenHeight": 2**31}}, "TYPE_INT32"),
}


@pytest.mark.parametrize(("changes", "told"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_message_is_refused_by_the_front_end(
    workspace: MockWorkspace, ingest: Ingest, changes: dict[str, Any], told: str
) -> None:
    error = ingest(event(**changes)).json()["error"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert told in error["message"]
    (bad_request,) = error["details"]
    assert "reason" not in bad_request["fieldViolations"][0]
    assert workspace.events() == []


@pytest.mark.parametrize(
    ("flag", "stored"), [("true", 0), ("false", 1), (True, 0), (False, 1), (None, 1)]
)
def test_a_boolean_may_be_text(
    workspace: MockWorkspace, post: Post, flag: object, stored: int
) -> None:
    body = {"destinations": [destination()], "encoding": "HEX", "events": [event()]}
    assert post("/v1/events:ingest", {**body, "validateOnly": flag}).status_code == 200
    assert len(workspace.events()) == stored


def test_any_other_text_is_no_boolean(post: Post) -> None:
    answer = post("/v1/events:ingest", {"validateOnly": "yes"})
    assert "'validate_only' (TYPE_BOOL)" in answer.json()["error"]["message"]


def test_a_key_in_the_query_is_not_kept(workspace: MockWorkspace, post: Post) -> None:
    assert post("/v1/events:ingest", {}, params={"key": "AIzaSECRET"}).status_code == 400
    assert "AIzaSECRET" not in str(workspace.requests())


def test_every_unknown_name_is_told(post: Post) -> None:
    answer = post("/v1/events:ingest", {"evnts": [], "destinations": [{"account": 1}]})
    (bad_request,) = answer.json()["error"]["details"]
    assert [each["field"] for each in bad_request["fieldViolations"]] == ["", "destinations[0]"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"7"])
def test_a_body_that_is_no_json_object_is_refused(workspace: MockWorkspace, body: bytes) -> None:
    answer = requests.post(
        f"{workspace.url}/v1/events:ingest",
        data=body,
        headers={"Authorization": "Bearer T"},
        timeout=10,
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("Invalid JSON payload received.")


def test_an_unknown_query_parameter_is_refused(post: Post) -> None:
    answer = post("/v1/events:ingest", {}, params={"valdateOnly": "true"})
    assert "Cannot bind query parameter" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/events:ingest"), ("POST", "/v1/events:insert"), ("GET", "/token")],
)
def test_an_unknown_url_is_answered_with_googles_page(
    workspace: MockWorkspace, method: str, path: str
) -> None:
    answer = requests.request(method, workspace.url + path, timeout=10)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_no_value_of_a_request_comes_back_in_a_refusal(ingest: Ingest) -> None:
    canary = "canary@example.com"
    identifiers = [{"emailAddress": canary}, {"phoneNumber": canary}]
    refused = ingest(event(userData={"userIdentifiers": identifiers}, currency=canary))
    unreadable = ingest(event(eventTimestamp=canary, eventSource=canary))
    assert (refused.status_code, unreadable.status_code) == (400, 400)
    assert canary not in refused.text + unreadable.text
