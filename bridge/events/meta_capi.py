"""One order as one event of Meta's Conversions API."""

from typing import Any

import orjson

from bridge.events.event import Built, Grouping, PlatformEvent, Pseudonym, Unsendable
from bridge.events.meta_adjustment import adjustment
from bridge.events.meta_app_data import app_data
from bridge.events.meta_custom_data import custom_data
from bridge.events.meta_tables import ACTION_SOURCES, EVENT_NAMES, IN_THE_USA, ActionSource
from bridge.events.meta_user_data import is_too_weak, user_data, whatsapp_click
from bridge.operate.meta_destination import LimitedDataUse, MetaDestination
from bridge.order.eligibility import STORE_CHANNELS, SkipReason, permission
from bridge.order.model import Facts, Kind


def build(who: Pseudonym, destination: MetaDestination) -> Built:
    """Answer the event, or why Meta would refuse it. Equal input gives equal bytes."""
    keys = user_data(who, destination)
    if is_too_weak(set(keys)):
        return Unsendable(reason=SkipReason.WEAK_USER_DATA)
    if who.adjusting is not None:
        return _adjustment(who, who.adjusting, destination, keys)
    name = EVENT_NAMES.get(who.facts.key.kind)
    if name is None:
        return Unsendable(reason=SkipReason.KIND_NOT_ROUTED)
    custom, notes = custom_data(who.facts, destination)
    notes += _missing_of_website(who, keys)
    if who.facts.key.kind is Kind.ORDER and "value" not in custom:
        return Unsendable(reason=SkipReason.NO_VALUE)
    return PlatformEvent(
        event_name=name,
        event_id=who.facts.event_id,
        event_time=who.facts.placed_at,
        body=orjson.dumps(_event(who, destination, name, keys, custom)),
        notes=tuple(notes),
    )


def grouping(facts: Facts, destination: MetaDestination) -> Grouping:
    """Answer what the event must share with its batch."""
    return Grouping(
        test_event_code=facts.test_event_code or destination.test_event_code,
        physical_store=facts.channel in STORE_CHANNELS and not facts.amends,
    )


def _adjustment(
    who: Pseudonym, adjusting: Facts, destination: MetaDestination, keys: dict[str, Any]
) -> Built:
    name = destination.adjustment_event
    if name is None:
        return Unsendable(reason=SkipReason.KIND_NOT_ROUTED)
    members, notes = adjustment(who, adjusting, destination)
    event = {"event_name": name, "user_data": keys} | members | _privacy(who.facts, destination)
    return PlatformEvent(
        event_name=name,
        event_id=adjusting.event_id,
        event_time=adjusting.placed_at,
        body=orjson.dumps(event),
        notes=tuple(notes),
    )


def _missing_of_website(who: Pseudonym, keys: dict[str, Any]) -> list[str]:
    """Note what Meta documents as required of website events, though it takes them without."""
    if ACTION_SOURCES[who.facts.channel] is not ActionSource.WEBSITE:
        return []
    given = {"user_agent": "client_user_agent" in keys, "page_url": who.remainder.page_url}
    return [f"website_without_{name}" for name, present in given.items() if not present]


def _event(
    who: Pseudonym,
    destination: MetaDestination,
    name: str,
    keys: dict[str, Any],
    custom: dict[str, Any],
) -> dict[str, Any]:
    facts = who.facts
    event: dict[str, Any] = {
        "event_name": name,
        "event_time": int(facts.placed_at.timestamp()),
        "event_id": facts.event_id,
        "action_source": ACTION_SOURCES[facts.channel],
        "user_data": keys,
    }
    if custom:
        event["custom_data"] = custom
    if who.remainder.page_url and event["action_source"] is ActionSource.WEBSITE:
        event["event_source_url"] = who.remainder.page_url
    event |= _messaging(who, destination, keys)
    event |= app_data(who)
    return event | _privacy(facts, destination)


def _messaging(
    who: Pseudonym, destination: MetaDestination, keys: dict[str, Any]
) -> dict[str, Any]:
    if ACTION_SOURCES[who.facts.channel] is not ActionSource.CHAT:
        return {}
    click = whatsapp_click(who, destination)
    if not click:
        return {}
    return {
        "action_source": ActionSource.BUSINESS_MESSAGING,
        "messaging_channel": "whatsapp",
        "user_data": keys | click,
    }


def _privacy(facts: Facts, destination: MetaDestination) -> dict[str, Any]:
    members: dict[str, Any] = {}
    policy = destination.consent
    if policy.opt_out_without_personalization and not permission(facts, policy).personalization:
        members["opt_out"] = True
    return members | _data_processing(facts, destination.limited_data_use)


def _data_processing(facts: Facts, mode: LimitedDataUse) -> dict[str, Any]:
    """Limited Data Use (Meta: Data processing options); 0, 0 asks Meta to locate the shopper."""
    given = facts.data_processing
    options = ("LDU",) if mode is LimitedDataUse.ALWAYS else given.options
    country, state = given.country or 0, given.state or 0
    if mode is LimitedDataUse.BY_STATE and not options and given.address is not None:
        options, state = ("LDU",), given.address
        country = IN_THE_USA if state else 0
    if mode is LimitedDataUse.OFF or options is None:
        return {}
    members: dict[str, Any] = {"data_processing_options": list(options)}
    if options:
        members["data_processing_options_country"] = country
        members["data_processing_options_state"] = state
    return members
