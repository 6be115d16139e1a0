"""Clicks on a profile serve orders that no storefront saw."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cartridge_spec.rig.rhino import Rhino

SfccOrder = Callable[..., str]


def click(name: str, **ago: float) -> dict[str, str]:
    at = datetime.now(UTC) - timedelta(**ago)
    return {"at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"), "gclid": name}


def told(core: Rhino, order_no: str) -> list[str]:
    return [touch["gclid"] for touch in core.call("rig/cases", "payload", order_no)["touches"]]


def test_a_purchase_in_a_store_has_the_clicks_of_its_customers_profile(
    installed: Rhino, sfcc_order: SfccOrder
) -> None:
    kept = [click("long ago", days=91), click("last week", days=7), click("after it", hours=-1)]
    profile = {"cbTouches": json.dumps(kept)}
    order_no = sfcc_order({"customer.profile.custom": profile, "custom": {}}, channel="store")
    assert told(installed, order_no) == ["last week"]


@pytest.mark.parametrize("snapshot", [{"touches": []}, {"consent": {"ad_storage": "denied"}}])
def test_an_order_whose_snapshot_holds_clicks_or_a_refusal_goes_by_that_alone(
    installed: Rhino, sfcc_order: SfccOrder, snapshot: dict[str, Any]
) -> None:
    profile = {"cbTouches": json.dumps([click("on the profile", days=1)])}
    refused: dict[str, Any] = {"cbSnapshot": json.dumps(snapshot)}
    order_no = sfcc_order({"customer.profile.custom": profile, "custom": refused}, channel="store")
    assert told(installed, order_no) == []


def test_customers_without_clicks_and_guests_are_no_trouble(
    installed: Rhino, sfcc_order: SfccOrder
) -> None:
    for changes in ({"customer": None}, {"customer.profile": None}):
        assert told(installed, sfcc_order(changes | {"custom": {}}, channel="store")) == []
