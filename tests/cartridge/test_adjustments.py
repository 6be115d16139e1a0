"""Cancellations and refunds of orders that were sent."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bridge.intake.admit import admit
from cartridge_spec.rig.instance import services
from cartridge_spec.rig.rhino import Rhino

Json = dict[str, Any]
CANCELLED = 6


@pytest.fixture
def sent_order(installed: Rhino, sfcc_order: Callable[..., str]) -> str:
    number = sfcc_order()
    installed.call("rig/cases", "run", "sweep", {"GraceMinutes": 0})
    return number


@pytest.fixture
def adjust(installed: Rhino) -> Callable[[], list[Json]]:
    """Run the step; answers the valid documents it sent."""

    def run() -> list[Json]:
        before = len(installed.call("rig/world", "readCalls"))
        installed.call("rig/cases", "run", "adjust", {})
        calls = installed.call("rig/world", "readCalls")[before:]
        documents = [document for call in calls for document in json.loads(call["body"])]
        for document in documents:
            admit(document, "RefArch")
        return documents

    return run


def test_a_cancellation_is_told_once(
    installed: Rhino, sent_order: str, adjust: Callable[[], list[Json]]
) -> None:
    installed.call("rig/orders", "change", sent_order, {"status": CANCELLED})

    [told] = adjust()

    assert (told["kind"], told["order_no"], told["reference"]) == (
        "cancellation",
        sent_order,
        f"CANCEL-{sent_order}",
    )
    assert installed.call("rig/cases", "state", sent_order)["cbCancelledAt"] is not None
    assert adjust() == []


def test_a_cancellation_needs_no_refunded_amount(
    installed: Rhino, sent_order: str, adjust: Callable[[], list[Json]]
) -> None:
    installed.call("rig/orders", "change", sent_order, {"status": CANCELLED})
    installed.call("rig/cases", "breakOrder", sent_order, "refundedAmount")

    assert [told["kind"] for told in adjust()] == ["cancellation"]


def test_a_refunded_amount_that_cannot_be_read_is_counted(
    installed: Rhino, sent_order: str
) -> None:
    installed.call("rig/cases", "breakOrder", sent_order, "refundedAmount")

    ended = installed.call("rig/cases", "run", "adjust", {})

    assert (ended["code"], ended["counts"]["failed"]) == ("WITH_FAILURES", 1)


def test_each_refund_is_told_once_with_what_is_new_of_it(
    installed: Rhino, sent_order: str, adjust: Callable[[], list[Json]]
) -> None:
    told: list[Json] = []
    for refunded in (25.99, 25.99, 40.1):
        installed.call("rig/orders", "change", sent_order, {"refunded": refunded})
        told += adjust()

    assert [(one["kind"], one["totals"]["gross"], one["reference"]) for one in told] == [
        ("refund", 25.99, f"REFUND-{sent_order}-25.99"),
        ("refund", 14.11, f"REFUND-{sent_order}-40.1"),
    ]
    assert installed.call("rig/cases", "state", sent_order)["cbRefundedAmount"] == 40.1


def test_a_refund_that_may_have_arrived_is_told_again_as_it_was(
    installed: Rhino, sent_order: str, adjust: Callable[[], list[Json]]
) -> None:
    installed.call("rig/orders", "change", sent_order, {"refunded": 10})
    installed.call("rig/world", "change", {"faults": {"transaction": 1}})
    [first] = adjust()
    installed.call("rig/world", "change", {"faults": {}})
    installed.call("rig/orders", "change", sent_order, {"refunded": 30})

    [again] = adjust()
    [rest] = adjust()

    assert again == first
    assert rest["totals"]["gross"] == 20


def test_a_bridge_that_is_away_loses_no_refund(
    installed: Rhino,
    sent_order: str,
    adjust: Callable[[], list[Json]],
    hook: tuple[str, Any],
    secret: str,
) -> None:
    installed.call("rig/orders", "change", sent_order, {"refunded": 10})
    installed.call("rig/world", "change", {"services": services("http://127.0.0.1:1", secret)})
    adjust()
    installed.call("rig/world", "change", {"services": services(hook[0], secret)})

    [told] = adjust()

    assert told["totals"]["gross"] == 10
    assert adjust() == []


def test_an_order_that_was_never_sent_has_nothing_to_adjust(
    installed: Rhino, sfcc_order: Callable[..., str], adjust: Callable[[], list[Json]]
) -> None:
    number = sfcc_order({"refunded": 10})
    installed.call("rig/orders", "change", number, {"status": CANCELLED})
    assert adjust() == []


def test_adjustments_can_be_switched_off(
    installed: Rhino, sent_order: str, adjust: Callable[[], list[Json]]
) -> None:
    installed.call("rig/orders", "change", sent_order, {"refunded": 10})
    preferences = {"cbEnabled": True, "cbAdjustments": False}
    installed.call("rig/world", "change", {"preferences": preferences})
    assert adjust() == []


def test_a_reference_that_gets_too_long_stays_unique(core: Rhino) -> None:
    facts = {
        "orderNo": "N" * 50,
        "status": "new",
        "kept": {"open": None, "refunded": 0, "cancelledAt": None},
    }
    module = "*/cartridge/scripts/conversionBridge/adjustments"
    made = [
        core.call(module, "due", facts | {"refunded": refunded}, "2026-11-22T07:00:00Z")
        for refunded in (12345678.125, 12345679.125)
    ]
    references = {change["reference"] for change in made}
    assert len(references) == 2
    assert max(map(len, references)) <= 64
