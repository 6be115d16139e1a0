"""Who the shopper is to Google: what they clicked, and hashes of who they are."""

from collections.abc import Iterator
from typing import Any

from bridge.events.event import Pseudonym
from bridge.events.google_tables import OWN_DEVICE
from bridge.identity.google_click import google_click
from bridge.operate.google_destination import GoogleDestination

MOST_IDENTIFIERS = 10  # UserData, userIdentifiers
BRAIDS = frozenset({"gbraid", "wbraid"})


def ad_identifiers(
    who: Pseudonym, destination: GoogleDestination, *, with_ip: bool
) -> dict[str, Any]:
    """Answer adIdentifiers: one click id at most, session attributes, the shopper's device."""
    kept = who.remainder
    members: dict[str, Any] = dict(_click(who, destination))
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
    identifiers = [*_hashed(who, destination), *_address(who, destination)]
    return {"userIdentifiers": identifiers[:MOST_IDENTIFIERS]} if identifiers else {}


def has_braid(who: Pseudonym, destination: GoogleDestination) -> bool:
    """Whether the click is known by a braid, with which Google takes no cart data."""
    return bool(_click(who, destination).keys() & BRAIDS)


def _click(who: Pseudonym, destination: GoogleDestination) -> dict[str, str]:
    click = google_click(who.remainder) if _allows(destination, "click_id") else None
    return {click.kind.value: click.value} if click else {}


def _hashed(who: Pseudonym, destination: GoogleDestination) -> Iterator[dict[str, str]]:
    for field, member in (("email", "emailAddress"), ("phone", "phoneNumber")):
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


def _allows(destination: GoogleDestination, field: str) -> bool:
    return destination.allowed_fields is None or field in destination.allowed_fields
