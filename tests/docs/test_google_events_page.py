"""docs/google-events.md says what the code does: sources, members, fields, a sale in a store."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
import requests
from click.testing import CliRunner

from bridge.cli import main
from bridge.delivery.google_request import google_request
from bridge.events.event import Grouping, PlatformEvent
from bridge.events.google_ads_tables import ENVIRONMENTS, NOT_WITH_BRAID
from bridge.events.google_ads_tables import MOST_IDENTIFIERS as MOST_OF_ADS
from bridge.events.google_tables import EVENT_SOURCES
from bridge.events.google_user_data import MOST_IDENTIFIERS
from bridge.events.opened import opened
from bridge.events.registry import EVENT_APIS
from bridge.identity.clear_rules import CLEAR_RULES
from bridge.identity.pseudonymise import Keys
from bridge.identity.rules import RULES, Platform, hash_field
from bridge.operate.destinations import Site
from bridge.operate.google_destination import GoogleDestination
from bridge.operate.settings import Settings, load_settings
from bridge.pipeline import prepare
from mock_platform.client import MockWorkspace

Spans = Callable[[str], list[str]]

FEED = {"merchant_id": "1", "feed_language": "en"}
DESTINATION = {
    "id": "google",
    "conversion_action": "2",
    "base_url": "http://127.0.0.1:9",
    "credentials": "plain:token",
    "custom_variables": {"gift": "1"},
    "enabled": True,
}


@pytest.fixture
def page(read_page: Callable[[str], Any]) -> Any:
    return read_page("docs/google-events.md")


def test_every_channel_has_its_source_in_both_interfaces(page: Any, spans: Spans) -> None:
    rows = page.table("Event source")

    sources = {channel: spans(row[1])[0] for row in rows for channel in spans(row[0])}
    environments = {
        channel: name for row in rows for channel in spans(row[0]) for name in spans(row[2])
    }

    assert sources == {str(channel): source for channel, source in EVENT_SOURCES.items()}
    assert environments == {str(channel): name for channel, name in ENVIRONMENTS.items()}


def test_every_field_of_the_shopper_stands_there(page: Any, spans: Spans) -> None:
    fields, _ = page.tables("The shopper")
    clear = page.table("Clicks and devices")

    assert [spans(row[0])[0] for row in fields] == [r.field for r in RULES[Platform.GOOGLE]]
    assert {spans(row[0])[0] for row in clear} == {r.field for r in CLEAR_RULES[Platform.GOOGLE]}


def test_the_fields_said_to_go_in_clear_are_those(page: Any, spans: Spans) -> None:
    fields, _ = page.tables("The shopper")

    told = {spans(row[0])[0] for row in fields if "in clear" in row[1]}

    assert told == {rule.field for rule in RULES[Platform.GOOGLE] if rule.kept_as}


def test_the_examples_are_what_the_rules_make(page: Any) -> None:
    _, examples = page.tables("The shopper")

    for row in examples:
        field, country, given, normalised = (
            cell.removeprefix("`").removesuffix("`") for cell in row
        )
        assert hash_field("google", field, given, country or None).normalised == normalised


def test_the_limits_of_identifiers_are_those(page: Any) -> None:
    words = {5: "five", 10: "ten"}
    text = page.under("The shopper")

    assert f"takes {words[MOST_IDENTIFIERS]} identifiers an event" in text
    assert f"Google Ads takes {words[MOST_OF_ADS]}" in text


def test_every_note_about_a_braid_stands_there(page: Any, spans: Spans) -> None:
    assert set(NOT_WITH_BRAID.values()) <= set(spans(page.under("Clicks and devices")))


def orders(root: Path) -> list[dict[str, Any]]:
    """Every example of the contract, with all that Google can be told added to it."""
    paths = (root / "cartridge_spec/contract/examples").glob("*.json")
    more = {
        "consent": dict.fromkeys(("ad_storage", "ad_user_data", "ad_personalization"), "granted"),
        "custom": {"gift": True},
        "new_customer": True,
        "touches": [{"at": "2026-11-20T10:00:00Z", "gclid": "Cj0KCQiA-example-click-id"}],
    }
    return [orjson.loads(path.read_bytes()) | more for path in paths]


@pytest.fixture
def members_of(root: Path, site: Site, keys: Keys, now: datetime) -> Callable[..., set[str]]:
    """The names in the events that a destination makes of every example of the contract."""

    def members(**settings: Any) -> set[str]:
        made = Settings.model_validate({"destinations": [DESTINATION | settings]})
        (destination,) = made.destinations
        found: set[str] = set()
        for raw in orders(root):
            record = prepare(raw | {"site_id": site.id}, site, made, keys, now).record
            who = opened(record.facts, record.identities, record.sealed, destination, keys.sealer)
            built = EVENT_APIS[destination.platform].build(who, destination)
            if isinstance(built, PlatformEvent):
                found |= names_in(orjson.loads(built.body))
        return found

    return members


def names_in(event: dict[str, Any]) -> set[str]:
    """The members of an event, its cart and its click."""
    cart = event.get("cartData", {})
    found: set[str] = event.keys() | cart.keys() | event.get("adIdentifiers", {}).keys()
    return found.union(*(item.keys() for item in cart.get("items", ())))


@pytest.mark.parametrize(
    "settings",
    [
        {
            "platform": "google_data_manager",
            "operating_account": "1234567890",
            "cart": FEED | {"feed_label": "US"},
        },
        {
            "platform": "google_ads",
            "customer_id": "1234567890",
            "customer_type": True,
            "cart": FEED | {"feed_country": "US"},
        },
    ],
)
def test_every_member_an_event_can_have_stands_there(
    page: Any, spans: Spans, members_of: Callable[..., set[str]], settings: dict[str, Any]
) -> None:
    found = members_of(**settings)

    parts = {part for span in spans(page.prose) for part in re.split(r"\W+", span)}
    assert len(found) > 15
    assert found - parts == set()


@pytest.fixture
def store_sale(page: Any, tmp_path: Path, workspace: MockWorkspace) -> dict[str, Any]:
    """The page's settings and order as files, at a mock of our own and placed an hour ago."""
    (settings,), (order, event) = page.blocks("toml"), page.blocks("json")
    told, placed = json.loads(order), datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    told["placed_at"] = placed.isoformat()
    (tmp_path / "store-sale.json").write_text(json.dumps(told))
    settings = settings.replace("http://127.0.0.1:8090", workspace.url)
    (tmp_path / "store-sales.toml").write_text(settings)
    at = placed.isoformat().replace("+00:00", "Z")
    return dict(json.loads(event), eventTimestamp=at)


