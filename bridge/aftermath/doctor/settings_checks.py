"""What the settings alone tell: nothing is read, asked or stored."""

from collections.abc import Iterator

from bridge.aftermath.doctor.finding import Finding, advice, fine, problem
from bridge.operate.consent import ConsentPolicy, Meaning, wider
from bridge.operate.destinations import Destination, Site
from bridge.operate.google_ads_destination import GoogleAdsDestination
from bridge.operate.google_destination import GoogleDestination
from bridge.operate.meta_destination import MetaDestination
from bridge.operate.settings import AnyDestination, Settings

META_STORE_DAYS_CERTAIN = 7
"""Meta's pages name 62 days for store events in one place and 7 in another."""


def check_settings(settings: Settings) -> Iterator[Finding]:
    """Everything that needs no more than the settings, sites first."""
    enabled = settings.enabled_destinations
    if not enabled:
        yield problem(
            "settings", "destinations", "No destination is enabled.", "Set enabled = true on one."
        )
    for destination in settings.destinations:
        if not destination.enabled:
            yield advice(
                destination.id, "enabled", "It is switched off.", "Set enabled = true when ready."
            )
    yield from _shared_templates(settings)
    yield from _unknown_sites(settings)
    for destination in enabled:
        yield from check_consent(destination)
        yield from check_windows(destination)
        yield from _test_code(destination)


def target(destination: AnyDestination) -> tuple[str, ...]:
    """Where events with equal ids are taken for one and the same: host, account, dataset."""
    if isinstance(destination, MetaDestination):
        return (destination.base_url, destination.dataset)
    if isinstance(destination, GoogleDestination):
        account = destination.operating_account
        return (destination.base_url, account, destination.conversion_action)
    assert isinstance(destination, GoogleAdsDestination)  # noqa: S101  # the union has no fourth
    return (destination.base_url, destination.customer_id, destination.conversion_action)


def _shared_templates(settings: Settings) -> Iterator[Finding]:
    """Two sites with order numbers of their own would overwrite each other's conversions."""
    sites_of: dict[tuple[str, ...], dict[str, Site]] = {}
    names_of: dict[tuple[str, ...], list[str]] = {}
    for destination in settings.enabled_destinations:
        where = target(destination)
        names_of.setdefault(where, []).append(destination.id)
        for site in settings.sites:
            wanted = destination.routes.sites
            if site.enabled and (not wanted or site.id in wanted):
                sites_of.setdefault(where, {})[site.id] = site
    for where, names in names_of.items():
        sites = sites_of.get(where, {}).values()
        bare = sorted(site.id for site in sites if "{site_id}" not in site.event_id)
        subject = ", ".join(names)
        if len(sites) > 1 and bare:
            yield advice(
                subject,
                "event_id",
                f"Sites share it, and event ids of {', '.join(bare)} do not name the site: equal"
                " order numbers would count once.",
                'Set event_id = "{site_id}-{order_no}" there and in the storefront\'s tags, or make'
                " sure that order numbers never meet.",
            )
        else:
            yield fine(subject, "event_id", "Event ids of different sites cannot meet.")


def _unknown_sites(settings: Settings) -> Iterator[Finding]:
    known = {site.id for site in settings.sites if site.enabled}
    for destination in settings.enabled_destinations:
        missing = sorted(destination.routes.sites - known)
        if missing:
            yield problem(
                destination.id,
                "routes",
                f"Routes name sites that are not there or switched off: {', '.join(missing)}.",
                "Correct routes.sites, or add the site.",
            )


def check_consent(destination: Destination) -> Iterator[Finding]:
    """Whether the policy is at least as careful as the default one."""
    usual = dict(_cells(ConsentPolicy(), destination.consent))
    mildest = list(Meaning)
    loose = [
        f"{purpose} {answer} in {region} means {meaning}"
        for (region, purpose, answer), meaning in _cells(destination.consent, destination.consent)
        if mildest.index(meaning) < mildest.index(usual[region, purpose, answer])
    ]
    if loose:
        yield advice(
            destination.id,
            "consent",
            f"The policy is looser than the default: {'; '.join(loose)}.",
            "Have whoever answers for privacy confirm [destinations.consent.regions].",
        )
    else:
        yield fine(destination.id, "consent", "The policy is at least as careful as the default.")


def _cells(
    policy: ConsentPolicy, regions: ConsentPolicy
) -> Iterator[tuple[tuple[str, str, str], Meaning]]:
    """Answer what a policy means in each region that `regions` has a row for."""
    for region, purpose, told in regions.rows:
        for answer in told:
            yield (region, purpose, answer), policy.meaning(wider(region), purpose, answer)


def check_windows(destination: Destination) -> Iterator[Finding]:
    """How old events may be, and where that rests on a disputed figure."""
    days, store_days = destination.max_age_days, destination.store_max_age_days
    if isinstance(destination, MetaDestination) and store_days > META_STORE_DAYS_CERTAIN:
        yield advice(
            destination.id,
            "windows",
            f"Store events may be {store_days} days old; one of Meta's pages says"
            f" {META_STORE_DAYS_CERTAIN}.",
            "Watch for rejected old store events; store_max_age_days = 7 is certain.",
        )
    else:
        yield fine(
            destination.id, "windows", f"Events may be {days} days old, in stores {store_days}."
        )


def _test_code(destination: AnyDestination) -> Iterator[Finding]:
    code = destination.test_event_code if isinstance(destination, MetaDestination) else None
    if code and destination.live:
        yield advice(
            destination.id,
            "test_event_code",
            "Every event goes to Test events.",
            "Take test_event_code away when all is well.",
        )
