"""From the click on an advertisement to one counted purchase, in a real browser."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bridge.operate.destinations import Destination, Site
from bridge.operate.settings import Settings
from bridge.wiring import Installation, open_sender
from cartridge_spec.rig.instance import switched_on
from cartridge_spec.rig.rhino import Rhino
from mock_platform.client import MockWorkspace

from .web import WebServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

DATASET = "1234567890"
FBCLID = "IwAR0aBcDeF-_XyZ.9"
GCLID = "EAIaIQobChMIaBcDeF_BwE"
CAPTURE = "ConversionBridge-Capture"


@pytest.fixture
def bridge(
    tmp_path: Path,
    workspace: MockWorkspace,
    secret: str,
    make_destination: Callable[..., Destination],
    serve: Callable[[Settings], AbstractContextManager[tuple[str, Installation]]],
) -> Iterator[tuple[str, Installation]]:
    """A hook over HTTP before a bridge whose only destination is the mock."""
    settings = Settings(
        data_dir=tmp_path,
        sites=(Site(id="RefArch", secrets=(f"plain:{secret}",)),),
        destinations=(make_destination(base_url=workspace.url),),
    )
    with serve(settings) as served:
        yield served


@pytest.fixture
def deliver(bridge: tuple[str, Installation]) -> Callable[[], int]:
    """One round of the bridge's sender; answers how many orders it took."""
    installation = bridge[1]
    worker = open_sender(installation, threading.Event())
    return worker.rounds(installation.settings.destinations[0]).run_once


@pytest.fixture
def shop(
    storefront: Rhino, bridge: tuple[str, Installation], workspace: MockWorkspace, secret: str
) -> Iterator[WebServer]:
    """The storefront under a policy that allows scripts of its own origin and no inline ones."""
    head = (
        f'<script id="site" src="/site/site.js" data-dataset="{DATASET}"'
        f' data-platform="{workspace.url}"></script>'
    )
    told = switched_on(bridge[0], secret, cbPixelPurchase=True, cbGuestClicks=True)
    storefront.call("rig/world", "change", told | {"headOfPages": head})
    policy = f"default-src 'none'; script-src 'self'; connect-src 'self'; img-src {workspace.url}/"
    with WebServer(storefront, policy) as server:
        yield server


def land(tab: "Page", url: str) -> dict[str, Any]:
    with tab.expect_response(f"**/{CAPTURE}") as told:
        tab.goto(url)
    outcome: dict[str, Any] = told.value.json()
    return outcome


def accept(tab: "Page") -> dict[str, Any]:
    with tab.expect_response(f"**/{CAPTURE}") as told:
        tab.click("#accept")
    outcome: dict[str, Any] = told.value.json()
    return outcome


def buy(tab: "Page", checkout: Callable[..., str]) -> str:
    order_no = checkout()
    tab.click("#buy")
    tab.wait_for_selector("#conversion-bridge-purchase", state="attached")
    return order_no


def sent(storefront: Rhino) -> dict[str, Any]:
    (call,) = storefront.call("rig/world", "readCalls")
    order: dict[str, Any] = json.loads(call["body"])
    return order


def test_pixel_and_server_report_one_purchase_with_the_click_untouched(
    tab: "Page",
    shop: WebServer,
    workspace: MockWorkspace,
    checkout: Callable[..., str],
    deliver: Callable[[], int],
) -> None:
    landing = f"{shop.url}/sale?fbclid={FBCLID}&gclid={GCLID}&utm_campaign=x#top"
    assert land(tab, landing) == {"captured": False, "consent": "unknown"}
    assert accept(tab) == {"captured": True, "consent": "granted"}
    tab.goto(f"{shop.url}/shoes")
    order_no = buy(tab, checkout)
    (browser,) = workspace.wait(order_id=order_no)
    assert deliver() == 1
    pixel, server = workspace.events(order_id=order_no)
    assert (pixel["source"], pixel["verdict"]) == ("browser", "counted")
    assert (server["source"], server["verdict"]) == ("server", "deduplicated")
    assert pixel["event_id"] == server["event_id"] == order_no
    assert server["duplicate_of"] == browser["id"]
    assert server["payload"]["user_data"]["fbc"].endswith(f".{FBCLID}")
    (touch,) = sent(shop.rhino)["touches"]
    assert (touch["fbclid"], touch["gclid"]) == (FBCLID, GCLID)
    assert touch["landing_url"] == "https://localhost/sale"  # as SFCC's click stream saw it first


