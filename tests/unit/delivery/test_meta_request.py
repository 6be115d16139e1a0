from collections.abc import Callable

import orjson

from bridge.delivery.meta_request import meta_request
from bridge.events.event import Grouping
from bridge.operate.destinations import Destination

MakeDestination = Callable[..., Destination]


def test_events_stand_in_the_body_byte_for_byte(make_destination: MakeDestination) -> None:
    events = [b'{"custom_data":{"value":10.50}}', b'{"b" : 2}']
    request = meta_request(make_destination(), Grouping(), events, "secret")
    assert b",".join(events) in request.body
    document = orjson.loads(request.body)
    assert len(document["data"]) == 2
    assert "test_event_code" not in document


def test_a_test_event_code_stands_at_the_top(make_destination: MakeDestination) -> None:
    grouping = Grouping(test_event_code="TEST123")
    request = meta_request(make_destination(), grouping, [b"{}"], "secret")
    assert orjson.loads(request.body)["test_event_code"] == "TEST123"


def test_the_token_goes_into_a_header_and_nowhere_else(make_destination: MakeDestination) -> None:
    request = meta_request(make_destination(), Grouping(), [b'{"em":"x"}'], "secret")
    assert request.headers["Authorization"] == "Bearer secret"
    assert request.url == "http://127.0.0.1:9/v26.0/1234567890/events"
    assert b"secret" not in request.body
    assert "secret" not in repr(request)
    assert "em" not in repr(request)
