"""All rules on one event of events:ingest that the platform checks before it answers."""

import math
import re
from collections.abc import Callable, Iterator

from mock_platform.rules import google_catalogue as rule
from mock_platform.rules import google_field_catalogue as field_rule
from mock_platform.rules.currencies import CURRENCIES
from mock_platform.rules.google_context import Context, Read
from mock_platform.rules.google_identifiers import check_user_data
from mock_platform.rules.google_optional_fields import check_optional_fields, devices
from mock_platform.rules.google_world import ActionType
from mock_platform.rules.lint_data_manager import lint_event
from mock_platform.rules.model import Finding, Path

DAY = 86_400
TRANSACTION_ID_MAX = 512
# Meta refuses MRU; nothing is known of Google refusing an ISO currency.
_CURRENCIES = CURRENCIES | {"MRU"}
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")
_CLICKS = ("gclid", "gbraid", "wbraid", "dclid")
_IDENTIFIERS = (
    *_CLICKS, "session_attributes", "mobile_device_id", "impression_id", "match_id",
    "encrypted_user_ids", "ppid", "visitor_ppid",
)  # fmt: skip
_ENUMS: tuple[tuple[str, ...], ...] = (
    ("event_source",),
    ("consent", "ad_user_data"),
    ("consent", "ad_personalization"),
    ("user_properties", "customer_type"),
    ("user_properties", "customer_value_bucket"),
)
# Problems of an account -> the part of an event they forbid.
_FORBIDS: dict[str, str] = {
    "DESTINATION_ACCOUNT_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS": "user_data",
    "DESTINATION_ACCOUNT_DATA_POLICY_PROHIBITS_ENHANCED_CONVERSIONS": "user_data",
    "DESTINATION_ACCOUNT_ENHANCED_CONVERSIONS_TERMS_NOT_SIGNED": "user_data",
    "INVALID_AD_IDENTIFIER_FOR_ACCOUNT": "ad_identifiers",
    "CUSTOM_VARIABLE_NOT_ENABLED": "custom_variables",
    "CUSTOM_VARIABLE_NOT_FOUND": "custom_variables",
    "INVALID_CUSTOM_VARIABLE_VALUE": "custom_variables",
}


def check_event(event: Read, context: Context) -> list[Finding]:
    """Every finding on an event that could be read."""
    return [finding for check in _CHECKS for finding in check(event, context)]


def _references(event: Read, context: Context) -> Iterator[Finding]:
    known = {target.destination.get("reference") for target in context.targets}
    for index, reference in enumerate(event.get("destination_references") or ()):
        if reference not in known:
            path: Path = ("destination_references", index)
            yield Finding(rule=rule.UNKNOWN_REFERENCE, path=path)


def _enums(event: Read, context: Context) -> Iterator[Finding]:
    del context
    for path in _ENUMS:
        value = event
        for name in path:
            value = value.get(name) or {} if isinstance(value, dict) else {}
        if isinstance(value, int):
            yield Finding(rule=rule.ENUM_VALUE, path=path)


def _time(event: Read, context: Context) -> Iterator[Finding]:
    path = ("event_timestamp",)
    instant = event.get("event_timestamp")
    if instant is None:
        yield Finding(rule=rule.TIMESTAMP_MISSING, path=path)
        return
    age = context.now - instant.seconds
    if age < -context.world.google_future_tolerance_seconds:
        yield Finding(rule=rule.FUTURE, path=path)
    elif context.world.google_refuse_old and age > context.world.google_max_age_days * DAY:
        yield Finding(rule=rule.REFUSED_AS_OLD, path=path)


def _identity(event: Read, context: Context) -> Iterator[Finding]:
    identifiers = event.get("ad_identifiers") or {}
    by_address = any(device.get("ip_address") for _, device in devices(event))
    known = any(identifiers.get(name) for name in _IDENTIFIERS) or by_address
    # Analytics knows a visitor by ids of its own.
    known = known or any(event.get(name) for name in ("client_id", "app_instance_id"))
    if not known and not event.get("user_data") and not event.get("third_party_user_data"):
        yield Finding(rule=rule.NO_IDENTIFIERS)
    mobile = identifiers.get("mobile_device_id")
    if mobile and not _UUID.fullmatch(mobile):
        path = ("ad_identifiers", "mobile_device_id")
        yield Finding(rule=field_rule.MOBILE_ID, path=path)
    for name in ("user_data", "third_party_user_data"):
        if event.get(name) is not None:
            yield from check_user_data(
                event[name], (name,), context.encoding, encrypted=context.encrypted
            )


def _money(event: Read, context: Context) -> Iterator[Finding]:
    del context
    value, currency = event.get("conversion_value"), event.get("currency")
    if value is not None and not (math.isfinite(value) and value >= 0):
        yield Finding(rule=rule.VALUE, path=("conversion_value",))
    if currency and currency not in _CURRENCIES:
        yield Finding(rule=rule.CURRENCY, path=("currency",))
    if value and not currency:
        yield Finding(rule=rule.CURRENCY_ABSENT, path=("currency",))


def _ids(event: Read, context: Context) -> Iterator[Finding]:
    transaction = event.get("transaction_id") or ""
    path = ("transaction_id",)
    if len(transaction) > TRANSACTION_ID_MAX:
        yield Finding(rule=rule.TOO_LONG, path=path)
    types = {target.action.type for target in context.targets_of(event) if target.action}
    if not transaction:
        needed = ActionType.WEBPAGE in types
        broken = rule.TRANSACTION_MISSING if needed else rule.TRANSACTION_ABSENT
        yield Finding(rule=broken, path=path)
    if event.get("client_id") and event.get("app_instance_id"):
        yield Finding(rule=rule.TWO_CLIENTS, path=("app_instance_id",))


def _source(event: Read, context: Context) -> Iterator[Finding]:
    source = event.get("event_source")
    path = ("event_source",)
    if not source or source == "EVENT_SOURCE_UNSPECIFIED":
        yield Finding(rule=rule.SOURCE_MISSING, path=path)
    for target in context.targets_of(event):
        kind = target.action.type if target.action else None
        in_store = source == "IN_STORE"
        if in_store is not (kind is ActionType.STORE_SALES) and kind in _ONE_SOURCE:
            yield Finding(rule=rule.SOURCE_MISMATCH, path=path)
        if kind is ActionType.STORE_SALES and not _store(event):
            yield Finding(rule=rule.STORE_MISSING, path=("event_location", "store_id"))


_ONE_SOURCE = (ActionType.STORE_SALES, ActionType.WEBPAGE)


def _store(event: Read) -> str:
    return (event.get("event_location") or {}).get("store_id") or ""


def _account(event: Read, context: Context) -> Iterator[Finding]:
    for target in context.targets_of(event):
        for problem in sorted(target.problems & _FORBIDS.keys()):
            if event.get(_FORBIDS[problem]):
                yield Finding(rule=rule.ACCOUNT[problem], path=(_FORBIDS[problem],))
        if event.get("third_party_user_data") and not target.by_data_partner:
            yield Finding(rule=rule.THIRD_PARTY, path=("third_party_user_data",))


_CHECKS: tuple[Callable[[Read, Context], Iterator[Finding]], ...] = (
    _references,
    _enums,
    _time,
    _identity,
    _money,
    _ids,
    _source,
    _account,
    check_optional_fields,
    lint_event,
)
