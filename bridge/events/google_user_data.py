"""Who the shopper is to Google: what they clicked, and hashes of who they are."""

from collections.abc import Mapping
from typing import Any

from bridge.events.event import Pseudonym
from bridge.events.google_tables import OWN_DEVICE
from bridge.identity.google_click import google_click
from bridge.operate.destinations import Destination
from bridge.operate.google_destination import GoogleDestination

MOST_IDENTIFIERS = 10  # UserData, userIdentifiers
HASHES = {"email": "emailAddress", "phone": "phoneNumber"}  # UserIdentifier
ADDRESS = {  # AddressInfo
    "given_name": "givenName",
    "family_name": "familyName",
    "region_code": "regionCode",
    "postal_code": "postalCode",
}
BRAIDS = frozenset({"gbraid", "wbraid"})


def ad_identifiers(
    who: Pseudonym, destination: GoogleDestination, *, with_ip: bool
) -> dict[str, Any]:
    """Answer adIdentifiers: one click id at most, session attributes, the shopper's device."""
    kept = who.remainder
    members: dict[str, Any] = click_id(who, destination)
    if kept.session_attributes and _allows(destination, "session_attributes"):
        members["sessionAttributes"] = kept.session_attributes
    device: dict[str, str] = {}
    if who.facts.channel in OWN_DEVICE and kept.user_agent and _allows(destination, "user_agent"):
        device["userAgent"] = kept.user_agent
    if with_ip and kept.ip and _allows(destination, "ip"):
        device["ipAddress"] = kept.ip
    if device:
        members["landingPageDeviceInfo"] = device
    return members


def identifies(members: dict[str, Any]) -> bool:
    """Whether adIdentifiers name anything Google can match; a user agent alone does not."""
    device = members.get("landingPageDeviceInfo", {})
    return "ipAddress" in device or bool(members.keys() - {"landingPageDeviceInfo"})


def user_data(who: Pseudonym, destination: GoogleDestination) -> dict[str, Any]:
    """Answer userData with at most ten identifiers: e-mails, phones, then the address."""
    identifiers = [*hashed(who, destination, HASHES), *_address(who, destination)]
    return {"userIdentifiers": identifiers[:MOST_IDENTIFIERS]} if identifiers else {}


def click_id(who: Pseudonym, destination: Destination) -> dict[str, str]:
    """Answer the one click id that the order is credited to, under its own name, or nothing."""
    click = google_click(who.remainder) if _allows(destination, "click_id") else None
    return {click.kind.value: click.value} if click else {}


def has_braid(members: Mapping[str, Any]) -> bool:
    """Whether the click in `members` is a braid, with which Google takes less of an order."""
    return not BRAIDS.isdisjoint(members)


def hashed(
    who: Pseudonym, destination: Destination, members: Mapping[str, str]
) -> list[dict[str, str]]:
    """Answer every hash of each field in `members`, under the name it has there."""
    return [
        {member: digest}
        for field, member in members.items()
        if _allows(destination, field)
        for digest in who.match_keys.get(field, ())
    ]


def _address(who: Pseudonym, destination: GoogleDestination) -> list[dict[str, Any]]:
    """Give the address only whole: Google wants all four members together."""
    allowed = destination.allowed_fields
    if allowed is not None and not allowed.issuperset(ADDRESS):
        return []
    keys, kept = who.match_keys, who.remainder
    first, last = keys.get("given_name"), keys.get("family_name")
    if not (first and last and kept.google_region_code and kept.google_postal_code):
        return []
    values = (first[0], last[0], kept.google_region_code, kept.google_postal_code)
    return [{"address": dict(zip(ADDRESS.values(), values, strict=True))}]


def _allows(destination: Destination, field: str) -> bool:
    return destination.allowed_fields is None or field in destination.allowed_fields
