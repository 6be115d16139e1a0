"""Meta's user_data: hashes, and what Meta requires in clear."""

from collections.abc import Callable
from typing import Any

from bridge.events.event import Pseudonym
from bridge.events.meta_tables import BROWSER_CHANNELS, TOO_WEAK
from bridge.identity.remainder import fbc_of
from bridge.operate.meta_destination import MetaDestination

PLAIN_KEYS: dict[str, Callable[[Pseudonym], str | int | None]] = {
    # Customer information parameters: "do not hash"
    "client_ip_address": lambda who: who.remainder.ip if _own_device(who) else None,
    "client_user_agent": lambda who: who.remainder.user_agent if _own_device(who) else None,
    "fbc": lambda who: fbc_of(who.remainder),
    "fbp": lambda who: who.remainder.fbp,
    "lead_id": lambda who: int(who.remainder.lead_id) if who.remainder.lead_id else None,
    "madid": lambda who: who.remainder.madid,
}


def user_data(who: Pseudonym, destination: MetaDestination) -> dict[str, Any]:
    """Answer the members of user_data that are known and that the destination may be sent."""
    allowed = destination.allowed_fields
    found: dict[str, Any] = {
        name: values
        for name, values in who.match_keys.items()
        if values and (allowed is None or name in allowed)
    }
    for name, read in PLAIN_KEYS.items():
        if allowed is None or name in allowed:
            value = read(who)
            if value is not None:
                found[name] = value
    return found


def is_too_weak(keys: set[str]) -> bool:
    """Whether Meta would refuse the event for want of customer information (subcode 2804050)."""
    return any(map(keys.issubset, TOO_WEAK))


def whatsapp_click(who: Pseudonym, destination: MetaDestination) -> dict[str, str]:
    """Answer what a business_messaging event needs, or nothing where any of it is missing."""
    click = next((c.ctwa_clid for c in reversed(who.remainder.clicks) if c.ctwa_clid), None)
    account = destination.whatsapp_business_account_id
    if click is None or not (destination.page_id or account):
        return {}
    ids = {"page_id": destination.page_id, "whatsapp_business_account_id": account}
    return {"ctwa_clid": click} | {name: value for name, value in ids.items() if value}


def _own_device(who: Pseudonym) -> bool:
    return who.facts.channel in BROWSER_CHANNELS
