"""One order as one click conversion of the Google Ads API."""

from typing import Any

import orjson

from bridge.events.event import Built, Grouping, PlatformEvent, Pseudonym, Unsendable
from bridge.events.google_ads_tables import (
    CONSENTS,
    CUSTOMER_TYPES,
    ENVIRONMENTS,
    HASHES,
    MOST_IDENTIFIERS,
    NOT_WITH_BRAID,
)
from bridge.events.google_cart import ads_cart_data
from bridge.events.google_custom import custom_values
from bridge.events.google_tables import CONVERSIONS
from bridge.events.google_user_data import click_id, has_braid, hashed
from bridge.events.worth import money
from bridge.operate.google_ads_destination import GoogleAdsDestination
from bridge.order.eligibility import SkipReason
from bridge.order.model import Facts


def build(who: Pseudonym, destination: GoogleAdsDestination) -> Built:
    """Answer the conversion, or why Google would refuse it. Equal input gives equal bytes."""
    facts = who.facts
    if facts.key.kind not in CONVERSIONS:
        return Unsendable(reason=SkipReason.KIND_NOT_ROUTED)
    clicked = click_id(who, destination)
    shopper = _identifiers(who, destination)
    if not clicked and not shopper:
        return Unsendable(reason=SkipReason.NO_IDENTIFIERS)
    value, notes = money(facts, destination.value, "conversionValue", "currencyCode")
    cart, of_cart = ads_cart_data(facts, destination)
    details = {
        "userIdentifiers": shopper,
        "cartData": cart,
        "customVariables": _custom_variables(facts, destination),
    }
    details = {name: members for name, members in details.items() if members}
    if has_braid(who, destination):
        details, of_cart = {}, [NOT_WITH_BRAID[name] for name in details]
    return PlatformEvent(
        event_name=facts.key.kind,
        event_id=facts.event_id,
        event_time=facts.placed_at,
        body=orjson.dumps(_base(facts, destination) | value | clicked | details),
        notes=(*notes, *of_cart),
    )


def grouping(facts: Facts, destination: GoogleAdsDestination) -> Grouping:
    """Let all conversions of a destination share requests."""
    del facts, destination
    return Grouping()


def _base(facts: Facts, destination: GoogleAdsDestination) -> dict[str, Any]:
    account, action = destination.customer_id, destination.conversion_action
    known: dict[str, Any] = {
        "conversionAction": f"customers/{account}/conversionActions/{action}",
        "conversionDateTime": facts.placed_at.isoformat(" ", timespec="seconds"),
        "orderId": facts.event_id,
        "conversionEnvironment": ENVIRONMENTS.get(facts.channel),
        "consent": _consent(facts),
        "customerType": _customer(facts, destination),
    }
    return {name: member for name, member in known.items() if member}


def _identifiers(who: Pseudonym, destination: GoogleAdsDestination) -> list[dict[str, str]]:
    found = [
        identifier | {"userIdentifierSource": "FIRST_PARTY"}
        for identifier in hashed(who, destination, HASHES)
    ]
    return found[:MOST_IDENTIFIERS]


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
