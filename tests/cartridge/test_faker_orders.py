"""Made-up orders in SFCC: the real cartridge sends them to a bridge, which delivers them."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from bridge.intake.admit import admit
from cartridge_spec.rig.instance import switched_on
from cartridge_spec.rig.order_records import WITH_SHOPPERS_REQUEST, capture_of, record_of
from cartridge_spec.rig.rhino import Rhino
from loadtests.orders import orders
from mock_platform.client import MockWorkspace

COUNT = 500
Json = dict[str, Any]


@dataclass(frozen=True)
class RunningBridge:
    url: str
    environment: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bridge", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def deliveries(self, order_numbers: list[str]) -> dict[str, str]:
        told = json.loads(self.run("status", "--json", *order_numbers).stdout)["orders"]
        return {order["order_no"]: order["deliveries"][0]["state"] for order in told}


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def running_bridge(
    tmp_path: Path, workspace: MockWorkspace, secret: str
) -> Iterator[RunningBridge]:
    port = free_port()
    config = tmp_path / "bridge.toml"
    config.write_text(
        f"""
        data_dir = "{tmp_path / "data"}"
        [sender]
        idle_wait = 0.05
        [hook]
        port = {port}
        [[sites]]
        id = "RefArch"
        secrets = ["env:SITE_SECRET"]
        [[destinations]]
        id = "meta"
        platform = "meta_capi"
        dataset = "1234567890"
        base_url = "{workspace.url}"
        token = "env:META_TOKEN"
        enabled = true
        """
    )
    environment = os.environ | {"BRIDGE_CONFIG": str(config), "SITE_SECRET": secret}
    bridge = RunningBridge(f"http://127.0.0.1:{port}", environment | {"META_TOKEN": "EAAB-token"})
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bridge", "up"], env=bridge.environment, stdout=log, stderr=log
        )
        poll(lambda: is_ready(bridge.url))
        yield bridge
        process.terminate()
        process.wait(30)


def is_ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/health/ready", timeout=5).ok
    except requests.ConnectionError:
        return False


def poll(condition: Any, within: float = 120) -> None:
    """Until it is so; the limit only ends a test that has failed already."""
    ends = time.monotonic() + within
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


def everything_is_final(bridge: RunningBridge) -> bool:
    lines = requests.get(f"{bridge.url}/metrics", timeout=30).text.splitlines()
    states = [line for line in lines if line.startswith("bridge_deliveries{")]
    return bool(states) and not [s for s in states if re.search('"(pending|leased)"', s)]


def with_gift_certificate(order: Json) -> Json:
    """The order, and a gift certificate bought with it."""
    bought = {"product_id": None, "quantity": 1, "gross": 50, "net": 50, "fulfilment": "digital"}
    totals = {name: order["totals"][name] + 50 for name in ("gross", "net")}
    return order | {"lines": [*order["lines"], bought], "totals": order["totals"] | totals}


@pytest.fixture(scope="module")
def made() -> list[Json]:
    """Placed on a production instance, in one of both taxations; one number is not ASCII.

    With options, bundles, bonus products and gift certificates, bought and used to pay.
    """
    numbered = [
        order | {"instance": "production", "taxation": order["taxation"] or "gross"}
        for order in orders(COUNT, 21, datetime.now(UTC), site_id="RefArch")
    ]
    numbered[0]["order_no"] = "Ä№-7 %.,"
    return numbered[::2] + [with_gift_certificate(order) for order in numbered[1::2]]


def test_the_made_up_orders_hold_whatever_sfcc_sells(made: list[Json]) -> None:
    records = [record_of(order) for order in made]
    lines = [line for record in records for line in record["productLineItems"]]
    for few in (
        [line for line in lines if "options" in line and "parts" in line],
        [line for line in lines if "parts" in line],
        [line for line in lines if line["bonusProductLineItem"]],
        [record for record in records if len(record["shipments"]) > 1],
        [record for record in records if record["giftCertificates"]],
        [record for record in records if sum(record["giftCertificatePayments"])],
        [record for record in records if not record["shipments"][0]["shippingAddress"]],
    ):
        assert len(few) > 4


def crashes(order: Json) -> bool:
    """Whether SFCC dies in this order's checkout, after the call and before the mark."""
    return order["channel"] in WITH_SHOPPERS_REQUEST and sum(order["order_no"].encode()) % 10 == 0


