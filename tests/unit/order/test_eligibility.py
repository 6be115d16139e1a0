"""Which destination may know of an order, and why not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bridge.operate.destinations import Destination, Site
from bridge.order.eligibility import SkipReason, permission, skip_reason
from bridge.order.model import Facts
from bridge.order.parse import parse
from bridge.order.plan import plan

MakeOrder = Callable[..., dict[str, Any]]
MakeDestination = Callable[..., Destination]


@pytest.fixture
def facts(make_order: MakeOrder, site: Site) -> Callable[..., Facts]:
    return lambda *args, **changes: parse(make_order(*args, **changes), site).facts


@pytest.mark.parametrize(
    ("routes", "reason"),
    [
        ({}, None),
        ({"sites": ["RefArch"]}, None),
        ({"sites": ["Other"]}, SkipReason.SITE_NOT_ROUTED),
        ({"countries": ["US"]}, None),
        ({"countries": ["DE"]}, SkipReason.COUNTRY_NOT_ROUTED),
        ({"currencies": ["EUR"]}, SkipReason.CURRENCY_NOT_ROUTED),
        ({"channels": ["store"]}, SkipReason.CHANNEL_NOT_ROUTED),
        ({"kinds": ["lead"]}, SkipReason.KIND_NOT_ROUTED),
        ({"stores": ["0007"]}, SkipReason.STORE_NOT_ROUTED),
    ],
)
def test_routes_decide_what_a_destination_wants(
    facts: Callable[..., Facts],
    make_destination: MakeDestination,
    now: datetime,
    routes: dict[str, Any],
    reason: SkipReason | None,
) -> None:
    assert skip_reason(facts(), make_destination(routes=routes), now) is reason


@pytest.mark.parametrize(
    "routes",
    [{"channels": ["store"]}, {"countries": ["DE"]}, {"currencies": ["EUR"]}, {"stores": ["7"]}],
)
def test_what_was_decided_for_an_order_is_not_asked_of_its_refund(
    facts: Callable[..., Facts],
    make_google_ads: MakeDestination,
    now: datetime,
    routes: dict[str, Any],
) -> None:
    destination = make_google_ads(routes=routes)
    refund = facts("refund", placed_at=now.isoformat(), **{"billing_address.country": "FR"})
    assert skip_reason(refund, destination, now) is None
    edited = facts(replaces_order_no="1", placed_at=now.isoformat(), consent=None)
    assert skip_reason(edited, destination, now) is None


@pytest.mark.parametrize(
    ("changes", "routes", "reason"),
    [
        ({"consent": {"ad_user_data": "denied"}}, {}, SkipReason.CONSENT_DENIED),
        ({}, {"kinds": ["order"]}, SkipReason.KIND_NOT_ROUTED),
        ({}, {"sites": ["Other"]}, SkipReason.SITE_NOT_ROUTED),
        ({"placed_at": "2026-10-01T00:00:00Z"}, {}, SkipReason.TOO_OLD),
    ],
)
def test_a_refund_is_not_sent_where_it_says_no_itself_or_nobody_asks_for_it(
    facts: Callable[..., Facts],
    make_google_ads: MakeDestination,
    now: datetime,
    changes: dict[str, Any],
    routes: dict[str, Any],
    reason: SkipReason,
) -> None:
    placed = {"placed_at": now.isoformat()} | changes
    assert skip_reason(facts("refund", **placed), make_google_ads(routes=routes), now) is reason


def test_metas_purchases_are_not_corrected(
    facts: Callable[..., Facts], make_destination: MakeDestination, now: datetime
) -> None:
    edited = facts(replaces_order_no="1")
    assert skip_reason(edited, make_destination(), now) is SkipReason.REPLACES_ANOTHER
    own = facts(replaces_order_no="00012345")
    assert skip_reason(own, make_destination(), now) is None


@pytest.mark.parametrize("kinds", [None, [], ["order", "refund", "cancellation"]])
@pytest.mark.parametrize("event", [None, "Refund"])
def test_meta_is_told_of_refunds_only_by_an_event_that_is_named(
    facts: Callable[..., Facts],
    make_destination: MakeDestination,
    now: datetime,
    kinds: list[str] | None,
    event: str | None,
) -> None:
    routes = {} if kinds is None else {"kinds": kinds}
    destination = make_destination(routes=routes, adjustment_event=event)
    refund = facts("refund", placed_at=now.isoformat())
    expected = None if event else SkipReason.KIND_NOT_ROUTED
    assert skip_reason(refund, destination, now) is expected


@pytest.mark.parametrize("kind", ["cancellation", "refund"])
def test_adjustments_are_skipped_where_no_route_wants_them(
    facts: Callable[..., Facts], make_destination: MakeDestination, now: datetime, kind: str
) -> None:
    assert skip_reason(facts(kind), make_destination(), now) is SkipReason.KIND_NOT_ROUTED


@pytest.mark.parametrize(
    ("country", "answer", "reason"),
    [
        ("US", "granted", None),
        ("US", "unknown", None),
        ("US", None, None),
        ("US", "denied", SkipReason.CONSENT_DENIED),
        ("DE", "granted", None),
        ("DE", "unknown", SkipReason.CONSENT_UNKNOWN),
        ("DE", None, SkipReason.CONSENT_UNKNOWN),
        ("GB", "unknown", SkipReason.CONSENT_UNKNOWN),
        ("GP", "unknown", SkipReason.CONSENT_UNKNOWN),
        ("uk", "unknown", SkipReason.CONSENT_UNKNOWN),
        ("Switzerland", "unknown", SkipReason.CONSENT_UNKNOWN),
        ("NO", "unknown", SkipReason.CONSENT_UNKNOWN),
        (None, "unknown", SkipReason.CONSENT_UNKNOWN),
        ("DE", "denied", SkipReason.CONSENT_DENIED),
    ],
)
def test_unasked_counts_as_no_in_the_eea_the_uk_and_switzerland(
    facts: Callable[..., Facts],
    make_destination: MakeDestination,
    now: datetime,
    country: str | None,
    answer: str | None,
    reason: SkipReason | None,
) -> None:
    changes = {
        "billing_address": {"country": country},
        "shipping_address": None,
        "consent": {"ad_user_data": answer},
    }

    assert skip_reason(facts(**changes), make_destination(), now) is reason


def test_region_is_billing_else_shipping_else_the_sites_default(
    make_order: MakeOrder, site: Site
) -> None:
    def region(billing: str | None, shipping: str | None) -> str | None:
        addresses = {"billing_address": {"country": billing}, "shipping_address": None}
        if shipping:
            addresses["shipping_address"] = {"country": shipping}
        home = site.model_copy(update={"default_country": "JP"})
        return parse(make_order(**addresses), home).facts.region

    assert region("Germany", "US") == "DE"
    assert region("Atlantis", "US") == "US"
    assert region("n/a", "US") == "US"  # not Namibia
    assert region(None, None) == "JP"
    assert region("Atlantis", None) is None, "a country nobody can read is not the site's own"


def test_test_orders_never_reach_a_live_destination(
    facts: Callable[..., Facts], make_destination: MakeDestination, now: datetime
) -> None:
    live = make_destination(live=True, token="env:TOKEN", base_url="https://graph.facebook.com")

    for instance in ("sandbox", "staging", "development"):
        assert skip_reason(facts(instance=instance), live, now) is SkipReason.NON_PRODUCTION
        assert skip_reason(facts(instance=instance), make_destination(), now) is None
    assert skip_reason(facts(instance="production"), live, now) is None


@pytest.mark.parametrize(
    ("channel", "days"), [("storefront", 7), ("call_center", 7), ("store", 62), ("dss", 62)]
)
def test_an_order_is_too_old_once_its_platforms_window_closes(
    facts: Callable[..., Facts], make_destination: MakeDestination, channel: str, days: int
) -> None:
    order = facts(channel=channel)
    closes = order.placed_at + timedelta(days=days) - timedelta(minutes=5)

    assert skip_reason(order, make_destination(), closes - timedelta(seconds=1)) is None
    assert skip_reason(order, make_destination(), closes) is SkipReason.TOO_OLD


def test_order_from_the_future_waits_for_its_own_time(
    facts: Callable[..., Facts], make_destination: MakeDestination
) -> None:
    order = facts()
    skew = timedelta(seconds=30)

    def waits_until(ahead: timedelta) -> datetime:
        now = order.placed_at - ahead
        return plan(order, [make_destination()], now, skew)[0].not_before - now + order.placed_at

    assert waits_until(timedelta(hours=2)) == order.placed_at + timedelta(hours=2)
    assert waits_until(timedelta(seconds=30)) == order.placed_at


def test_permission_resolves_unknown_by_region(
    facts: Callable[..., Facts], make_destination: MakeDestination
) -> None:
    policy = make_destination().consent

    american = permission(facts(consent=None), policy)
    german = permission(facts(consent=None, billing_address={"country": "DE"}), policy)

    assert (american.storage, american.personalization) == (True, True)
    assert (german.storage, german.personalization) == (False, False)
