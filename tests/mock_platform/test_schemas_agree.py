"""Ten thousand events, readable and not: jsonschema, jsonschema-rs and the mock say the same."""

import copy
import time
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
import requests

from mock_platform.client import MockWorkspace
from mock_platform.rules.google_ads_messages import UPLOAD_ADJUSTMENTS, UPLOAD_CONVERSIONS
from mock_platform.rules.google_events_messages import INGEST_EVENTS
from mock_platform.rules.google_json import read_message
from mock_platform.rules.google_proto import Message
from mock_platform.rules.server_event import check_server_event
from mock_platform.rules.time_windows import Windows
from mock_platform.schemas.endpoints import names, schema

from .google.conftest import conversion, destination, restatement
from .google.conftest import event as google_event
from .google.refused_cases import ADDRESS
from .meta_breaches import event
from .meta_cases import ACCEPTED, EXTINFO, REJECTED

Event = dict[str, Any]
# What JSON Schema cannot tell apart is left out: 1.0 from 1, and days that do not exist.
VALUES: list[Any] = [
    None, True, False, "", " ", "x", "1", "1.5", "-1", "1_0", "٣", "NaN", "Infinity", "1e5", "USD",
    "website", "WEB", "GRANTED", 0, 1, -1, 1.5, 2**31, 2**63, 2**70, [], {}, [None], [{}], ["x"],
    [1.5], {"unknown": 1}, "2026-11-22T10:00:00Z", "2026-11-22T10:00:00.5+01:00",
    "2026-11-22 10:00:00Z", "true", "home_delivery",
]  # fmt: skip
META_NAMES = [
    "evnt_id", "event_id", "opt_out", "referrer_url", "messaging_channel", "predicted_ltv",
    "delivery_category", "contents", "content_ids", "lead_id", "fbp", "original_event_data",
    "data_processing_options", "data_processing_options_country", "order_id", "value",
]  # fmt: skip
GOOGLE_NAMES = [
    "unknown", "transaction_id", "conversionCount", "quantity", "items", "emailAddress",
    "email_address", "phoneNumber", "callInfo", "screenWidth", "eventSource", "consent",
    "sessionAttributesEncoded", "jobId", "validateOnly", "conversionEnvironment", "orderId",
    "encryptedDek", "landingPageDeviceInfo", "addressInfo", "mobileId", "restatementValue",
]  # fmt: skip


def meta_samples() -> list[Event]:
    contents = [{"id": "a", "quantity": 1, "delivery_category": "in_store"}]
    rich = event(
        custom_data={"value": "1.5", "currency": "USD", "contents": contents, "num_items": 1},
        app_data={"extinfo": EXTINFO},
        original_event_data={"event_name": "Purchase", "event_time": 1},
    )
    changes = [*ACCEPTED.values(), *(case[0] for case in REJECTED.values())]
    return [event(), rich, *(event(**change) for change in changes)]


def google_samples() -> list[Event]:
    items = [{"merchantProductId": "a", "quantity": "2", "unitPrice": 1.5}]
    people = [{"emailAddress": "x"}, {"address": ADDRESS}]
    rich = google_event(cartData={"items": items}, userData={"userIdentifiers": people})
    plain = google_event(customVariables=[{"variable": "u1", "value": "x"}])
    return [
        {"destinations": [destination()], "encoding": "HEX", "events": [each]}
        for each in (google_event(), rich, plain)
    ]


def holders(value: Any) -> Iterator[Any]:
    """Every object and array inside a value."""
    if isinstance(value, dict | list):
        yield value
        for below in value.values() if isinstance(value, dict) else value:
            yield from holders(below)


def changed(rng: Random, samples: list[Event], new_names: list[str]) -> Event:
    """A sample with up to two members replaced, removed or added."""
    made = copy.deepcopy(rng.choice(samples))
    for _ in range(rng.choice((0, 1, 1, 2))):
        holder = rng.choice([*holders(made)])
        if isinstance(holder, dict) and (not holder or rng.random() < 0.3):
            holder[rng.choice(new_names)] = copy.deepcopy(rng.choice(VALUES))
        elif holder:
            key = rng.choice([*holder] if isinstance(holder, dict) else range(len(holder)))
            if rng.random() < 0.2:
                del holder[key]
            else:
                holder[key] = copy.deepcopy(rng.choice(VALUES))
    return made


def graph_reads(document: Event) -> bool:
    """Whether no finding is about what can be read at all."""
    found = check_server_event(document["data"][0], now=time.time(), windows=Windows())
    return not any(
        each.rule.id.startswith("meta.event.") or each.rule.id == "meta.action_source.missing"
        for each in found
    )


def google_reads(message: Message) -> Callable[[Event], bool]:
    return lambda document: not read_message(message, document)[1]


Endpoint = tuple[str, list[Event], list[str], Callable[[Event], bool], int]
ENDPOINTS: dict[str, Endpoint] = {
    "Meta": ("meta/v26.0/events", meta_samples(), META_NAMES, graph_reads, 6000),
    "Data Manager": (
        "google/v1/events:ingest", google_samples(), GOOGLE_NAMES, google_reads(INGEST_EVENTS), 2000
    ),
    "conversions": (
        "google/v26/uploadClickConversions",
        [{"conversions": [conversion()], "partialFailure": True}],
        GOOGLE_NAMES,
        google_reads(UPLOAD_CONVERSIONS),
        1000,
    ),
    "adjustments": (
        "google/v26/uploadConversionAdjustments",
        [{"conversionAdjustments": [restatement()], "partialFailure": True}],
        GOOGLE_NAMES,
        google_reads(UPLOAD_ADJUSTMENTS),
        1000,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ENDPOINTS.values(), ids=ENDPOINTS)
def test_two_validators_and_the_mock_read_the_same_events(case: Endpoint) -> None:
    name, samples, new_names, reads, count = case
    document = schema(name)
    jsonschema.Draft202012Validator.check_schema(document)
    readable = jsonschema.Draft202012Validator(document)
    fast = jsonschema_rs.Draft202012Validator(document)
    rng, verdicts = Random(26), Counter[bool]()
    for _ in range(count):
        if name.startswith("meta/"):
            sent = {"data": [changed(rng, samples, new_names)]}
        else:
            sent = changed(rng, samples, new_names)
        verdict = fast.is_valid(sent)
        assert (readable.is_valid(sent), reads(sent)) == (verdict, verdict), sent
        verdicts[verdict] += 1
    assert min(verdicts.values()) > count / 5


def test_every_schema_is_one_and_is_served_by_its_name(
    workspace: MockWorkspace, connection: requests.Session
) -> None:
    listed = connection.get(f"{workspace.url}/_mock/schemas", timeout=10).json()["schemas"]
    assert [each["name"] for each in listed] == names(time.time())
    assert {"meta/v26.0/events", "google/v23/uploadClickConversions"} <= {*names(time.time())}
    for each in listed:
        served = connection.get(f"{workspace.url}{each['path']}", timeout=10).json()
        assert served == schema(each["name"])


def test_a_version_that_has_ended_has_no_schema(
    workspace: MockWorkspace, connection: requests.Session
) -> None:
    def status() -> int:
        path = "/_mock/schemas/meta/v24.0/events"
        return connection.get(f"{workspace.url}{path}", timeout=10).status_code

    assert status() == 200
    workspace.set_clock("2028-03-01T00:00:00Z")
    assert status() == 404