def place_and_sweep(core: Rhino, made: list[Json], taxation: str) -> None:
    """By the shopper's checkout where there is one, else behind the cartridge's back."""
    core.call("rig/world", "change", {"taxation": taxation})
    for order in made:
        if order["channel"] in WITH_SHOPPERS_REQUEST:
            faults = {"transaction": 1} if crashes(order) else {}
            core.call("rig/world", "change", {"faults": faults})
            core.call("rig/cases", "checkout", record_of(order), capture_of(order))
        else:
            core.call("rig/cases", "add", [record_of(order)])
    core.call("rig/world", "change", {"faults": {}})
    core.call("rig/cases", "waitUntilDue")  # a machine under load may time a fast call out
    core.call("rig/cases", "run", "sweep", {"GraceMinutes": 0})


def states_of(core: Rhino) -> dict[str, Json]:
    return dict(core.call("rig/cases", "states"))


def sent_documents(core: Rhino) -> dict[str, Json]:
    bodies = [json.loads(call["body"]) for call in core.call("rig/world", "readCalls")]
    documents = [one for body in bodies for one in (body if isinstance(body, list) else [body])]
    return {document["order_no"]: document for document in documents}


def assert_same_order(sent: Json, order: Json) -> None:
    assert sent["currency"] == order["currency"]
    assert sent["channel"] == order["channel"]
    for member in ("gross", "net", "tax", "shipping", "merchandise", "discount"):
        assert sent["totals"][member] == pytest.approx(order["totals"][member] or 0, abs=0.0005)
    worth = sum(line["gross"] for line in sent["lines"]) + (sent["totals"]["shipping"] or 0)
    assert worth == pytest.approx(sent["totals"]["gross"], abs=0.005 * len(sent["lines"]))
    assert len(sent["lines"]) == len(order["lines"])
    for line, wanted in zip(sent["lines"], order["lines"], strict=True):
        assert line["product_id"] == wanted["product_id"]
        assert line["quantity"] == wanted["quantity"]
        assert line["gross"] == pytest.approx(wanted["gross"], abs=0.01)
        assert line["net"] == pytest.approx(wanted["net"], abs=0.01)
    assert sent["customer"]["email"] == ((order.get("customer") or {}).get("email") or None)


def assert_arrived(core: Rhino, made: list[Json]) -> None:
    """Every order was valid, meant the same, and the bridge took it."""
    sent, states = sent_documents(core), states_of(core)
    assert sent.keys() == {order["order_no"] for order in made}
    for order in made:
        admitted, warnings = admit(sent[order["order_no"]], "RefArch")
        assert [w for w in warnings if w.rule == "unknown_member"] == []
        assert_same_order(admitted, order)
        reason = states[order["order_no"]]["cbReason"]
        assert reason.split()[0] in ({"duplicate"} if crashes(order) else {"accepted", "duplicate"})
        assert "differs" not in reason
    assert len([order for order in made if crashes(order)]) > COUNT / 25


def test_500_orders_are_valid_equal_accepted_and_delivered_once(
    core: Rhino,
    running_bridge: RunningBridge,
    workspace: MockWorkspace,
    secret: str,
    made: list[Json],
) -> None:
    settings = switched_on(
        running_bridge.url, secret, cbLookbackHours=1440, cbConsentMode="off", cbTimeoutMs=10_000
    )
    core.call("rig/world", "change", settings)
    by_taxation = {t: [o for o in made if o["taxation"] == t] for t in ("gross", "net")}

    for taxation, some in by_taxation.items():
        place_and_sweep(core, some, taxation)
    assert_arrived(core, made)
    core.call("rig/cases", "requeueAll")
    for taxation, some in by_taxation.items():
        core.call("rig/cases", "sweepOnly", taxation, [order["order_no"] for order in some])

    reasons = [state["cbReason"] for state in states_of(core).values()]
    assert {reason.split()[0] for reason in reasons} == {"duplicate"}
    assert [reason for reason in reasons if "differs" in reason] == []
    assert {state["cbStatus"] for state in states_of(core).values()} == {"sent"}
    poll(lambda: everything_is_final(running_bridge))
    ended = running_bridge.deliveries([order["order_no"] for order in made])
    counted = Counter(event["order_id"] for event in workspace.counted())
    assert len(ended) == COUNT
    assert counted == {number: 1 for number, state in ended.items() if state == "accepted"}
    assert len(counted) > COUNT / 2
    assert running_bridge.run("audit").returncode == 0
