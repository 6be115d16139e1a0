"""Merchant Tools > Ordering > Conversion Bridge."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from cartridge_spec.rig.instance import services, switched_on
from cartridge_spec.rig.order_records import record_of
from cartridge_spec.rig.rhino import CARTRIDGES, Rhino

TOKEN = {"csrf_token": "token-of-this-session"}
EXTENSIONS = CARTRIDGES / "bm_conversion_bridge/cartridge/bm_extensions.xml"
JUDGING = "int_conversion_bridge/cartridge/scripts/conversionBridge/eligibility"
TEMPLATES = CARTRIDGES / "bm_conversion_bridge/cartridge/templates/default"

Open = Callable[..., dict[str, Any]]
Add = Callable[..., str]


@pytest.fixture(scope="module")
def business_manager() -> Iterator[Rhino]:
    with Rhino(["bm_conversion_bridge", "int_conversion_bridge"]) as rhino:
        yield rhino


@pytest.fixture
def instance(business_manager: Rhino, hook: tuple[str, Any], secret: str) -> Rhino:
    told = {"templates": [str(TEMPLATES)]} | switched_on(hook[0], secret)
    business_manager.call("rig/world", "reset", told)
    return business_manager


@pytest.fixture
def page(instance: Rhino) -> Open:
    def ask(node: str, *, method: str = "POST", user: bool = True, **parameters: str) -> Any:
        asked = {"method": method, "user": user, "parameters": TOKEN | parameters}
        return instance.call("rig/businessManager", "open", f"ConversionBridgeStatus-{node}", asked)

    return ask


@pytest.fixture
def add(instance: Rhino, placed_order: Callable[..., dict[str, Any]]) -> Add:
    """Put an order with these attributes into SFCC; answers its number."""

    def order(changes: dict[str, Any] | None = None, **custom: object) -> str:
        record = record_of(placed_order()) | (changes or {})
        record["custom"] = custom
        instance.call("rig/cases", "add", [record])
        return str(record["plain"]["orderNo"])

    return order


def test_it_shows_how_many_orders_stand_how_and_why_the_last_failed(page: Open, add: Add) -> None:
    add(cbStatus="sent", cbReason="accepted")
    add(cbStatus="pending")
    failed = add(cbStatus="failed", cbReason="http_400 <script>", cbAttempts=3)
    shown = page("Start", method="GET")["page"]
    for status, count in (("sent", 1), ("pending", 1), ("failed", 1), ("skipped", 0)):
        assert f"<tr><td>{status}</td><td>{count}</td></tr>" in shown
    errors = shown.split("Last errors")[1]
    assert f"<td>{failed}</td>" in errors
    assert "http_400 &lt;script&gt;" in errors
    assert errors.count("<td>") == 5


def test_the_connection_is_tested_with_the_real_secret_and_no_order(page: Open) -> None:
    assert "accepts the signature of site RefArch" in page("TestConnection")["page"]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"secret": "whsec_d3JvbmcgLSB3cm9uZyAtIHdyb25n"}, "http_401 signature_invalid"),
        ({"disabled": True}, "has it a credential?"),
    ],
    ids=["wrong secret", "no address"],
)
def test_a_connection_that_fails_says_why(
    page: Open,
    instance: Rhino,
    hook: tuple[str, Any],
    secret: str,
    settings: dict[str, Any],
    reason: str,
) -> None:
    url = None if settings.get("disabled") else hook[0]
    given = {"services": services(url, settings.get("secret", secret))}
    instance.call("rig/world", "change", given)
    assert reason in page("TestConnection")["page"]


@pytest.mark.parametrize("status", ["failed", "sent", "skipped"])
def test_one_order_is_sent_again_whatever_became_of_it(page: Open, add: Add, status: str) -> None:
    order_no = add(cbStatus=status, cbReason="before")
    assert f"Order {order_no}: sent, accepted" in page("Resend", orderNo=f" {order_no} ")["page"]
    assert f"Order {order_no}: sent, duplicate" in page("Resend", orderNo=order_no)["page"]


STANDING = {"status": 3, "confirmationStatus": 2, "paymentStatus": 2, "channelType": 1}
DENIED = {"cbSnapshot": json.dumps({"consent": {"ad_user_data": "denied"}})}
TODAY = datetime.now(UTC).isoformat(timespec="milliseconds")
LONG_AGO = (datetime.now(UTC) - timedelta(days=8)).isoformat(timespec="milliseconds")


def refusals() -> dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], str]]:
    """By reason: the order's record, its attributes, preferences, and words of the answer."""
    return {
        "disabled": ({}, {}, {"cbEnabled": False}, "cbEnabled is off"),
        "channel_not_selected": ({}, {}, {"cbChannels": ["store"]}, "cbChannels"),
        "consent_denied": ({}, DENIED, {}, "the shopper refused"),
        "consent_unknown": ({}, {}, {"cbConsentMode": "require"}, "has not agreed"),
        "ended_before_sending": (with_enums(status=6), {}, {}, "cancelled or replaced"),
        "before_start": ({"creationDate": LONG_AGO}, {}, {"cbOrdersFrom": TODAY}, "cbOrdersFrom"),
        "too_old": ({"creationDate": LONG_AGO}, {}, {}, "older than cbLookbackHours"),
        "not_placed": (with_enums(status=0), {}, {}, "not placed"),
        "not_confirmed": (with_enums(confirmationStatus=0), {}, {}, "not confirmed"),
        "not_paid": (with_enums(paymentStatus=0), {}, {"cbConfirmedRule": "paid"}, "not paid"),
        "non_production_instance": ({}, {}, {}, "no production instance"),
    }


