"""Which orders a destination will not be sent, and why: its settings in words."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bridge.operate.consent import ANYWHERE, Meaning
from bridge.operate.destinations import Destination
from bridge.order.eligibility import SkipReason
from bridge.order.model import ConsentState, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """Orders of a kind that end as skipped at a destination, with the reason they will show."""

    destination: str
    reason: SkipReason
    orders: str


Words = Callable[[Destination], str | None]


def _but(what: str, wanted: Iterable[str]) -> str | None:
    names = sorted(wanted)
    return f"{what} other than {', '.join(names)}" if names else None


def _consent(answer: ConsentState, what: str) -> Words:
    """Answer in words where and for what purposes an answer keeps orders away."""

    def words(destination: Destination) -> str | None:
        regions: dict[str, list[str]] = {}
        for region, purpose, told in destination.consent.rows:
            if told[answer] is Meaning.SKIP:
                regions.setdefault(purpose, []).append(region)
        places = (
            f"{purpose} in {', '.join(found)}" if ANYWHERE not in found else purpose
            for purpose, found in regions.items()
        )
        return f"shoppers {what} {'; '.join(places)}" if regions else None

    return words


# In the order of eligibility.CHECKS; None where a destination skips nothing for that reason.
SKIPS: dict[SkipReason, Words] = {
    SkipReason.NON_PRODUCTION: lambda one: (
        "orders of sandbox, development and staging instances" if one.live else None
    ),
    SkipReason.KIND_NOT_ROUTED: lambda one: (
        _but("kinds", one.wanted_kinds) if one.wanted_kinds != frozenset(Kind) else None
    ),
    SkipReason.REPLACES_ANOTHER: lambda one: (
        None if one.restates else "orders edited from others, which are no new purchases"
    ),
    SkipReason.SITE_NOT_ROUTED: lambda one: _but("sites", one.routes.sites),
    SkipReason.CHANNEL_NOT_ROUTED: lambda one: _but("channels", one.routes.channels),
    SkipReason.COUNTRY_NOT_ROUTED: lambda one: _but("countries", one.routes.countries),
    SkipReason.CURRENCY_NOT_ROUTED: lambda one: _but("currencies", one.routes.currencies),
    SkipReason.STORE_NOT_ROUTED: lambda one: _but("stores", one.routes.stores),
    SkipReason.CONSENT_DENIED: _consent(ConsentState.DENIED, "who denied"),
    SkipReason.CONSENT_UNKNOWN: _consent(ConsentState.UNKNOWN, "never asked for"),
    SkipReason.REGION_EXCLUDED: _consent(ConsentState.GRANTED, "even who granted"),
    SkipReason.TOO_OLD: lambda one: (
        f"orders more than {one.max_age_days} days old, in stores {one.store_max_age_days}"
    ),
}


def skips(destinations: Iterable[Destination]) -> Iterator[Skip]:
    """Every kind of order that each destination skips by its settings."""
    for destination in destinations:
        for reason, words in SKIPS.items():
            orders = words(destination)
            if orders is not None:
                yield Skip(destination=destination.id, reason=reason, orders=orders)
