"""What each platform is sent of a refund, a cancellation or an edited order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest

from bridge.events.event import PlatformEvent, Unsendable
from bridge.operate.google_destination import GoogleDestination
from bridge.order.eligibility import SkipReason

Make = Callable[..., Any]


@pytest.fixture
def google() -> GoogleDestination:
    return GoogleDestination.model_validate(
        {
            "id": "google",
            "platform": "google_data_manager",
            "operating_account": "1234567890",
            "conversion_action": "2",
            "credentials": "plain:token",
            "base_url": "http://127.0.0.1:9",
            "enabled": True,
        }
    )


@pytest.fixture
def sent(build_related: Make) -> Make:
    """The event of a message beside others, as JSON."""

    def event_of(*messages: dict[str, Any], destination: Any) -> dict[str, Any]:
        built = build_related(*messages, destination=destination)
        assert isinstance(built, PlatformEvent), built
        return dict(orjson.loads(built.body))

    return event_of


def test_data_manager_gets_the_order_again_with_what_is_left(
    sent: Make, make_order: Make, google: Any
) -> None:
    order, refund = make_order(), make_order("refund", placed_at="2026-11-22T15:00:00Z")
    alone = sent(order, destination=google)
    restated = sent(refund, order, destination=google)
    assert restated["conversionValue"] == round(alone["conversionValue"] - 25.99, 2)
    assert restated["lastUpdatedTimestamp"] == "2026-11-22T15:00:00Z"
    for member in ("transactionId", "eventTimestamp", "eventSource", "currency"):
        assert restated[member] == alone[member]


def test_an_order_and_its_refund_become_the_same_event_at_the_data_manager(
    sent: Make, make_order: Make, google: Any
) -> None:
    order, refund = make_order(touches=[], browser=None), make_order("refund")
    order["billing_address"] = order["shipping_address"] = {"country": "US"}
    assert sent(order, refund, destination=google) == sent(refund, order, destination=google)


def test_a_cancelled_order_is_worth_nothing_and_counted_still(
    sent: Make, make_order: Make, google: Any
) -> None:
    order, cancellation = make_order(), make_order("cancellation")
    assert sent(cancellation, order, destination=google)["conversionValue"] == 0
    assert sent(order, cancellation, destination=google)["conversionValue"] == 0


def test_a_refund_brings_its_own_identity_where_the_order_has_none_left(
    sent: Make, build_related: Make, make_order: Make, google: Any
) -> None:
    nobody = {"customer": None, "billing_address": {"country": "US"}, "shipping_address": None}
    order = make_order(**nobody, hashed=None)
    silent = make_order("refund")
    assert build_related(silent, order, destination=google) == Unsendable(
        reason=SkipReason.NO_IDENTIFIERS
    )
    consent = {"ad_user_data": "granted"}
    known = make_order("refund", customer={"email": "jane@example.com"}, consent=consent)
    assert sent(known, order, destination=google)["userData"]["userIdentifiers"]


@pytest.mark.parametrize("name", ["google", "google_ads"])
def test_what_google_cannot_adjust_any_more_is_not_sent(
    build_related: Make, make_order: Make, make_google_ads: Make, google: Any, now: Any, name: str
) -> None:
    destination = google if name == "google" else make_google_ads()
    days = destination.adjustable_days
    for age, expected in ((days, SkipReason.TOO_OLD), (days - 1, None)):
        order = make_order(placed_at=(now - timedelta(days=age)).isoformat())
        built = build_related(make_order("refund"), order, destination=destination)
        assert getattr(built, "reason", None) is expected


@pytest.mark.parametrize("name", ["google", "google_ads"])
def test_a_refund_in_another_currency_is_not_sent(
    build_related: Make, make_order: Make, make_google_ads: Make, google: Any, name: str
) -> None:
    destination = google if name == "google" else make_google_ads()
    built = build_related(
        make_order("refund", currency="EUR"), make_order(), destination=destination
    )
    assert built == Unsendable(reason=SkipReason.CURRENCY_DIFFERS)


def test_what_adjusts_an_unknown_order_is_not_sent(
    build_related: Make, make_order: Make, google: Any
) -> None:
    built = build_related(make_order("refund"), destination=google)
    assert built == Unsendable(reason=SkipReason.ORDER_NOT_SENT)


def test_a_lead_that_names_an_order_stays_a_conversion_of_its_own(
    sent: Make, make_order: Make, google: Any
) -> None:
    lead = make_order("lead", order_no="00012345")
    assert sent(lead, make_order(), destination=google)["transactionId"] == lead["reference"]


def test_refunds_that_a_destination_does_not_want_leave_its_orders_alone(
    sent: Make, make_order: Make, google: Any
) -> None:
    routes = google.routes.model_copy(update={"kinds": frozenset({"order"})})
    deaf = google.model_copy(update={"routes": routes})
    order, refund = make_order(), make_order("refund")
    assert sent(order, refund, destination=deaf) == sent(order, destination=deaf)


def test_a_test_refund_takes_nothing_from_an_order_at_a_live_destination(
    sent: Make, make_order: Make, google: Any
) -> None:
    live = google.model_copy(update={"live": True, "credentials": "env:TOKEN"})
    order, refund = make_order(), make_order("refund", instance="sandbox")
    assert sent(order, refund, destination=live) == sent(order, destination=live)


def test_a_refund_that_may_not_be_told_takes_nothing_from_its_order_either(
    sent: Make, make_order: Make, google: Any
) -> None:
    refused = {"ad_storage": "denied", "ad_user_data": "denied", "ad_personalization": "denied"}
    order, refund = make_order(), make_order("refund", consent=refused)
    assert sent(order, refund, destination=google) == sent(order, destination=google)


def test_google_ads_restates_by_order_id_at_the_time_of_the_claim(
    sent: Make, make_order: Make, make_google_ads: Make
) -> None:
    order, refund = make_order(), make_order("refund")
    assert sent(refund, order, destination=make_google_ads()) == {
        "adjustmentType": "RESTATEMENT",
        "conversionAction": "customers/1234567890/conversionActions/987",
        "adjustmentDateTime": "2026-11-22 19:00:00+00:00",
        "orderId": "00012345",
        "restatementValue": {
            "adjustedValue": round(order["totals"]["gross"] - 25.99, 2),
            "currencyCode": "USD",
        },
    }


@pytest.mark.parametrize("example", ["cancellation", "refund-of-everything"])
def test_google_ads_retracts_what_nothing_is_left_of(
    sent: Make, make_order: Make, make_google_ads: Make, example: str
) -> None:
    row = sent(make_order(example), make_order(), destination=make_google_ads())
    assert row["adjustmentType"] == "RETRACTION"
    assert "restatementValue" not in row


def test_google_ads_enhances_what_the_tag_has_counted(
    sent: Make, build_related: Make, make_order: Make, make_google_ads: Make
) -> None:
    destination = make_google_ads(counted_by="tag")
    row = sent(make_order(), destination=destination)
    assert row["adjustmentType"] == "ENHANCEMENT"
    assert row["orderId"] == "00012345"
    assert 1 <= len(row["userIdentifiers"]) <= 5
    assert {"conversionValue", "gclid", "restatementValue"}.isdisjoint(row)
    refund = sent(make_order("refund"), make_order(), destination=destination)
    assert refund["adjustmentType"] == "RESTATEMENT"
    nobody = make_order(customer=None, hashed=None, billing_address=None, shipping_address=None)
    nobody["consent"]["ad_user_data"] = "granted"
    nobody["billing_address"] = {"country": "US"}
    assert build_related(nobody, destination=destination) == Unsendable(
        reason=SkipReason.NO_IDENTIFIERS
    )


def test_meta_is_told_by_a_custom_event_tied_to_its_purchase(
    sent: Make, make_order: Make, make_destination: Make
) -> None:
    destination = make_destination(adjustment_event="Refund")
    order = make_order()
    refund = make_order("refund", placed_at="2026-11-22T15:00:00Z")
    event = sent(refund, order, destination=destination)
    purchase = sent(order, refund, destination=destination)
    assert event.pop("user_data")["em"] == purchase["user_data"]["em"]
    assert event == {
        "event_name": "Refund",
        "event_time": 1795359600,
        "event_id": "REFUND-00012345-1",
        "action_source": "system_generated",
        "custom_data": {"value": 25.99, "currency": "USD", "order_id": "00012345"},
        "original_event_data": {
            "event_name": "Purchase",
            "event_time": purchase["event_time"],
            "order_id": "00012345",
            "event_id": purchase["event_id"],
        },
        **{name: purchase[name] for name in purchase if name == "opt_out"},
        **{name: purchase[name] for name in purchase if name.startswith("data_processing")},
    }


def test_metas_purchase_stays_as_it_was_and_a_cancellation_gives_all_of_it_back(
    sent: Make, make_order: Make, make_destination: Make
) -> None:
    destination = make_destination(adjustment_event="Refund")
    order, refund, cancellation = (make_order(name) for name in ("full", "refund", "cancellation"))
    purchase = sent(order, refund, cancellation, destination=destination)
    assert purchase == sent(order, destination=destination)
    event = sent(cancellation, refund, order, destination=destination)
    assert event["custom_data"]["value"] == purchase["custom_data"]["value"]