def with_enums(**changed: int) -> dict[str, Any]:
    return {"enums": STANDING | changed}


@pytest.mark.parametrize("reason", refusals())
def test_an_order_that_may_not_be_sent_is_refused_with_the_reason_and_stays_as_it_is(
    page: Open, add: Add, instance: Rhino, secret: str, reason: str
) -> None:
    record, attributes, preferences, words = refusals()[reason]
    kept = {status: {"cbStatus": status, "cbReason": "before"} for status in ("failed", "sent")}
    numbers = [add(record, **some, **attributes) for some in kept.values()]
    before = instance.call("rig/cases", "states")
    told = switched_on("http://127.0.0.1:9", secret, **preferences)
    where = "sandbox" if reason == "non_production_instance" else "production"
    instance.call("rig/world", "change", told | {"instance": where})

    for order_no, status in zip(numbers, kept, strict=True):
        shown = page("Resend", orderNo=order_no)["page"]
        assert f"Order {order_no} is not sent again:" in shown
        assert words in shown
        assert f"Nothing was changed: {status}." in shown

    assert instance.call("rig/cases", "states") == before
    assert instance.call("rig/world", "readCalls") == []


def test_there_are_words_for_every_reason_an_order_is_not_sent(instance: Rhino) -> None:
    script = "bm_conversion_bridge/cartridge/scripts/resend"
    words = instance.call("rig/cases", "tableOf", script, "REFUSALS")
    assert words.keys() == refusals().keys()
    rules = instance.call("rig/cases", "tableOf", JUDGING, "REASONS")
    assert words.keys() == set(rules) - {"sent_already", "not_due"}


def test_a_delivered_order_whose_repetition_never_gets_through_stays_delivered(
    page: Open, add: Add, instance: Rhino, secret: str
) -> None:
    order_no = add()
    assert "sent, accepted" in page("Resend", orderNo=order_no)["page"]
    instance.call("rig/world", "change", {"services": services(None, secret)})
    assert "pending, call_failed" in page("Resend", orderNo=order_no)["page"]

    instance.call("rig/cases", "waitUntilDue")
    instance.call("rig/storefront", "age", order_no, 8 * 24 * 3600 * 1000)
    instance.call("rig/cases", "run", "sweep")

    kept = instance.call("rig/cases", "state", order_no)
    assert (kept["cbStatus"], kept["cbReason"]) == ("sent", "too_old, last: call_failed")


@pytest.mark.parametrize("number", ["", "unknown"])
def test_a_number_nobody_has_is_told(page: Open, number: str) -> None:
    assert "There is no order with this number" in page("Resend", orderNo=number)["page"]


@pytest.mark.parametrize(
    ("node", "asked"),
    [
        ("Start", {"user": False}),
        ("Resend", {"user": False}),
        ("Resend", {"method": "GET"}),
        ("Resend", {"csrf_token": "guessed"}),
        ("TestConnection", {"csrf_token": "guessed"}),
    ],
)
def test_strangers_and_forged_requests_are_refused(
    page: Open, add: Add, node: str, asked: dict[str, Any]
) -> None:
    order_no = add(cbStatus="failed")
    assert page(node, orderNo=order_no, **asked) == {"status": 403, "page": ""}


def test_business_manager_lets_every_node_of_the_page_through() -> None:
    namespace = "{http://www.demandware.com/xml/bmmodules/2007-12-11}"
    text = Path(EXTENSIONS).read_bytes().decode("iso-8859-1")
    root = ET.fromstring(text.encode())
    names = {one.attrib["name"] for one in root.iter(f"{namespace}pipeline")}
    assert names == {
        f"ConversionBridgeStatus-{one}" for one in ("Start", "TestConnection", "Resend")
    }
