"""What changes a conversion, as one adjustment of the Google Ads API.

A conversion we uploaded carries its order id, so that is what every adjustment names it by.
"""

from typing import Any

import orjson

from bridge.events.amounts import number
from bridge.events.event import Built, PlatformEvent, Pseudonym, Unsendable
from bridge.events.given_back import left_of
from bridge.events.google_adjustable import cannot_adjust
from bridge.events.google_ads_tables import HASHES, MOST_IDENTIFIERS
from bridge.events.google_user_data import hashed
from bridge.events.worth import Worth
from bridge.operate.google_ads_destination import GoogleAdsDestination
from bridge.order.eligibility import SkipReason


def restate(who: Pseudonym, destination: GoogleAdsDestination) -> Built:
    """Answer the conversion's new value, or its retraction where nothing is left.

    Its time is that of the claim: Google takes no restatement older than one it has.
    """
    left = left_of(who.purchase, destination.value)
    reason = cannot_adjust(who, destination) or (SkipReason.NO_VALUE if left is None else None)
    if left is None or reason is not None:
        return Unsendable(reason=reason or SkipReason.NO_VALUE)
    if not left.amount:
        return _event("RETRACTION", who, destination, {})
    return _event("RESTATEMENT", who, destination, {"restatementValue": _value(who, left)})


def enhance(who: Pseudonym, destination: GoogleAdsDestination) -> Built:
    """Answer the shopper's hashes for a conversion that the site's tag has counted."""
    shopper = user_identifiers(who, destination)
    if not shopper:
        return Unsendable(reason=SkipReason.NO_IDENTIFIERS)
    return _event("ENHANCEMENT", who, destination, {"userIdentifiers": shopper})


def user_identifiers(who: Pseudonym, destination: GoogleAdsDestination) -> list[dict[str, str]]:
    """Answer at most five hashes of the shopper's (Google Ads API: UserIdentifier)."""
    found = [
        identifier | {"userIdentifierSource": "FIRST_PARTY"}
        for identifier in hashed(who, destination, HASHES)
    ]
    return found[:MOST_IDENTIFIERS]


def action_of(destination: GoogleAdsDestination) -> str:
    """Answer the resource name of the conversion action."""
    account, action = destination.customer_id, destination.conversion_action
    return f"customers/{account}/conversionActions/{action}"


def _event(
    kind: str, who: Pseudonym, destination: GoogleAdsDestination, members: dict[str, Any]
) -> PlatformEvent:
    facts, at = who.facts, who.at or who.facts.placed_at
    row = {
        "adjustmentType": kind,
        "conversionAction": action_of(destination),
        "adjustmentDateTime": at.isoformat(" ", timespec="seconds"),
        "orderId": facts.event_id,
    }
    return PlatformEvent(
        event_name=kind.lower(),
        event_id=facts.event_id,
        event_time=facts.placed_at,
        body=orjson.dumps(row | members),
    )


def _value(who: Pseudonym, left: Worth) -> dict[str, Any]:
    currency = who.purchase.current.currency
    value: dict[str, Any] = {"adjustedValue": number(left.amount)}
    return value | ({"currencyCode": currency} if currency else {})
