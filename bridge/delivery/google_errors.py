"""What Google's errors ask of a sender: by reason, by the field named, by canonical status.

A reason in REASONS decides whatever field it names. Every other reason says what is wrong with a
value, and the field says whose value that is. Texts decide nothing: they are for people.
"""

import re
from dataclasses import dataclass

from bridge.delivery.treatment import Treatment


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: what an error of this name asks for, and where it is described."""

    name: str
    treatment: Treatment
    reference: str


_REASON = "Data Manager API: ErrorReason"
_ERROR_INFO = "Google APIs: ErrorInfo"
_REQUEST = "Data Manager API: IngestEventsRequest"
_CANONICAL = "Google APIs: google.rpc.Code"
_DESTINATION = Treatment.DESTINATION

REASONS: tuple[Rule, ...] = (
    Rule("INTERNAL_ERROR", Treatment.RETRY, _REASON),
    Rule("DEADLINE_EXCEEDED", Treatment.RETRY, _REASON),
    Rule("RESOURCE_EXHAUSTED", Treatment.THROTTLED, f"{_REASON}, quota of the project"),
    Rule("NOT_FOUND", _DESTINATION, _REASON),
    Rule("PERMISSION_DENIED", _DESTINATION, f"{_REASON}, no permission or no such account"),
    Rule("TOO_MANY_DESTINATIONS", _DESTINATION, _REASON),
    Rule("INVALID_DESTINATION", _DESTINATION, _REASON),
    Rule("MULTIPLE_DATA_TYPES_NOT_ALLOWED", _DESTINATION, _REASON),
    Rule("DIFFERENT_LOGIN_ACCOUNTS_NOT_ALLOWED_FOR_DATA_PARTNER", _DESTINATION, _REASON),
    Rule("TERMS_AND_CONDITIONS_NOT_SIGNED", _DESTINATION, f"{_REASON}, terms of the account"),
    Rule("INVALID_CONVERSION_ACTION_ID", _DESTINATION, _REASON),
    Rule("INVALID_CONVERSION_ACTION_TYPE", _DESTINATION, _REASON),
    Rule(
        "DESTINATION_ACCOUNT_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS",
        _DESTINATION,
        f"{_REASON}, setting of the account",
    ),
    Rule(
        "DESTINATION_ACCOUNT_DATA_POLICY_PROHIBITS_ENHANCED_CONVERSIONS",
        _DESTINATION,
        f"{_REASON}, policy of the account",
    ),
    Rule(
        "DESTINATION_ACCOUNT_ENHANCED_CONVERSIONS_TERMS_NOT_SIGNED",
        _DESTINATION,
        f"{_REASON}, terms of the account",
    ),
    Rule("DUPLICATE_DESTINATION_REFERENCE", _DESTINATION, _REASON),
    Rule("UNSUPPORTED_OPERATING_ACCOUNT_FOR_DATA_PARTNER", _DESTINATION, _REASON),
    Rule("UNSUPPORTED_LINKED_ACCOUNT_FOR_DATA_PARTNER", _DESTINATION, _REASON),
    Rule("LINKED_ACCOUNT_ONLY_ALLOWED_WITH_DATA_PARTNER_LOGIN_ACCOUNT", _DESTINATION, _REASON),
    Rule("OPERATING_ACCOUNT_LOGIN_ACCOUNT_MISMATCH", _DESTINATION, _REASON),
    Rule("NOT_ALLOWLISTED", _DESTINATION, f"{_REASON}, allowlist of the account"),
    Rule("EU_POLITICAL_ADVERTISING_DECLARATION_REQUIRED", _DESTINATION, _REASON),
    Rule("DESTINATION_ACCOUNT_TYPE_MISMATCH", _DESTINATION, _REASON),
    Rule("CONVERSION_ACTION_TOO_RECENTLY_CREATED", _DESTINATION, _REASON),
    Rule("SERVICE_DISABLED", _DESTINATION, f"{_ERROR_INFO}, API not enabled in the project"),
    Rule("ACCESS_TOKEN_SCOPE_INSUFFICIENT", _DESTINATION, f"{_ERROR_INFO}, scope of the token"),
    Rule("BILLING_DISABLED", _DESTINATION, f"{_ERROR_INFO}, billing of the project"),
    Rule("CONSUMER_INVALID", _DESTINATION, f"{_ERROR_INFO}, project of the credentials"),
)

# The first member of a violation's path, when no single event is named.
FIELDS: tuple[Rule, ...] = (
    Rule("destinations", _DESTINATION, f"{_REQUEST}, accounts and conversion action"),
    Rule("encoding", _DESTINATION, f"{_REQUEST}, the same for every request of ours"),
    Rule("encryption_info", _DESTINATION, f"{_REQUEST}, the same for every request of ours"),
    Rule("consent", _DESTINATION, f"{_REQUEST}, the same for every request of ours"),
    Rule("validate_only", _DESTINATION, f"{_REQUEST}, the same for every request of ours"),
    Rule("events", Treatment.REJECTED, f"{_REQUEST}, some event or their number"),
)

STATUSES: tuple[Rule, ...] = (
    Rule("CANCELLED", Treatment.RETRY, _CANONICAL),
    Rule("UNKNOWN", Treatment.RETRY, _CANONICAL),
    Rule("INVALID_ARGUMENT", Treatment.REJECTED, _CANONICAL),
    Rule("DEADLINE_EXCEEDED", Treatment.RETRY, _CANONICAL),
    Rule("NOT_FOUND", _DESTINATION, _CANONICAL),
    Rule("PERMISSION_DENIED", _DESTINATION, _CANONICAL),
    Rule("UNAUTHENTICATED", _DESTINATION, _CANONICAL),
    Rule("RESOURCE_EXHAUSTED", Treatment.THROTTLED, _CANONICAL),
    Rule("FAILED_PRECONDITION", _DESTINATION, _CANONICAL),
    Rule("ABORTED", Treatment.RETRY, _CANONICAL),
    Rule("OUT_OF_RANGE", Treatment.REJECTED, _CANONICAL),
    Rule("UNIMPLEMENTED", _DESTINATION, _CANONICAL),
    Rule("INTERNAL", Treatment.RETRY, _CANONICAL),
    Rule("UNAVAILABLE", Treatment.RETRY, _CANONICAL),
    Rule("DATA_LOSS", Treatment.RETRY, _CANONICAL),
)

# Data Manager API: Understand errors. Events are prefixed twice: events.events[3].user_data...
_EVENT = re.compile(r"(?:events\.)?events\[(\d{1,5})\]\.?(.*)", re.ASCII | re.DOTALL)


def by_reason(reason: str | None) -> Treatment | None:
    """Answer what a reason asks for whatever field it names; None when the field decides."""
    return _treatment(REASONS, reason)


def by_field(field: str) -> Treatment:
    """Answer what a violation asks for that names no single event."""
    first = re.split(r"[.\[]", field, maxsplit=1)[0]
    return _treatment(FIELDS, first) or Treatment.REJECTED


def by_canonical_status(status: str | None) -> Treatment | None:
    """Answer what a google.rpc.Code asks for; None when no row knows it."""
    return _treatment(STATUSES, status)


def named_event(field: str) -> tuple[int, str] | None:
    """Answer an event's place in the request and the path within the event, where one is named."""
    named = _EVENT.fullmatch(field)
    return (int(named[1]), named[2]) if named else None


def _treatment(rules: tuple[Rule, ...], name: str | None) -> Treatment | None:
    return next((rule.treatment for rule in rules if rule.name == name), None)
