"""One order as one event of Google's Data Manager API."""

from datetime import datetime
from typing import Any

import orjson

from bridge.events.event import Built, Grouping, PlatformEvent, Pseudonym, Unsendable
from bridge.events.given_back import left_of
from bridge.events.google_adjustable import cannot_adjust
from bridge.events.google_cart import CART_LEFT_OUT, cart_data
from bridge.events.google_custom import custom_values
from bridge.events.google_tables import (
    CONSENTS,
    CUSTOMER_TYPES,
    EVENT_SOURCES,
    OWN_DEVICE,
)
from bridge.events.google_user_data import (
    ad_identifiers,
    has_braid,
    identifies,
    user_data,
)
from bridge.events.worth import money
from bridge.operate.consent import EEA_UK_CH
from bridge.operate.google_destination import GoogleDestination
from bridge.order.conversion import Conversion
from bridge.order.eligibility import STORE_CHANNELS, SkipReason
from bridge.order.model import Facts


def build(who: Pseudonym, destination: GoogleDestination) -> Built:
    """Answer the event, or why Google would refuse it. Equal input gives equal bytes.

    An order and all that adjusts it become the same event: Google takes over the value it brings
    under a transaction id it knows (Data Manager API: Conversion adjustments).
    """
    facts, purchase = who.facts, who.purchase
    refused = cannot_adjust(who, destination)
    if refused is not None:
        return Unsendable(reason=refused)
    clicked = ad_identifiers(who, destination, with_ip=_may_send_ip(facts))
    shopper = user_data(who, destination)
    if not shopper and not identifies(clicked):
        return Unsendable(reason=SkipReason.NO_IDENTIFIERS)
    identifiers = {"adIdentifiers": clicked, "userData": shopper}
    known = {name: members for name, members in identifiers.items() if members}
    left = left_of(purchase, destination.value)
    value, notes = money(left, purchase.current.currency, "conversionValue")
    cart, more = _cart(facts, destination, with_braid=has_braid(clicked))
    event = {**_base(purchase), **value, **known, **cart, **_context(facts, destination)}
    return PlatformEvent(
        event_name=facts.key.kind,
        event_id=facts.event_id,
        event_time=facts.placed_at,
        body=orjson.dumps(event),
        notes=(*notes, *more),
    )


def grouping(facts: Facts, destination: GoogleDestination) -> Grouping:
    """Let all events of a destination share requests."""
    del facts, destination
    return Grouping()


def _base(purchase: Conversion) -> dict[str, Any]:
    facts, changed_at = purchase.first, purchase.changed_at
    base = {
        "transactionId": facts.event_id,
        "eventTimestamp": _rfc_3339(facts.placed_at),
        "eventSource": EVENT_SOURCES[facts.channel],
    }
    return base | ({"lastUpdatedTimestamp": _rfc_3339(changed_at)} if changed_at else {})


def _rfc_3339(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _cart(
    facts: Facts, destination: GoogleDestination, *, with_braid: bool
) -> tuple[dict[str, Any], list[str]]:
    """Google drops a cart that comes with a braid, and says so in a warning: leave it out."""
    cart, notes = cart_data(facts, destination)
    if cart and with_braid:
        return {}, [CART_LEFT_OUT]
    return ({"cartData": cart} if cart else {}), notes


def _context(facts: Facts, destination: GoogleDestination) -> dict[str, Any]:
    known: dict[str, Any] = {
        "consent": _consent(facts),
        "customVariables": _custom_variables(facts, destination),
        "eventLocation": _location(facts),
        "userProperties": _customer(facts),
    }
    return {name: members for name, members in known.items() if members}


def _consent(facts: Facts) -> dict[str, str]:
    answers = {
        "adUserData": facts.consent.ad_user_data,
        "adPersonalization": facts.consent.ad_personalization,
    }
    return {name: CONSENTS[answer] for name, answer in answers.items() if answer in CONSENTS}


def _custom_variables(facts: Facts, destination: GoogleDestination) -> list[dict[str, str]]:
    values = custom_values(facts, destination.custom_variables)
    return [{"variable": variable, "value": value} for variable, value in values]


def _location(facts: Facts) -> dict[str, str]:
    """Name the store of a store sale, as local inventory ads know it."""
    in_store = facts.channel in STORE_CHANNELS and facts.store_id is not None
    return {"storeId": str(facts.store_id)} if in_store else {}


def _customer(facts: Facts) -> dict[str, str]:
    known = facts.new_customer
    return {} if known is None else {"customerType": CUSTOMER_TYPES[known]}


def _may_send_ip(facts: Facts) -> bool:
    """Google matches no IP addresses of the EEA, the UK and Switzerland: they stay at home."""
    own_device = facts.channel in OWN_DEVICE
    return own_device and facts.region is not None and facts.region not in EEA_UK_CH
