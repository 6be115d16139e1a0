"""No raw personal data at rest: not on disk, not in logs, not in answers, not on screens."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace

MakeOrder = Callable[..., dict[str, Any]]

CANARIES = {
    "customer.customer_no": "CanaryCustomerNo71",
    "customer.external_ids": ["CanaryLoyalty72"],
    "customer.email": "canary.mail73@example.com",
    "customer.phone": "+1 650 555 7374",
    "customer.first_name": "Canaryfirst",
    "customer.last_name": "Canarylast",
    "customer.name": "Canaryfirst Canarylast",
    "customer.birth_date": "1971-07-31",
    "customer.lead_id": "771177117711771",
    "customer.madid": "77cafe77-0000-4000-8000-77cafe77cafe",
    "billing_address.first_name": "Canarybillfirst",
    "billing_address.last_name": "Canarybilllast",
    "billing_address.phone": "(650) 555-7576",
    "billing_address.city": "Canarybillcity",
    "billing_address.postal_code": "77701",
    "shipping_address.first_name": "Canaryshipfirst",
    "shipping_address.last_name": "Canaryshiplast",
    "shipping_address.phone": "650.555.7778",
    "shipping_address.city": "Canaryshipcity",
    "shipping_address.postal_code": "77702",
    "browser.ip": "203.0.113.177",
    "browser.user_agent": "Canarybrowser/7.7 (X11; Linux x86_64)",
    "browser.page_url": "https://shop.example.com/canarypath?email=canary.mail73@example.com",
    "browser.fbc": "fb.1.1795168800123.CanaryClick-77",
    "browser.fbp": "fb.1.1795168800123.7711771177",
    "touches": [
        {
            "at": "2026-11-20T10:00:00.123Z",
            "fbclid": "CanaryFbclid77",
            "gclid": "CanaryGclid77",
            "gbraid": "CanaryGbraid77",
            "wbraid": "CanaryWbraid77",
            "ctwa_clid": "CanaryCtwa77",
            "landing_url": "https://shop.example.com/canarylanding",
            "referrer": "https://canaryreferrer.example.com/",
        }
    ],
}

NEVER_AT_REST = (
    "canary,71-07-31,19710731,5557374,555 7374,5557576,555-7576,5557778,555.7778,77701,77702,"
    "203.0.113.177,"
    "771177117711771,77cafe77,7711771177"
).split(",")
"""What identifies the canaries in lower case, raw or normalised."""


def found_in(text: bytes, where: str) -> list[str]:
    lowered = text.lower()
    return [f"{canary} in {where}" for canary in NEVER_AT_REST if canary.encode() in lowered]


def found_on_disk(directory: Path) -> list[str]:
    files = [path for path in directory.rglob("*") if path.is_file() and path.suffix != ".toml"]
    assert any(path.name == "bridge.sqlite3" for path in files)
    return [hit for path in files for hit in found_in(path.read_bytes(), path.name)]


@pytest.fixture
def canary(make_order: MakeOrder) -> MakeOrder:
    placed_at = datetime.now(UTC).isoformat()

    def make(**changes: object) -> dict[str, Any]:
        return make_order(placed_at=placed_at, custom={}, **(CANARIES | changes))

    return make


def calls_of_every_kind(bridge: Any, canary: MakeOrder) -> list[requests.Response]:
    """What is taken, repeated, skipped, refused and unusable; answers what was said."""
    return [
        bridge.send(canary(order_no="1")),
        bridge.send(canary(order_no="1", currency="EUR")),
        bridge.send(canary(order_no="2", **{"consent.ad_user_data": "denied"})),
        bridge.send(canary(order_no="3", **{"totals.gross": "canary", "lines": "canary"})),
        bridge.send(canary(order_no="4", **{"customer.email": "canary@", "customer.phone": "77"})),
        bridge.send(
            [canary(order_no="5"), canary(order_no="6", kind="canary")], "/v1/orders/batch"
        ),
        bridge.send({"canary": "canary.mail73@example.com"}),
    ]


def test_personal_values_are_nowhere_but_in_what_the_platform_is_sent(
    bridge_up: Callable[..., Any],
    workspace: MockWorkspace,
    canary: MakeOrder,
    wait_until: Callable[..., None],
) -> None:
    workspace.settings(invalid_tokens=["EAAB-canary-token"])
    bridge = bridge_up(workspace.url)
    told = calls_of_every_kind(bridge, canary)
    wait_until(lambda: "paused" in bridge.run("status").stdout.lower(), "the destination pauses")
    while_waiting = found_on_disk(bridge.directory)

    workspace.settings(invalid_tokens=[])
    workspace.fault("platform_rejects", match={"order_id": ["4"]}, times=None)
    wait_until(lambda: len(workspace.counted()) == 2, "orders 1 and 5 are counted")
    screens = [
        bridge.run(*command.split())
        for command in ("status --json", "status 1 2 4 5", "dead list", "dead list --json", "audit")
    ]
    metrics = bridge.session.get(f"{bridge.url}/metrics", timeout=120)
    assert bridge.stop() == 0

    hits = while_waiting + found_on_disk(bridge.directory)
    for answer in [*told, metrics]:
        hits += found_in(answer.content.replace(b"$.*", b""), f"answer {answer.status_code}")
    for screen in screens:
        hits += found_in((screen.stdout + screen.stderr).encode(), f"screen of {screen.args[-1]}")
    assert hits == []
    assert "EAAB-canary-token" not in (bridge.directory / "bridge.log").read_text()
    sent = workspace.counted(order_id="1")[0]["payload"]["user_data"]
    assert sent["client_ip_address"] == "203.0.113.177"
