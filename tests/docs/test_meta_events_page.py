"""docs/meta-events.md says what the code does: sources, reasons, fields, examples."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from bridge.events.meta_capi import build
from bridge.events.meta_tables import ACTION_SOURCES, DELIVERY_CATEGORIES, EVENT_NAMES, TOO_WEAK
from bridge.events.meta_user_data import PLAIN_KEYS
from bridge.events.opened import opened
from bridge.events.worth import BASES
from bridge.identity.normalise import OmitReason
from bridge.identity.pseudonymise import Keys
from bridge.identity.rules import RULES, Platform, hash_field
from bridge.operate.destinations import Site
from bridge.operate.settings import Settings
from bridge.order.eligibility import SkipReason
from bridge.pipeline import prepare

Spans = Callable[[str], list[str]]


@pytest.fixture
def page(read_page: Callable[[str], Any]) -> Any:
    return read_page("docs/meta-events.md")


def test_every_channel_has_its_action_source(page: Any, spans: Spans) -> None:
    rows = page.tables("The event")[2]

    told = {channel: spans(row[1])[0] for row in rows for channel in spans(row[0])}

    assert told == {str(channel): str(source) for channel, source in ACTION_SOURCES.items()}


def test_every_kind_has_its_event_name(page: Any, spans: Spans) -> None:
    rows = page.tables("The event")[1]

    told = {spans(row[0])[0]: spans(row[1])[0] for row in rows if row[1].startswith("`")}

    assert told == {str(kind): name for kind, name in EVENT_NAMES.items()}


def test_every_skip_reason_stands_there_in_the_order_of_the_checks(page: Any, spans: Spans) -> None:
    rows = page.table("Why an order is not sent")

    assert [spans(row[0])[0] for row in rows] == [str(reason) for reason in SkipReason]


def test_every_omit_reason_stands_there(page: Any, spans: Spans) -> None:
    rows = page.table("Why a field is left out")

    assert {spans(row[0])[0] for row in rows} == set(OmitReason)


def test_every_match_key_stands_there(page: Any, spans: Spans) -> None:
    hashed, plain, _ = page.tables("Match keys")

    of_whatsapp = {"ctwa_clid", "page_id", "whatsapp_business_account_id"}
    assert [name for row in hashed for name in spans(row[0])] == [
        rule.field for rule in RULES[Platform.META]
    ]
    assert {name for row in plain for name in spans(row[0])} == set(PLAIN_KEYS) | of_whatsapp


def test_the_examples_are_what_the_rules_make(page: Any) -> None:
    examples = page.tables("Match keys")[2]

    for row in examples:
        field, country, given, normalised = (
            cell.removeprefix("`").removesuffix("`") for cell in row
        )
        assert hash_field("meta", field, given, country or None).normalised == normalised


def test_the_weak_combinations_are_those_of_the_code(page: Any, spans: Spans) -> None:
    sentence = page.under("Why an order is not sent").partition("(Customer information")[2]

    told = {frozenset(spans(part)) for part in sentence.split(";")}

    assert told == set(TOO_WEAK)


def test_every_basis_and_delivery_category_stands_there(page: Any, spans: Spans) -> None:
    members, bases = page.tables("custom_data")

    assert {spans(row[0])[0] for row in bases} == set(BASES)
    told = {word for row in members if "delivery_category" in row[0] for word in spans(row[2])}
    assert told == set(DELIVERY_CATEGORIES.values()) | {"digital"}


@pytest.fixture
def events(root: Path, site: Site, keys: Keys, make_destination: Any, now: Any) -> list[Any]:
    """The events of every example of the contract, where it has one."""
    destination = make_destination(page_id="1")
    settings = Settings(destinations=(destination,))

    def event_of(example: Path) -> Any:
        raw = orjson.loads(example.read_bytes()) | {"consent": None, "site_id": site.id}
        record = prepare(raw, site, settings, keys, now).record
        who = opened(record.facts, record.identities, record.sealed, destination, keys.sealer)
        return orjson.loads(getattr(build(who, destination), "body", b"{}"))

    return [event_of(path) for path in (root / "cartridge_spec/contract/examples").glob("*.json")]


def test_every_member_an_event_can_have_stands_there(
    page: Any, spans: Spans, events: list[Any]
) -> None:
    found = {name for event in events for name in event}
    for event in events:
        custom = event.get("custom_data", {})
        for members in (event.get("user_data", {}), custom, *custom.get("contents", [])):
            found |= members.keys()

    # `data_processing_options`, `_country`, `_state` are written as one row
    suffixes = {f"data_processing_options{span}" for span in spans(page.prose) if span[0] == "_"}
    parts = {part for span in spans(page.prose) for part in re.split(r"\W+", span)}
    assert len(found) > 20
    assert found - parts - suffixes == set()
