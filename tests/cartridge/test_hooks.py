"""Headless storefronts and agents: the extension points their APIs share."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cartridge_spec.rig.order_records import capture_of, record_of
from cartridge_spec.rig.rhino import CARTRIDGES, Rhino

Json = dict[str, Any]
CREATED, NEW = 0, 3
CORE = CARTRIDGES / "int_conversion_bridge"


@pytest.fixture
def headless(installed: Rhino) -> Callable[..., Json]:
    """POST /orders: basket, order, transaction, answer; then what stands on the order."""

    def post(
        order: Json, status: int = NEW, basket: object = None, *, copied: bool = False
    ) -> Json:
        record = record_of(order)
        record["enums"]["status"] = status
        record["custom"] = {"cbSnapshot": basket} if copied else {}
        returned = installed.call("rig/cases", "headless", record, basket)
        assert returned == ["nothing", "nothing", "nothing"]
        return dict(installed.call("rig/cases", "state", order["order_no"]))

    return post


@pytest.mark.parametrize("copied", [True, False])
def test_what_the_storefront_wrote_on_the_basket_travels_with_the_order(
    installed: Rhino, headless: Callable[..., Json], placed_order: Callable[..., Json], copied: bool
) -> None:
    order = placed_order()

    kept = headless(order, basket=json.dumps(capture_of(order)), copied=copied)

    assert (kept["cbStatus"], kept["cbReason"]) == ("sent", "accepted")
    sent = json.loads(installed.call("rig/world", "readCalls")[-1]["body"])
    assert sent["browser"]["user_agent"] == order["browser"]["user_agent"]
    assert sent["touches"][0]["fbclid"] == order["touches"][0]["fbclid"]
    assert sent["consent"]["ad_user_data"] == "granted"


def test_a_cartridge_that_ends_the_chain_of_hooks_costs_no_clicks(
    installed: Rhino, placed_order: Callable[..., Json]
) -> None:
    order = placed_order()
    basket = json.dumps(capture_of(order))

    returned = installed.call("rig/cases", "headless", record_of(order), basket, True)

    assert returned == ["nothing", "nothing"]
    kept = installed.call("rig/cases", "state", order["order_no"])
    assert (kept["cbStatus"], kept["cbEventId"]) == ("sent", order["order_no"])
    sent = json.loads(installed.call("rig/world", "readCalls")[-1]["body"])
    assert sent["touches"][0]["fbclid"] == order["touches"][0]["fbclid"]


def test_an_order_that_still_awaits_payment_is_kept_and_not_sent(
    installed: Rhino, headless: Callable[..., Json], placed_order: Callable[..., Json]
) -> None:
    order = placed_order()

    kept = headless(order, CREATED, json.dumps(capture_of(order)))

    assert (kept["cbStatus"], kept["cbAttempts"]) == ("pending", None)
    assert installed.call("rig/world", "readCalls") == []
    installed.call("rig/orders", "change", order["order_no"], {"status": NEW})
    installed.call("rig/cases", "run", "sweep", {})
    sent = json.loads(installed.call("rig/world", "readCalls")[-1]["body"])[0]
    assert sent["browser"]["ip"] == order["browser"]["ip"]


@pytest.mark.parametrize("basket", [None, "no JSON", "[]"])
def test_a_basket_without_a_readable_snapshot_costs_no_order(
    headless: Callable[..., Json], placed_order: Callable[..., Json], basket: str | None
) -> None:
    assert headless(placed_order(), basket=basket)["cbStatus"] == "sent"


def test_a_hook_that_fails_inside_leaves_the_order_alone(
    installed: Rhino, headless: Callable[..., Json], placed_order: Callable[..., Json]
) -> None:
    order = placed_order()
    installed.call("rig/world", "change", {"faults": {"settings": True}})

    kept = headless(order)

    assert kept["cbStatus"] is None
    logs = installed.call("rig/world", "readLogs")
    assert any(log["level"] == "error" and order["order_no"] in log["text"] for log in logs)


def test_a_log_that_cannot_be_written_takes_no_order_back(
    installed: Rhino, headless: Callable[..., Json], placed_order: Callable[..., Json]
) -> None:
    installed.call("rig/world", "change", {"faults": {"settings": True, "log": True}})
    assert headless(placed_order())["cbStatus"] is None


def test_switched_off_nothing_is_kept_and_nothing_sent(
    installed: Rhino, headless: Callable[..., Json], placed_order: Callable[..., Json]
) -> None:
    installed.call("rig/world", "change", {"preferences": {}})
    assert set(headless(placed_order()).values()) == {None}
    assert installed.call("rig/world", "readCalls") == []


def test_every_hook_names_a_script_with_a_function_of_its_name(core: Rhino) -> None:
    package = json.loads((CORE / "package.json").read_text())
    hooks = json.loads((CORE / package["hooks"]).read_text())["hooks"]
    for entry in hooks:
        script = (CORE / entry["script"]).resolve()
        assert entry["name"].split(".")[-1] in core.call("rig/cases", "exportsOf", str(script))


def test_a_storefront_without_controllers_to_append_to_calls_a_hook(
    installed: Rhino, placed_order: Callable[..., Json]
) -> None:
    order = placed_order()
    script = str(CORE / "cartridge/scripts/hooks/placed.js")
    point = "app.conversion.bridge.order.placed"
    installed.call("rig/world", "change", {"hooks": {point: [script]}})

    returned = installed.call("rig/cases", "callPlacedHook", record_of(order), capture_of(order))

    assert returned == "nothing"
    kept = installed.call("rig/cases", "state", order["order_no"])
    assert (kept["cbStatus"], kept["cbReason"]) == ("sent", "accepted")


def test_every_job_step_names_a_script_with_a_function_of_its_name(core: Rhino) -> None:
    steps = json.loads((CORE / "steptypes.json").read_text())["step-types"]["script-module-step"]
    for step in steps:
        script = Path(CARTRIDGES / step["module"])
        assert step["function"] in core.call("rig/cases", "exportsOf", str(script))


@pytest.mark.parametrize("tracking_allowed", [True, False])
def test_only_an_answer_to_sfras_banner_counts_whatever_the_site_tracks_by_default(
    core: Rhino, *, tracking_allowed: bool
) -> None:
    answers = []
    for privacy in ({"consent": True}, {"consent": False}, {}, {"consent": None}):
        session = {"privacy": privacy, "trackingAllowed": tracking_allowed}
        core.call("rig/cases", "setSession", session)
        read = core.call("*/cartridge/scripts/conversionBridge/consent", "read")
        answers.append(read["ad_user_data"])
    assert answers == ["granted", "denied", "unknown", "unknown"]


def test_a_merchants_own_consent_script_answers_by_purpose(core: Rhino, tmp_path: Path) -> None:
    script = tmp_path / "consent.js"
    script.write_text(
        "exports.read = function () { return { ad_storage: 'granted', ad_user_data: 'denied',"
        " source: 'OneTrust', recorded_at: '2026-11-22T08:00:00+01:00' }; };"
    )
    core.call("rig/world", "change", {"hooks": {"app.conversion.bridge.consent": [str(script)]}})

    assert core.call("*/cartridge/scripts/conversionBridge/consent", "read") == {
        "ad_storage": "granted",
        "ad_user_data": "denied",
        "ad_personalization": "unknown",
        "source": "OneTrust",
        "recorded_at": "2026-11-22T07:00:00.000Z",
    }
