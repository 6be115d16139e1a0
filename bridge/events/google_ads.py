"""One order as one click conversion of the Google Ads API, or as what adjusts one."""

from typing import Any

import orjson

from bridge.events.event import Built, Grouping, PlatformEvent, Pseudonym, Unsendable
from bridge.events.given_back import left_of
from bridge.events.google_ads_adjustment import action_of, enhance, restate, user_identifiers
from bridge.events.google_ads_tables import (
    CONSENTS,
    CUSTOMER_TYPES,
    ENVIRONMENTS,
    NOT_WITH_BRAID,
)
from bridge.events.google_cart import ads_cart_data
from bridge.events.google_custom import custom_values
from bridge.events.google_user_data import click_id, has_braid
from bridge.events.worth import money
from bridge.operate.google_ads_destination import GoogleAdsDestination
from bridge.order.eligibility import SkipReason
from bridge.order.model import Facts


def build(who: Pseudonym, destination: GoogleAdsDestination) -> Built:
    """Answer the conversion, or what adjusts one, or why Google would refuse it.

    Equal input gives equal bytes.
    """
    if who.adjusting is not None:
        return restate(who, destination)
    if destination.counted_by == "tag":
        return enhance(who, destination)
    return _conversion(who, destination)


def _conversion(who: Pseudonym, destination: GoogleAdsDestination) -> Built:
    facts, purchase = who.facts, who.purchase
    clicked = click_id(who, destination)
    shopper = user_identifiers(who, destination)
    if not clicked and not shopper:
        return Unsendable(reason=SkipReason.NO_IDENTIFIERS)
    left = left_of(purchase, destination.value)
    value, notes = money(left, purchase.current.currency, "conversionValue", "currencyCode")
    cart, of_cart = ads_cart_data(facts, destination)
    details = {
        "userIdentifiers": shopper,
        "cartData": cart,
        "customVariables": _custom_variables(facts, destination),
    }
    details = {name: members for name, members in details.items() if members}
    if has_braid(clicked):
        details, of_cart = {}, [NOT_WITH_BRAID[name] for name in details]
    return PlatformEvent(
        event_name=facts.key.kind,
        event_id=facts.event_id,
        event_time=facts.placed_at,
        body=orjson.dumps(_base(facts, destination) | value | clicked | details),
        notes=(*notes, *of_cart),
    )


def grouping(facts: Facts, destination: GoogleAdsDestination) -> Grouping:
    """Let all conversions of a destination share requests, and all adjustments."""
    return Grouping(adjustments=facts.amends or destination.counted_by == "tag")


def _base(facts: Facts, destination: GoogleAdsDestination) -> dict[str, Any]:
    known: dict[str, Any] = {
        "conversionAction": action_of(destination),
        "conversionDateTime": facts.placed_at.isoformat(" ", timespec="seconds"),
        "orderId": facts.event_id,
        "conversionEnvironment": ENVIRONMENTS.get(facts.channel),
        "consent": _consent(facts),
        "customerType": _customer(facts, destination),
    }
    return {name: member for name, member in known.items() if member}


def _custom_variables(facts: Facts, destination: GoogleAdsDestination) -> list[dict[str, str]]:
    variables = f"customers/{destination.customer_id}/conversionCustomVariables"
    return [
        {"conversionCustomVariable": f"{variables}/{variable}", "value": value}
        for variable, value in custom_values(facts, destination.custom_variables)
    ]


def _consent(facts: Facts) -> dict[str, str]:
    answer = CONSENTS.get(facts.consent.ad_user_data)
    return {"adUserData": answer} if answer else {}


def _customer(facts: Facts, destination: GoogleAdsDestination) -> str | None:
    known = facts.new_customer
    return None if known is None or not destination.customer_type else CUSTOMER_TYPES[known]
