"""What an operator may correct of an order that a platform refused, by the contract's own rules.

Money, time, channel, country and products may be corrected. Who bought, what the shopper answered
and what makes the order that order may not: the first is not here any more, the second is the
shopper's word, and with the third it would be another order.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from msgspec.structs import asdict, replace

from bridge.errors import ContractViolated, IllegalMove
from bridge.intake.admit import admit
from bridge.operate.destinations import Site
from bridge.order.model import Facts, Line, Totals
from bridge.order.parse import parse

AMOUNTS: Final = Totals.__struct_fields__
OF_A_LINE: Final = ("product_id", "sku", "group_id", "gtin", "quantity", "gross", "net")
NUMBERS: Final = {"quantity", "gross", "net"}
PLAIN: Final = ("currency", "placed_at", "channel", "country", "store_id")

NEVER: Final[Mapping[str, str]] = {
    # first part of a name -> why it stays
    "event_id": "platforms know the order by it",
    "order_no": "with another number it would be another order",
    "reference": "with another it would be another event",
    "site_id": "with another it would be another order",
    "kind": "with another it would be another event",
    "instance": "orders of other instances must not pass for production's",
    "consent": "only the shopper can change it: call the hook again",
    "customer": "nobody's name is kept: call the hook about a new order",
    "billing_address": "nobody's address is kept, but for the country",
    "shipping_address": "nobody's address is kept, but for the country",
    "browser": "it is the shopper's own word",
    "touches": "they are the shopper's own clicks",
    "hashed": "it is the shopper's identity",
}

Change = tuple[str, object, object]
"""A field, and what it was and is now."""

_A_LINES = re.compile(r"lines\[([0-9]{1,4})\]\.([a-z_]+)")


def editable(facts: Facts) -> dict[str, object]:
    """Answer every field that may be corrected, with what it is now."""
    told: dict[str, object] = {
        "currency": facts.currency,
        "placed_at": facts.placed_at.isoformat(),
        "channel": facts.channel.value,
        "country": facts.region,
        "store_id": facts.store_id,
    }
    told |= {f"totals.{name}": getattr(facts.totals, name) for name in AMOUNTS}
    for place, line in enumerate(facts.lines):
        told |= {f"lines[{place}].{name}": getattr(line, name) for name in OF_A_LINE}
    return told


def corrected(facts: Facts, texts: Mapping[str, str]) -> tuple[Facts, list[Change]]:
    """Answer the facts with some fields set, and what that changed; an empty text takes one away.

    Raises:
        IllegalMove: a field may not be corrected, or the order would break the contract.
    """
    known = editable(facts)
    for name in texts:
        if name not in known:
            raise IllegalMove(_refusal(name))
    members = _members(facts)
    for name, text in texts.items():
        _put(members, name, text)
    new = _applied(facts, members)
    now = editable(new)
    return new, [(name, known[name], now[name]) for name in texts if known[name] != now[name]]


def _refusal(name: str) -> str:
    first = re.split(r"[.\[]", name)[0]
    why = NEVER.get(first, "there is no such field")
    may = f"{', '.join(PLAIN)}, totals.gross and the like, lines[0].gross and the like"
    return f"{first} cannot be corrected: {why}. What can be: {may}."


def _members(facts: Facts) -> dict[str, Any]:
    return {
        "contract": "order/1",
        "kind": facts.key.kind.value,
        "site_id": facts.key.site_id,
        "instance": facts.instance.value,
        "order_no": facts.key.order_no or None,
        "reference": facts.key.reference or None,
        "event_id": facts.event_id,
        "channel": facts.channel.value,
        "placed_at": facts.placed_at.isoformat(),
        "currency": facts.currency,
        "totals": _plain(facts.totals),
        "lines": [_plain(line) for line in facts.lines],
        "store": {"store_id": facts.store_id},
        "billing_address": {"country": facts.region},
    }


def _plain(one: Totals | Line) -> dict[str, Any]:
    return {
        name: float(value) if isinstance(value, Decimal) else value
        for name, value in asdict(one).items()
    }


def _put(members: dict[str, Any], name: str, text: str) -> None:
    of_a_line = _A_LINES.fullmatch(name)
    if of_a_line:
        member = of_a_line[2]
        members["lines"][int(of_a_line[1])][member] = _told(member, text)
    elif name.startswith("totals."):
        members["totals"][name.removeprefix("totals.")] = _told("gross", text)
    elif name == "country":
        members["billing_address"]["country"] = text or None
    elif name == "store_id":
        members["store"]["store_id"] = text or None
    else:
        members[name] = text or None


def _told(member: str, text: str) -> float | str | None:
    """Take a number where one is wanted; what is none is for the contract to refuse."""
    if member in NUMBERS:
        try:
            return float(text) if text else None
        except ValueError:
            return text
    return text or None


def _applied(facts: Facts, members: dict[str, Any]) -> Facts:
    site = Site(id=facts.key.site_id, secrets=("env:NOT_ASKED_FOR",))
    try:
        admitted, _ = admit(members, site.id)
    except ContractViolated as violated:
        first = violated.violations[0]
        raise IllegalMove(f"{first['path']} {first['message']}.") from None
    read = parse(admitted, site).facts
    if members["billing_address"]["country"] and read.region is None:
        raise IllegalMove("country: write two letters such as DE.")
    told = read.data_processing if read.region != facts.region else facts.data_processing
    return replace(
        facts,
        data_processing=replace(facts.data_processing, address=told.address),
        channel=read.channel,
        placed_at=read.placed_at,
        region=read.region,
        currency=read.currency,
        totals=read.totals,
        lines=read.lines,
        store_id=read.store_id,
    )
