"""Meta's app_data, as far as a user agent tells the device (Meta: App data parameters)."""

import re
from typing import Any

from bridge.events.event import Pseudonym
from bridge.order.model import Channel

EXTINFO_SLOTS = 16
EXTINFO_PLATFORM = 0
EXTINFO_OS_VERSION = 4

DEVICES: tuple[tuple[str, re.Pattern[str]], ...] = (  # extinfo[0] and where extinfo[4] stands
    ("i2", re.compile(r"(?:iPhone OS|CPU OS|iOS)[ /]([0-9]+(?:[._][0-9]+)*)")),
    ("a2", re.compile(r"Android[ /]([0-9]+(?:\.[0-9]+)*)")),
)


def app_data(who: Pseudonym) -> dict[str, Any]:
    """Answer app_data for an order from the app, or nothing where the device is not known."""
    agent = who.remainder.user_agent
    if who.facts.channel is not Channel.APP or not agent:
        return {}
    for platform, pattern in DEVICES:
        match = pattern.search(agent)
        if match:
            return {"app_data": {"extinfo": _extinfo(platform, match[1].replace("_", "."))}}
    return {}


def _extinfo(platform: str, os_version: str) -> list[str]:
    slots = [""] * EXTINFO_SLOTS
    slots[EXTINFO_PLATFORM] = platform
    slots[EXTINFO_OS_VERSION] = os_version
    return slots
