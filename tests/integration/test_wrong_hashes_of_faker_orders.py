"""Every hashed member of the bridge's own events, hashed again in typical wrong ways, is found.

The mock knows the order of the hook; the test replaces the digest of each member that the order
has a value for by the digest of that value in a wrong form.
"""

import copy
import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bridge.identity.encryption import Sealer
from bridge.identity.pseudonymise import Keys
from bridge.operate.settings import load_settings
from bridge.preview import preview_order
from loadtests.orders import orders
from mock_platform.known_orders import KnownOrders
from mock_platform.rules.known import Known
from mock_platform.rules.model import dotted

from .judged_events import events, judged

ORDERS = 45
MISTAKES: dict[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "upper case trimmed": lambda text: text.strip().upper(),
    "case swapped": str.swapcase,
    "space in front": lambda text: f" {text}",
    "space behind": lambda text: f"{text} ",
    "spaces around, upper case": lambda text: f" {text.upper()} ",
    "two spaces behind, trimmed before": lambda text: f"{text.strip()}  ",
    "line break behind, lower case": lambda text: f"{text.lower()}\n",
    "line break of Windows": lambda text: f"{text}\r\n",
    "tab in front": lambda text: f"\t{text.lower()}",
    "tabs around": lambda text: f"\t{text.strip().lower()}\t",
    "no-break spaces around": lambda text: f"\u00a0{text.lower()}\u00a0",
    "byte order mark": lambda text: f"\ufeff{text.lower()}",
    "zero-width space": lambda text: f"{text.strip()}\u200b",
    "in quotes": lambda text: f'"{text}"',
    "comma behind": lambda text: f"{text.lower()},",
    "semicolon behind": lambda text: f"{text.strip().lower()};",
    "dot behind": lambda text: f"{text.strip()}.",
    "NUL behind": lambda text: f"{text}\0",
    "URL-encoded capitals": lambda text: quote(text.upper()),
    "title": str.title,
}
META = {
    "em": "email",
    "ph": "phone",
    "fn": "first_name",
    "ln": "last_name",
    "ct": "city",
    "st": "state",
    "zp": "postal_code",
    "country": "country",
    "db": "birth_date",
    "ge": "gender",
}
GOOGLE = {
    "emailAddress": "email",
    "phoneNumber": "phone",
    "givenName": "first_name",
    "familyName": "last_name",
}
# Meta's own libraries keep the spaces inside these, and some scripts have no capitals.
SPACED = {"first_name", "last_name", "city", "state"}
Holders = Iterator[tuple[Any, str | int, str]]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def told(order: dict[str, Any], name: str) -> str:
    """The value of the order, the account's first."""
    people = (order.get(each) for each in ("customer", "billing_address", "shipping_address"))
    return next((each[name] for each in people if each and (each.get(name) or "").strip()), "")


def hashed_members(destination: str, event: Any) -> Holders:
    """Each digest: what holds it, under which key, and the order's member it stands for."""
    if destination == "meta-mock":
        for key, name in META.items():
            digests = event["user_data"].get(key, [])
            if len(digests) == 1:
                yield digests, 0, name
        return
    for identifier in event.get("userData", {}).get("userIdentifiers", ()):
        for holder in (identifier, identifier.get("address", {})):
            yield from ((holder, key, name) for key, name in GOOGLE.items() if key in holder)


def spoil(destination: str, event: Any, order: dict[str, Any], mistake: str) -> Counter[str]:
    """Put the wrong digest into every member whose value the mistake changes."""
    spoiled = Counter[str]()
    for holder, key, name in hashed_members(destination, event):
        text = told(order, name)
        wrong = digest(MISTAKES[mistake](text))
        right = {holder[key], digest(text.strip().lower()) if name in SPACED else ""}
        if text and wrong not in right:
            holder[key] = wrong
            spoiled[name] += 1
    return spoiled


def test_every_wrong_hash_of_the_bridges_own_events_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGE_DATA_DIR", str(tmp_path))
    settings, now, master = load_settings(), datetime.now(UTC), secrets.token_bytes(32)
    keys, known = Keys(sealer=Sealer([master]), master=master), KnownOrders()
    missed, tried = Counter[str](), Counter[tuple[str, str]]()
    for order in orders(ORDERS, 5, now):
        known.add_orders([order])
        for destination, event in events(preview_order(order, settings, keys, now)):
            for mistake in MISTAKES:
                wrong = copy.deepcopy(event)
                spoiled = spoil(destination, wrong, order, mistake)
                told_of = Known(shoppers=known.shoppers)
                findings = judged(destination, wrong, now.timestamp(), told_of)
                places = {dotted(each.path) for each in findings if ".hash." in each.rule.id}
                if len(places) != spoiled.total():
                    missed[f"{mistake} at {destination}: {dict(spoiled)}, found {places}"] += 1
                tried.update((destination, name) for name in spoiled)
    assert missed == {}
    every = {("meta-mock", each) for each in META.values()}
    assert tried.keys() == every | {("google-mock", each) for each in GOOGLE.values()}
