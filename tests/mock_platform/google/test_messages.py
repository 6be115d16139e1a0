"""Our reading of Google's messages against the official ones."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from google.ads import datamanager_v1 as datamanager
from google.ads.googleads.v26.services.types.conversion_adjustment_upload_service import (
    UploadConversionAdjustmentsRequest,
)
from google.ads.googleads.v26.services.types.conversion_upload_service import (
    UploadClickConversionsRequest,
)
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st

from mock_platform.app import create_app
from mock_platform.rules import google_reasons
from mock_platform.rules.google_ads_messages import (
    ADJUSTMENT,
    CONVERSION,
    UPLOAD_ADJUSTMENTS,
    UPLOAD_CONVERSIONS,
)
from mock_platform.rules.google_events_messages import EVENT, INGEST_EVENTS
from mock_platform.rules.google_json import read_message
from mock_platform.rules.google_proto import Field, Kind, Message
from mock_platform.settings import Settings
from mock_platform.workspace import Workspaces

from .conftest import DIGEST, Event, conversion, destination, event, restatement

ORACLES = {
    "ingest": (INGEST_EVENTS, datamanager.IngestEventsRequest),
    "conversions": (UPLOAD_CONVERSIONS, UploadClickConversionsRequest),
    "adjustments": (UPLOAD_ADJUSTMENTS, UploadConversionAdjustmentsRequest),
}
# The published client is older than the API by one version.
NEWER = {"call_info"}


def fields_of(message: Message) -> dict[str, Any]:
    return dict(message.fields.values())


def compare(ours: Message, theirs: Any) -> None:
    """Names, types, lists, oneofs and enumerations of a message and all below."""
    fields = {name: f for name, f in fields_of(ours).items() if name not in NEWER}
    assert fields.keys() == {field.name for field in theirs.fields}
    for field in theirs.fields:
        own = fields[field.name]
        assert own.many == field.is_repeated
        real = [each for each in theirs.oneofs if not each.name.startswith("_")]
        among = {member.name: each.name for each in real for member in each.fields}
        assert own.oneof == among.get(field.name, "")
        if own.enumeration is not None:
            numbers = {value.name: value.number for value in field.enum_type.values}
            assert dict(own.enumeration.numbers) == numbers
        if own.message is not None:
            compare(own.message, field.message_type)


@pytest.mark.parametrize("name", ORACLES)
def test_our_messages_are_the_official_ones(name: str) -> None:
    ours, theirs = ORACLES[name]
    compare(ours, theirs.pb(theirs()).DESCRIPTOR)


def test_our_reasons_and_numbers_are_the_official_ones() -> None:
    official = {each.name: each.value for each in datamanager.ProcessingErrorReason}
    ours = {
        google_reasons.processing_reason(name): number
        for name, number in google_reasons.PROCESSING_REASONS.items()
    }
    assert ours == official
    assert {each.name: each.value for each in datamanager.WarningReason} == (
        google_reasons.WARNING_REASONS
    )
    assert {each.name for each in datamanager.ErrorReason} >= google_reasons.ERROR_REASONS


# Without booleans: the Python parser takes them for numbers, which JSON's numbers are not.
VALUES = st.sampled_from(
    [
        None, 0, 1, -1, 2, 1.0, 1.5, 2**31, 2**63, "", "1", "1.5", "x", "NaN", "WEB",
        "2026-11-22T10:00:00Z", "2026-11-22T10:00:00.5+01:00", "2026-11-22 10:00:00Z",
        "2026-02-30T10:00:00Z", [], {}, [{}], ["x"], [None], {"unknown": 1}, {"gclid": "x"},
        {"userIdentifiers": [{"emailAddress": "x"}]}, DIGEST,
    ]
)  # fmt: skip


# What the Python parser takes and Google's own does not: nothing for an empty message, and
# a fraction for the name of an enumeration.
LENIENCY: dict[Kind, tuple[object, ...]] = {Kind.MESSAGE: ("", []), Kind.ENUM: (1.5,)}


def values_of(field: Field) -> st.SearchStrategy[object]:
    return VALUES.filter(lambda value: value not in LENIENCY.get(field.kind, ()))


def members(message: Message) -> st.SearchStrategy[Event]:
    """Some members of a message with values right and wrong."""
    some = {
        name: values_of(field)
        for name, (snake, field) in message.fields.items()
        if snake not in {*NEWER, "events"}
    }
    return st.dictionaries(st.sampled_from(sorted(some)), st.none(), max_size=4).flatmap(
        lambda chosen: st.fixed_dictionaries({name: some[name] for name in chosen})
    )


def official_reads(document: Event) -> bool:
    message = datamanager.IngestEventsRequest
    try:
        json_format.ParseDict(document, message.pb(message()))
    except json_format.ParseError:
        return False
    return True


@given(members(INGEST_EVENTS), members(EVENT))
def test_we_read_what_the_official_parser_reads_and_refuse_the_rest(
    request_members: Event, event_members: Event
) -> None:
    document = {**request_members, "events": [event_members]}
    _, problems = read_message(INGEST_EVENTS, document)
    assert (not problems) == official_reads(document)


@pytest.fixture(scope="module")
def browser() -> Iterator[FlaskClient]:
    workspaces = Workspaces(settings=Settings().changed({"processing_delay_seconds": 0}))
    yield create_app(workspaces).test_client()
    workspaces.close()


AUTHORIZED = {"Authorization": "Bearer T"}


@given(members(INGEST_EVENTS), members(EVENT), st.booleans())
def test_whatever_is_sent_to_the_data_manager_gets_an_answer(
    browser: FlaskClient, request_members: Event, event_members: Event, sound: bool
) -> None:
    usual = {"destinations": [destination()], "encoding": "HEX"} if sound else {}
    document = {**usual, **request_members, "events": [{**event(), **event_members}]}
    answer = browser.post("/v1/events:ingest", json=document, headers=AUTHORIZED)
    assert answer.status_code in (200, 400), answer.get_data()


@pytest.mark.parametrize(
    ("method", "name", "row", "message"),
    [
        ("uploadClickConversions", "conversions", conversion(), CONVERSION),
        ("uploadConversionAdjustments", "conversionAdjustments", restatement(), ADJUSTMENT),
    ],
)
@given(data=st.data())
def test_whatever_is_uploaded_to_google_ads_gets_an_answer(
    browser: FlaskClient, data: st.DataObject, method: str, name: str, row: Event, message: Message
) -> None:
    rows = [row, {**row, **data.draw(members(message))}]
    answer = browser.post(
        f"/v26/customers/1:{method}",
        json={name: rows, "partialFailure": True},
        headers=AUTHORIZED,
    )
    assert answer.status_code in (200, 400), answer.get_data()
