"""Who the shopper is to Google: what they clicked, and hashes of who they are."""

from collections.abc import Iterator, Mapping
from typing import Any

from bridge.events.event import Pseudonym
from bridge.events.google_tables import OWN_DEVICE
from bridge.identity.google_click import google_click
from bridge.operate.destinations import Destination
from bridge.operate.google_destination import GoogleDestination

MOST_IDENTIFIERS = 10  # UserData, userIdentifiers
HASHES = {"email": "emailAddress", "phone": "phoneNumber"}  # UserIdentifier
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


def has_braid(who: Pseudonym, destination: Destination) -> bool:
    """Whether the click is known by a braid, with which Google takes less of an order."""
    return bool(click_id(who, destination).keys() & BRAIDS)


def hashed(
    who: Pseudonym, destination: Destination, members: Mapping[str, str]
) -> Iterator[dict[str, str]]:
    """Yield every hash of each field in `members`, under the name it has there."""
    for field, member in members.items():
        if _allows(destination, field):
            for digest in who.match_keys.get(field, ()):
                yield {member: digest}


def _address(who: Pseudonym, destination: GoogleDestination) -> Iterator[dict[str, Any]]:
    """Give the address only whole: Google wants all four members together."""
    keys, kept = who.match_keys, who.remainder
    parts = {
        "given_name": ("givenName", next(iter(keys.get("given_name", ())), None)),
        "family_name": ("familyName", next(iter(keys.get("family_name", ())), None)),
        "region_code": ("regionCode", kept.google_region_code),
        "postal_code": ("postalCode", kept.google_postal_code),
    }
    if all(value and _allows(destination, field) for field, (_, value) in parts.items()):
        yield {"address": dict(parts.values())}


def _allows(destination: Destination, field: str) -> bool:
    return destination.allowed_fields is None or field in destination.allowed_fields
