"""Each click goes when its own time has come, whatever else the shopper does."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest


def click(name: str, days: float) -> dict[str, str]:
    at = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds")
    return {"at": at.replace("+00:00", "Z"), "gclid": name}


OLD, YOUNG = click("old", 91), click("young", 89)


def keep(shopper: Any, *touches: dict[str, str]) -> None:
    """On the profile of C1 and in the record of a guest, as they were written in time."""
    told = (json.dumps(touches, separators=(",", ":")), touches[0]["at"])
    shopper.rhino.call("rig/storefront", "setProfile", "C1", *told)
    shopper.rhino.call("rig/storefront", "setGuestRecord", "k" * 64, *told)


def on_profile(shopper: Any) -> list[str]:
    text = shopper.rhino.call("rig/storefront", "profileValue", "C1", "cbTouches")
    return [touch["gclid"] for touch in json.loads(text or "[]")]


def of_guests(shopper: Any) -> list[list[str]]:
    kept = shopper.rhino.call("rig/storefront", "guestRecords").values()
    return [[touch["gclid"] for touch in json.loads(touches)] for touches in kept]


def purge(shopper: Any) -> str:
    return str(shopper.rhino.call("rig/storefront", "purgeClicks"))


@pytest.fixture
def customer(shopper: Any) -> Any:
    shopper.answer_banner(consent=True)
    shopper.log_in("C1")
    return shopper


def test_the_purge_takes_the_old_clicks_and_leaves_the_young_ones_beside_them(
    customer: Any,
) -> None:
    keep(customer, OLD, YOUNG)
    assert purge(customer) == "OK"
    assert on_profile(customer) == ["young"]
    assert of_guests(customer) == [["young"]]
    oldest = customer.rhino.call("rig/storefront", "profileValue", "C1", "cbTouchedAt")
    assert datetime.fromisoformat(oldest) == datetime.fromisoformat(YOUNG["at"])
    assert purge(customer) == "NOTHING_TO_DO"


def test_where_all_are_old_nothing_is_left(customer: Any) -> None:
    keep(customer, OLD)
    assert purge(customer) == "OK"
    assert on_profile(customer) == []
    assert of_guests(customer) == []
    assert purge(customer) == "NOTHING_TO_DO"


def test_a_visit_takes_old_clicks_from_the_profile_even_if_it_brings_none(customer: Any) -> None:
    keep(customer, OLD, YOUNG)
    customer.land("")
    assert on_profile(customer) == ["young"]


def test_a_new_click_does_not_prolong_the_life_of_an_older_one(customer: Any) -> None:
    keep(customer, YOUNG)
    customer.land("gclid=new")
    oldest = customer.rhino.call("rig/storefront", "profileValue", "C1", "cbTouchedAt")
    assert on_profile(customer) == ["young", "new"]
    assert datetime.fromisoformat(oldest) == datetime.fromisoformat(YOUNG["at"])


def test_a_session_that_outlasts_the_limit_brings_no_old_click_to_an_order(
    shopper: Any, checkout: Callable[..., str]
) -> None:
    shopper.answer_banner(consent=True)
    shopper.rhino.call("rig/storefront", "setSessionTouches", shopper.session, json.dumps([OLD]))
    order_no = checkout()
    shopper.ask("CheckoutServices-PlaceOrder", "POST")
    kept = shopper.rhino.call("rig/cases", "state", order_no)["cbSnapshot"]
    assert json.loads(kept)["touches"] == []
