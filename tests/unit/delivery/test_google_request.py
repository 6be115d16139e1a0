from collections.abc import Callable

import orjson

from bridge.delivery.google_request import google_request
from bridge.events.event import Grouping
from bridge.operate.google_destination import GoogleDestination

MakeGoogle = Callable[..., GoogleDestination]


def test_events_stand_in_the_body_byte_for_byte_beside_the_one_destination(
    make_google: MakeGoogle,
) -> None:
    events = [b'{"transactionId":"1","conversionValue":10.50}', b'{"transactionId" : "2"}']
    request = google_request(make_google(), Grouping(), events, "secret")
    assert b",".join(events) in request.body
    document = orjson.loads(request.body)
    assert [event["transactionId"] for event in document.pop("events")] == ["1", "2"]
    assert document == {
        "destinations": [
            {
                "operatingAccount": {"accountType": "GOOGLE_ADS", "accountId": "1234567890"},
                "productDestinationId": "987654321",
            }
        ],
        "encoding": "HEX",
    }


def test_the_account_the_credentials_sit_in_is_told_where_it_is_another_one(
    make_google: MakeGoogle,
) -> None:
    destination = make_google(login_account="1112223334")
    request = google_request(destination, Grouping(), [b"{}"], "secret")
    (told,) = orjson.loads(request.body)["destinations"]
    assert told["loginAccount"] == {"accountType": "GOOGLE_ADS", "accountId": "1112223334"}
    assert told["operatingAccount"]["accountId"] == "1234567890"


def test_the_token_goes_into_a_header_and_nowhere_else(make_google: MakeGoogle) -> None:
    request = google_request(make_google(), Grouping(), [b'{"emailAddress":"x"}'], "secret")
    assert request.headers["Authorization"] == "Bearer secret"
    assert request.url == "http://127.0.0.1:9/v1/events:ingest"
    assert b"secret" not in request.body
    assert "secret" not in repr(request)
    assert "emailAddress" not in repr(request)
