"""What the doctor reads out of the settings alone."""

from collections.abc import Callable
from typing import Any

import pytest

from bridge.aftermath.doctor.finding import Finding, Level
from bridge.aftermath.doctor.settings_checks import check_settings
from bridge.aftermath.doctor.skips import SKIPS, skips
from bridge.operate.destinations import Site
from bridge.operate.meta_destination import MetaDestination
from bridge.operate.settings import Settings
from bridge.order.eligibility import CHECKS, SkipReason

MakeDestination = Callable[..., MetaDestination]
SECRETS = ("plain:whsec_c2VjcmV0c2VjcmV0c2VjcmV0",)


def settings(*destinations: Any, sites: dict[str, str] | None = None) -> Settings:
    templates = {"A": "{order_no}"} if sites is None else sites
    return Settings(
        sites=tuple(
            Site(id=site, secrets=SECRETS, event_id=template)
            for site, template in templates.items()
        ),
        destinations=destinations,
    )


def about(check: str, checked: Settings) -> list[Finding]:
    return [one for one in check_settings(checked) if one.check == check]


@pytest.mark.parametrize(
    ("sites", "level"),
    [
        ({"A": "{order_no}"}, Level.FINE),
        ({"A": "{order_no}", "B": "{order_no}"}, Level.ADVICE),
        ({"A": "{site_id}-{order_no}", "B": "{order_no}"}, Level.ADVICE),
        ({"A": "{site_id}-{order_no}", "B": "{site_id}-{order_no}"}, Level.FINE),
    ],
)
def test_sites_that_share_a_dataset_need_event_ids_of_their_own(
    make_destination: MakeDestination, sites: dict[str, str], level: Level
) -> None:
    (found,) = about("event_id", settings(make_destination(), sites=sites))

    assert found.level is level


def test_two_destinations_at_one_dataset_count_as_shared(make_destination: MakeDestination) -> None:
    """Each has a site of its own, and yet their events meet."""
    both = [make_destination(id=site.lower(), routes={"sites": [site]}) for site in ("A", "B")]
    sites = {"A": "{order_no}", "B": "{order_no}"}

    (shared,) = about("event_id", settings(*both, sites=sites))
    apart = [both[0], both[1].model_copy(update={"dataset": "2"})]

    assert (shared.level, shared.subject) == (Level.ADVICE, "a, b")
    assert {one.level for one in about("event_id", settings(*apart, sites=sites))} == {Level.FINE}


@pytest.mark.parametrize(
    "consent",
    [
        {"regions": {"*": {"ad_user_data": {"denied": "send"}}}},
        {"regions": {"FR": {"ad_user_data": {"unknown": "send"}}}},
        {"regions": {"unknown": {"ad_storage": {"unknown": "send"}}}},
    ],
)
def test_a_policy_looser_than_the_default_is_pointed_out(
    make_destination: MakeDestination, consent: dict[str, Any]
) -> None:
    (loose,) = about("consent", settings(make_destination(consent=consent)))
    (usual,) = about("consent", settings(make_destination()))

    assert (loose.level, usual.level) == (Level.ADVICE, Level.FINE)


def test_the_disputed_window_of_store_events_is_named(make_destination: MakeDestination) -> None:
    (disputed,) = about("windows", settings(make_destination()))
    (certain,) = about("windows", settings(make_destination(store_max_age_days=7)))

    assert (disputed.level, certain.level) == (Level.ADVICE, Level.FINE)


def test_routes_to_sites_nobody_has_are_a_problem(make_destination: MakeDestination) -> None:
    (found,) = about("routes", settings(make_destination(routes={"sites": ["A", "Typo"]})))

    assert found.level is Level.PROBLEM
    assert "Typo" in found.message


def test_nothing_enabled_is_a_problem(make_destination: MakeDestination) -> None:
    found = list(check_settings(settings(make_destination(enabled=False))))

    assert [(one.check, one.level) for one in found] == [
        ("destinations", Level.PROBLEM),
        ("enabled", Level.ADVICE),
    ]


def test_a_test_code_on_a_live_destination_is_remembered(make_destination: MakeDestination) -> None:
    live = make_destination(live=True, test_event_code="TEST1", token="env:TOKEN")

    (found,) = about("test_event_code", settings(live, sites={}))

    assert found.level is Level.ADVICE


def test_every_reason_to_skip_by_settings_is_told(make_destination: MakeDestination) -> None:
    narrow = make_destination(
        live=True,
        token="env:TOKEN",
        routes={
            "sites": ["A"],
            "countries": ["US"],
            "currencies": ["USD"],
            "channels": ["store"],
            "stores": ["0042"],
        },
        consent={"regions": {"RE": {"ad_user_data": {"granted": "skip"}}}},
    )

    told = list(skips([narrow]))

    assert list(SKIPS) == [reason for reason, _ in CHECKS]
    assert [one.reason for one in told] == list(SKIPS)
    orders = [one.orders for one in told]
    assert "countries other than US" in orders
    assert "shoppers never asked for ad_user_data in CH, EEA, RE, UK, unknown" in orders
    assert "shoppers who denied ad_user_data" in orders


def test_what_skips_nothing_is_not_told(make_destination: MakeDestination) -> None:
    asked_nowhere = dict.fromkeys(("unknown", "denied"), "send")
    everywhere = ("*", "unknown", "EEA", "UK", "CH")
    table = {one: {"ad_user_data": asked_nowhere} for one in everywhere}
    wide = make_destination(consent={"regions": table})

    reasons = {one.reason for one in skips([wide])}

    assert reasons == {
        SkipReason.KIND_NOT_ROUTED,
        SkipReason.REPLACES_ANOTHER,
        SkipReason.TOO_OLD,
    }
