"""Meta's custom_data: money and goods of one order."""

from typing import Any

from bridge.events.amounts import number, units
from bridge.events.meta_tables import DELIVERY_CATEGORIES, SEGMENTS
from bridge.events.worth import money, unit_price, worth
from bridge.operate.meta_destination import MetaDestination
from bridge.order.eligibility import STORE_CHANNELS
from bridge.order.model import Facts, Kind, Line

LINE_WITHOUT_ID = "line_without_content_id"


def custom_data(facts: Facts, destination: MetaDestination) -> tuple[dict[str, Any], list[str]]:
    """Answer custom_data and notes on what was left out or stood in for something else."""
    goods, notes = _goods(facts, destination)
    value, more = money(worth(facts, destination.value), facts.currency, "value")
    known = {
        "order_id": facts.key.order_no or None,
        "customer_segmentation": _segment(facts),
        "store_data": _store(facts),
    }
    known = {name: member for name, member in known.items() if member is not None}
    return {**_custom(facts, destination), **value, **goods, **known}, notes + more


def _custom(facts: Facts, destination: MetaDestination) -> dict[str, Any]:
    given = facts.custom
    return (
        {name: given[name] for name in sorted(destination.allowed_custom & given.keys())}
        if given
        else {}
    )


def _goods(facts: Facts, destination: MetaDestination) -> tuple[dict[str, Any], list[str]]:
    contents = [
        _content(line, content_id, facts, destination)
        for line in facts.lines
        if (content_id := getattr(line, destination.content_id)) is not None
    ]
    notes = [LINE_WITHOUT_ID] if len(contents) < len(facts.lines) else []
    if not contents:
        return {}, notes
    return {
        "content_type": destination.content_type,
        "content_ids": list(dict.fromkeys([content["id"] for content in contents])),
        "contents": contents,
        "num_items": sum([units(line.quantity) for line in facts.lines]),
    }, notes


def _content(
    line: Line, content_id: str, facts: Facts, destination: MetaDestination
) -> dict[str, Any]:
    quantity = units(line.quantity)
    content: dict[str, Any] = {"id": content_id, "quantity": quantity}
    price = unit_price(line, quantity, destination.value.basis, facts.currency)
    if price is not None:
        content["item_price"] = number(price)
    if line.fulfilment in DELIVERY_CATEGORIES:
        content["delivery_category"] = DELIVERY_CATEGORIES[line.fulfilment]
    return content


def _segment(facts: Facts) -> str | None:
    known = facts.new_customer is not None and facts.key.kind is Kind.ORDER
    return SEGMENTS[bool(facts.new_customer)] if known else None


def _store(facts: Facts) -> dict[str, str] | None:
    in_store = facts.channel in STORE_CHANNELS and facts.store_id is not None
    return {"store_code": str(facts.store_id)} if in_store else None
