"""Merchant Tools > Ordering > Conversion Bridge."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from cartridge_spec.rig.instance import services, switched_on
from cartridge_spec.rig.order_records import record_of
from cartridge_spec.rig.rhino import CARTRIDGES, Rhino

TOKEN = {"csrf_token": "token-of-this-session"}
EXTENSIONS = CARTRIDGES / "bm_conversion_bridge/cartridge/bm_extensions.xml"
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

    def order(**custom: object) -> str:
        record = record_of(placed_order())
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
