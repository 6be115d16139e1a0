"""Refunds, cancellations and edited orders from the hook's word to the platform's books."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from mock_platform.server import MockServer

from .adjusting_world import (
    DATA_MANAGER,
    GOOGLE_ADS,
    START,
    World,
    cancellation,
    message,
    open_world,
    refund,
)

META = {
    "id": "meta",
    "platform": "meta_capi",
    "dataset": "1234567890",
    "token": "plain:mock-token",
}


@pytest.fixture
def world(mock_platform: MockServer) -> Iterator[World]:
    with open_world(mock_platform.url) as world:
        yield world


def verdicts(world: World, destination: str) -> list[str]:
    dataset = {"google": "987", "google-ads": "988", "meta": "1234567890"}[destination]
    return [one["verdict"] for one in world.workspace.events(dataset=dataset)]


def test_a_refund_lowers_the_value_at_both_interfaces_and_keeps_the_count(world: World) -> None:
    world.take(message())
    world.settle_down()
    world.take(refund("r1", 30))
    world.settle_down()
    for destination, end in (("google", "processed"), ("google-ads", "accepted")):
        assert world.values(destination) == {"1": 70}
        assert verdicts(world, destination) == ["counted", "adjusted"]
        assert world.ends(destination)["r1"] == (end, None)
    assert world.audit().findings == ()


def test_a_full_refund_is_worth_nothing_and_only_google_ads_takes_it_back(world: World) -> None:
    world.take(message())
    world.take(refund("r1", 100))
    world.settle_down()
    assert world.values("google") == world.values("google-ads") == {"1": 0}
    kinds = [one["event_name"] for one in world.workspace.events(dataset="988")]
    assert kinds == [None, "RETRACTION"]


def test_what_comes_before_its_order_waits_and_keeps_nobody_waiting(world: World) -> None:
    world.take(refund("r1", 30))
    world.take(cancellation())
    world.take(message(order_no="2", replaces_order_no="1", totals={"gross": 80}))
    world.deliver()
    assert verdicts(world, "google") == []
    assert set(world.ends().values()) == {("held", None)}
    world.take(message())
    world.settle_down()
    assert world.values("google") == {"1": 50}
    assert {state for state, _ in world.ends().values()} == {"processed"}


def test_an_order_that_google_lost_does_not_restore_its_value_when_it_goes_again(
    world: World,
) -> None:
    world.take(message())
    world.workspace.fault("processing_error", times=1)
    world.deliver()
    world.take(refund("r1", 30))
    world.settle_down()
    assert world.values("google") == {"1": 70}
    assert verdicts(world, "google")[:2] == ["rejected", "counted"]
    assert world.workspace.counted(dataset="987")[0]["value"] == 70


def test_orders_older_than_54_days_are_not_adjusted_at_google_ads(world: World) -> None:
    placed = START - timedelta(days=53)
    world.take(message(placed_at=placed.isoformat()))
    world.settle_down()
    world.wait(days=1)
    world.take(refund("r1", 30, placed_at=world.dial().isoformat()))
    world.settle_down()
    assert world.ends("google-ads")["r1"] == ("skipped", "too_old_for_platform")
    assert world.ends("google")["r1"] == ("processed", None)


def test_a_young_action_is_adjusted_six_hours_later(world: World) -> None:
    world.take(message())
    world.settle_down()
    created = (world.dial() - timedelta(hours=1)).timestamp()
    world.workspace.settings(google_actions={"987": {}, "988": {"created_at": created}})
    world.take(refund("r1", 30))
    world.deliver()
    world.wait(seconds=2)
    world.deliver()
    waits = "google_ads:TOO_RECENT_CONVERSION_ACTION"
    assert world.ends("google-ads")["r1"] == ("pending", waits)
    world.settle_down()
    assert world.values("google-ads") == {"1": 70}


def test_a_restatement_that_somebody_overtook_goes_again_with_a_new_time(world: World) -> None:
    world.take(message())
    world.settle_down()
    world.take(refund("r1", 30))
    world.deliver()
    world.wait(seconds=2)
    overtaken = "MORE_RECENT_RESTATEMENT_FOUND"
    world.workspace.fault(
        "platform_rejects", error=overtaken, match={"api": "google_ads_adjustments"}
    )
    world.deliver()
    assert world.ends("google-ads")["r1"] == ("pending", f"google_ads:{overtaken}")
    world.settle_down()
    assert world.values("google-ads") == {"1": 70}


def test_hashes_enhance_what_the_sites_tag_has_counted(mock_platform: MockServer) -> None:
    with open_world(mock_platform.url, DATA_MANAGER, GOOGLE_ADS | {"counted_by": "tag"}) as world:
        world.take(message())
        world.deliver()
        waits = "google_ads:CONVERSION_NOT_FOUND"
        assert world.ends("google-ads")["1"] == ("pending", waits)
        _count_as_the_tag_does(world)
        world.settle_down()
        world.take(refund("r1", 30))
        world.settle_down()
        assert world.values("google-ads") == {"1": 70}
        names = [one["event_name"] for one in world.workspace.events(dataset="988")]
        assert names == ["ENHANCEMENT", None, "ENHANCEMENT", "RESTATEMENT"]


def _count_as_the_tag_does(world: World) -> None:
    url = f"{world.workspace.url}/v26/customers/1234567890:uploadClickConversions"
    row = {
        "conversionAction": "customers/1234567890/conversionActions/988",
        "conversionDateTime": "2026-11-22 11:00:00+00:00",
        "orderId": "1",
        "conversionValue": 100,
        "currencyCode": "USD",
        "gclid": "CjwKCAjw-an-example-of-a-click-id",
    }
    answer = requests.post(
        url,
        json={"conversions": [row], "partialFailure": True},
        headers={"Authorization": "Bearer mock-token"},
        timeout=10,
    )
    assert answer.json()["results"] != [{}]


@pytest.mark.parametrize("event", [None, "Refund"])
def test_meta_is_told_of_a_refund_only_where_an_event_is_named(
    mock_platform: MockServer, event: str | None
) -> None:
    settings: dict[str, Any] = META | {"adjustment_event": event}
    with open_world(mock_platform.url, settings) as world:
        world.take(refund("r1", 30))
        world.take(message())
        world.settle_down()
        told = [one["event_name"] for one in world.workspace.counted()]
        assert told == (["Purchase", "Refund"] if event else ["Purchase"])
        end = ("accepted", None) if event else ("skipped", "kind_not_routed")
        assert world.ends("meta")["r1"] == end


def test_a_refund_of_a_shopper_nobody_asked_brings_no_identity_of_its_own(world: World) -> None:
    germany = {"billing_address": {"country": "DE"}, "customer": {"email": "jane@example.com"}}
    world.take(message(**germany, consent={"ad_user_data": "denied"}))
    world.take(refund("r1", 30, **germany))
    with world.installation.queries.snapshot() as snapshot:
        assert not any(order.sealed for order in snapshot.orders)
    world.settle_down()
    assert world.ends()["r1"] == ("skipped", "order_not_sent")
    stored = b"".join(
        path.read_bytes() for path in world.installation.settings.data_dir.glob("*sqlite3*")
    )
    assert b'"email"' not in stored