def test_the_store_sale_shown_becomes_the_event_shown_and_google_takes_it(
    page: Any,
    store_sale: dict[str, Any],
    tmp_path: Path,
    workspace: MockWorkspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (command,) = page.blocks("sh")
    variable, _, preview, file = command.split()
    monkeypatch.setenv("BRIDGE_CONFIG", str(tmp_path / variable.partition("=")[2]))
    monkeypatch.setenv("BRIDGE_SECRET_REFARCH", "not read by preview")

    done = CliRunner().invoke(main, [preview, str(tmp_path / file)], catch_exceptions=False)

    (delivery,) = json.loads(done.stdout)["deliveries"]
    assert delivery["notes"] == []
    assert delivery["event"] == store_sale
    assert verdict_of(delivery["event"], workspace) == "counted"


def test_the_order_shown_is_placed_when_the_event_shown_says(page: Any) -> None:
    order, event = map(json.loads, page.blocks("json"))

    placed = datetime.fromisoformat(order["placed_at"])
    assert placed == datetime.fromisoformat(event["eventTimestamp"])


def verdict_of(event: dict[str, Any], workspace: MockWorkspace) -> str:
    """What the mock, playing an account with store sales, makes of the event."""
    (destination,) = load_settings().enabled_destinations
    assert isinstance(destination, GoogleDestination)
    workspace.settings(
        processing_delay_seconds=0,
        google_actions={destination.conversion_action: {"type": "STORE_SALES"}},
    )
    request = google_request(destination, Grouping(), [orjson.dumps(event)], "mock-token")
    answer = requests.post(request.url, request.body, headers=request.headers, timeout=10)
    assert answer.ok, answer.text
    (counted,) = workspace.wait(count=1, order_id=event["transactionId"])
    return str(counted["verdict"])