def test_the_shopper_reloads_the_confirmation_and_the_pixel_stays_silent(
    tab: "Page", shop: WebServer, workspace: MockWorkspace, checkout: Callable[..., str]
) -> None:
    land(tab, f"{shop.url}/sale?gclid={GCLID}")
    accept(tab)
    order_no = buy(tab, checkout)
    workspace.wait(order_id=order_no)
    tab.reload()
    assert tab.evaluate("window.conversionBridgePurchase.repeated") is True
    assert len(workspace.events(order_id=order_no)) == 1


@pytest.mark.parametrize(
    "way",
    [
        (
            "cached/store?utm_medium=qr&src=STORE-42",
            {"entry_point": "qr", "source_code": "STORE-42"},
        ),
        (
            "cached/sale?utm_source=whatsapp&ctwa_clid=ARAkLkA8",
            {"entry_point": "whatsapp", "ctwa_clid": "ARAkLkA8"},
        ),
    ],
    ids=["QR code in a store", "WhatsApp"],
)
def test_other_ways_in_arrive_even_on_a_page_from_the_cache(
    tab: "Page",
    shop: WebServer,
    workspace: MockWorkspace,
    checkout: Callable[..., str],
    deliver: Callable[[], int],
    way: tuple[str, dict[str, str]],
) -> None:
    link, seen = way
    land(tab, f"{shop.url}/{link}")
    accept(tab)
    tab.goto(f"{shop.url}/shoes")
    order_no = buy(tab, checkout)
    (touch,) = sent(shop.rhino)["touches"]
    assert touch | seen == touch
    workspace.wait(order_id=order_no)
    assert deliver() == 1
    pixel, server = workspace.events(order_id=order_no)
    assert (pixel["verdict"], server["verdict"]) == ("counted", "deduplicated")
    assert pixel["event_id"] == server["event_id"] == order_no


def test_a_shopper_who_answers_the_banner_and_leaves_the_page_is_not_lost(
    tab: "Page", shop: WebServer, checkout: Callable[..., str]
) -> None:
    """A consent tool that raises no event of ours: the page tells once more when it is left."""
    land(tab, f"{shop.url}/cached/sale?gclid={GCLID}")
    tab.evaluate(
        "fetch('/on/demandware.store/Sites-RefArch-Site/en_US/ConsentTracking-SetSession?consent=true')"
        ".then(answer => answer.json())"
    )
    tab.goto(f"{shop.url}/shoes")
    answers = [json.loads(shop.captures.get(timeout=30))["captured"] for _ in range(2)]
    assert answers == [False, True]
    buy(tab, checkout)
    assert [touch["gclid"] for touch in sent(shop.rhino)["touches"]] == [GCLID]


def test_a_shopper_who_refuses_leaves_no_trace_and_fires_no_pixel(
    tab: "Page", shop: WebServer, workspace: MockWorkspace, checkout: Callable[..., str]
) -> None:
    land(tab, f"{shop.url}/sale?fbclid={FBCLID}")
    with tab.expect_response(f"**/{CAPTURE}") as told:
        tab.click("#refuse")
    assert told.value.json() == {"captured": False, "consent": "denied"}
    buy(tab, checkout)
    assert tab.evaluate("window.conversionBridgePurchase.pixel") is False
    names = {cookie["name"] for cookie in tab.context.cookies()}
    assert names.isdisjoint({"_fbc", "cb_visitor"})
    assert shop.rhino.call("rig/world", "readCalls") == []
    assert workspace.events() == []
