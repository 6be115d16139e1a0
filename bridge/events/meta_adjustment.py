"""A refund or a cancellation as one custom event of Meta's, tied to its purchase.

Meta corrects no value it has: the purchase stays as it was sent, and this event tells what was
given back of it. It is the merchant's to use, in custom conversions and reports.
"""

from typing import Any

from bridge.events.event import Pseudonym
from bridge.events.given_back import given_back
from bridge.events.meta_tables import EVENT_NAMES, ActionSource
from bridge.events.worth import Worth, money, worth
from bridge.operate.meta_destination import MetaDestination
from bridge.order.model import Facts, Kind


def adjustment(
    who: Pseudonym, adjusting: Facts, destination: MetaDestination
) -> tuple[dict[str, Any], list[str]]:
    """Answer the members beside name and match keys, and notes.

    The amount is what this refund gave back; a cancellation gives back the order's whole worth.
    References: Server event parameters, original_event_data, action_source.
    """
    value, notes = money(
        _amount(who, adjusting, destination), who.purchase.current.currency, "value"
    )
    return {
        "event_time": int(adjusting.placed_at.timestamp()),
        "event_id": adjusting.event_id,
        "action_source": ActionSource.SYSTEM_GENERATED,  # nobody was on a page
        "custom_data": value | {"order_id": who.facts.key.order_no},
        "original_event_data": {
            "event_name": EVENT_NAMES[who.facts.key.kind],
            "event_time": int(who.facts.placed_at.timestamp()),
            "order_id": who.facts.key.order_no,
            "event_id": who.facts.event_id,
        },
    }, notes


def _amount(who: Pseudonym, adjusting: Facts, destination: MetaDestination) -> Worth | None:
    order, basis = who.purchase.current, destination.value
    if adjusting.key.kind is Kind.CANCELLATION:
        return worth(order, basis)
    return given_back(adjusting, order, basis)
