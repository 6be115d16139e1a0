"""No raw personal data at rest: not on disk, not in logs, not in answers, not on screens."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from bridge.cli import main
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


def shop_list(directory: Path, canary: MakeOrder) -> str:
    """A file of orders: one that is known, one that is not, one that is refused, and no order."""
    orders = [canary(order_no="1"), canary(order_no="8"), canary(order_no="9", lines="canary")]
    rows = [json.dumps(order) for order in [*orders, {"canary": "canary.mail73@example.com"}]]
    path = directory / "orders.ndjson"
    path.write_text("\n".join([*rows, '{"email": "canary.mail73@example.com"']))
    return str(path)


def screens_of(bridge: Any, file: str) -> Iterator[tuple[str, str]]:
    """What the commands answer that look, and that act on a file, a dead letter or a person."""
    runner = CliRunner(env=bridge.environment)
    letters = runner.invoke(main, ["dead", "export"]).output
    number = str(json.loads(letters.splitlines()[0])["delivery"]["id"])
    yield letters, "dead export"
    for command, given in (
        (("status", "--json"), ""),
        (("status", "1", "2", "4", "5"), ""),
        (("dead", "list"), ""),
        (("dead", "list", "--json"), ""),
        (("audit",), ""),
        (("reconcile", file, "--findings", str(bridge.directory / "look.ndjson")), ""),
        (("import", file), ""),
        (("import", file, "--json"), ""),
        (("sync", file), ""),
        (("dead", "explain", number), ""),
        (("dead", "edit", number), ""),
        (("dead", "edit", number, "--set", "customer.email=canary.mail73@example.com"), ""),
        (("dead", "edit", number, "--set", "totals.gross=canary"), ""),
        (("erase", "--customer-no", "CanaryCustomerNo71"), ""),
        (("erase", "--email", "-", "--json"), "canary.mail73@example.com"),
        (("erase", "--phone", "canary"), ""),
    ):
        told = runner.invoke(main, command, input=given)
        assert told.output, command
        assert told.exit_code in {0, 1, 2}, command
        yield told.output, " ".join(command[:2])


def test_personal_values_are_nowhere_but_in_what_the_platform_is_sent(
    bridge_up: Callable[..., Any],
    workspace: MockWorkspace,
    canary: MakeOrder,
    wait_until: Callable[..., None],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    workspace.settings(invalid_tokens=["EAAB-canary-token"])
    bridge = bridge_up(workspace.url)
    told = calls_of_every_kind(bridge, canary)
    wait_until(lambda: "paused" in bridge.run("status").stdout.lower(), "the destination pauses")
    while_waiting = found_on_disk(bridge.directory)

    workspace.settings(invalid_tokens=[])
    workspace.fault("platform_rejects", match={"order_id": ["4"]}, times=None)
    wait_until(lambda: len(workspace.counted()) == 2, "orders 1 and 5 are counted")
    wait_until(lambda: bridge.run("dead", "export").stdout, "order 4 is a dead letter")
    metrics = bridge.session.get(f"{bridge.url}/metrics", timeout=120)
    shops = shop_list(tmp_path_factory.mktemp("shop"), canary)
    screens = list(screens_of(bridge, shops))
    assert bridge.stop() == 0

    hits = while_waiting + found_on_disk(bridge.directory)
    for answer in [*told, metrics]:
        hits += found_in(answer.content.replace(b"$.*", b""), f"answer {answer.status_code}")
    for text, command in screens:
        hits += found_in(text.encode(), f"screen of {command}")
    assert hits == []
    assert (bridge.directory / "look.ndjson").stat().st_size
    assert "EAAB-canary-token" not in (bridge.directory / "bridge.log").read_text()
    sent = workspace.counted(order_id="1")[0]["payload"]["user_data"]
    assert sent["client_ip_address"] == "203.0.113.177"
