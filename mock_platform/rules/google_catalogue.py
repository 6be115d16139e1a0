"""Every rule of the Data Manager API the mock knows: id, severity per mode, document, reason.

Here what concerns the request, its destinations and its events as a whole; single fields are in
`google_field_catalogue`. A rule that rejects answers with its reason. The ids are stable.
"""

from mock_platform.rules.google_reasons import ACCOUNT_PROBLEMS, ERROR_REASONS
from mock_platform.rules.model import Rule
from mock_platform.rules.rows import advice, documented, error

_DOCS = "https://developers.google.com/data-manager/api"
REFERENCE = f"{_DOCS}/reference/rest/v1/events/ingest"
DESTINATION = f"{_DOCS}/reference/rest/v1/Destination"
EVENT = f"{_DOCS}/reference/rest/v1/Event"
SENDING = f"{_DOCS}/devguides/events/google-ads/send-events"
FORMATTING = f"{_DOCS}/devguides/concepts/formatting"
LIMITS = f"{_DOCS}/devguides/limits"
ERRORS = f"{_DOCS}/reference/rpc/google.ads.datamanager.v1#errorreason"


def refused(name: str, doc: str, explanation: str, reason: str, *, verified: bool = True) -> Rule:
    """A rule the platform enforces: one event that breaks it refuses the request."""
    return error(f"google.data_manager.{name}", doc, explanation, reason, verified=verified)


def unheeded(name: str, doc: str, explanation: str, reason: str) -> Rule:
    """A rule the platform lets pass, or passes over with a warning: an error in strict mode."""
    return documented(f"google.data_manager.{name}", doc, explanation, reason)


# The request
REJECTED_WITH_BATCH = advice(
    "google.data_manager.rejected_with_batch",
    REFERENCE,
    "this event is fine; another part of the same request was not, and one refuses all",
)
NO_DESTINATIONS = refused(
    "no_destinations", REFERENCE, "a request needs a destination", "REQUIRED_FIELD_MISSING"
)
NO_EVENTS = refused("no_events", REFERENCE, "a request needs an event", "REQUIRED_FIELD_MISSING")
TOO_MANY_DESTINATIONS = refused(
    "too_many_destinations", LIMITS, "more than 10 destinations", "TOO_MANY_DESTINATIONS"
)
TOO_MANY_EVENTS = refused("too_many_events", LIMITS, "more than 2000 events", "TOO_MANY_EVENTS")
ENCODING_MISSING = refused(
    "encoding_missing", REFERENCE, "user data needs an encoding", "REQUIRED_FIELD_MISSING"
)
ENUM_VALUE = refused("enum_value", REFERENCE, "not a value of this enum", "INVALID_ENUM_VALUE")
COORDINATOR_KEY = refused(
    "coordinator_key",
    REFERENCE,
    "coordinator keys are not for events",
    "INVALID_ARGUMENT",
)

# Destinations
OPERATING_ACCOUNT_MISSING = refused(
    "operating_account_missing",
    DESTINATION,
    "a destination needs an operating account with type and id",
    "REQUIRED_FIELD_MISSING",
)
ACCOUNT_ID = refused(
    "account_id", DESTINATION, "an account id has digits only", "INVALID_NUMBER_FORMAT"
)
ACCOUNT_TYPE = refused(
    "account_type",
    DESTINATION,
    "account_type and product differ",
    "INVALID_DESTINATION",
    verified=False,
)
ACTION_MISSING = refused(
    "action_missing",
    DESTINATION,
    "a Google Ads destination needs the id of a conversion action",
    "REQUIRED_FIELD_MISSING",
)
ACTION_ID = refused(
    "action_id",
    DESTINATION,
    "this is no conversion action of the account",
    "INVALID_CONVERSION_ACTION_ID",
)
ACTION_TYPE = refused(
    "action_type",
    SENDING,
    "this type of conversion action takes no events",
    "INVALID_CONVERSION_ACTION_TYPE",
)
ACTION_TOO_RECENT = refused(
    "action_too_recent",
    ERRORS,
    "the conversion action was created less than 6 hours ago",
    "CONVERSION_ACTION_TOO_RECENTLY_CREATED",
)
DUPLICATE_REFERENCE = refused(
    "duplicate_reference",
    DESTINATION,
    "two destinations have the same reference",
    "DUPLICATE_DESTINATION_REFERENCE",
)
UNKNOWN_REFERENCE = refused(
    "unknown_reference",
    EVENT,
    "no destination of the request has this reference",
    "INVALID_DESTINATION",
)
LINKED_ACCOUNT = refused(
    "linked_account",
    DESTINATION,
    "a linked account needs a data partner's login account",
    "LINKED_ACCOUNT_ONLY_ALLOWED_WITH_DATA_PARTNER_LOGIN_ACCOUNT",
)
DIFFERENT_LOGINS = refused(
    "different_logins",
    DESTINATION,
    "a data partner's login account must be the same in every destination",
    "DIFFERENT_LOGIN_ACCOUNTS_NOT_ALLOWED_FOR_DATA_PARTNER",
)

# Events
TIMESTAMP_MISSING = refused(
    "timestamp_missing", EVENT, "an event needs event_timestamp", "REQUIRED_FIELD_MISSING"
)
FUTURE = refused("future", EVENT, "the event lies in the future", "EVENT_TIME_INVALID")
REFUSED_AS_OLD = refused(
    "refused_as_old", EVENT, "the event is too old", "EVENT_TIME_INVALID", verified=False
)
NO_IDENTIFIERS = refused(
    "no_identifiers",
    SENDING,
    "an event needs a click id, session attributes, user data or an IP address",
    "NO_IDENTIFIERS_PROVIDED",
)
SOURCE_MISSING = unheeded(
    "source_missing", SENDING, "an offline conversion needs event_source", "REQUIRED_FIELD_MISSING"
)
SOURCE_MISMATCH = refused(
    "source_mismatch",
    ERRORS,
    "this event_source does not belong to this type of conversion action",
    "EVENT_SOURCE_AND_DESTINATION_MISMATCH",
    verified=False,
)
STORE_MISSING = refused(
    "store_missing", SENDING, "a store sale needs event_location.store_id", "REQUIRED_FIELD_MISSING"
)
TRANSACTION_MISSING = refused(
    "transaction_missing",
    SENDING,
    "an event that adds to a tag's conversion needs transaction_id",
    "REQUIRED_FIELD_MISSING",
)
TRANSACTION_ABSENT = advice(
    "google.data_manager.transaction_absent",
    SENDING,
    "without transaction_id a repeated event is counted again",
)
CURRENCY = refused("currency", EVENT, "not an ISO 4217 currency", "INVALID_CURRENCY_CODE")
CURRENCY_ABSENT = unheeded(
    "currency_absent", EVENT, "a value without a currency", "REQUIRED_FIELD_MISSING"
)
VALUE = refused(
    "value", EVENT, "a value is finite and not negative", "INVALID_EVENT", verified=False
)
TOO_LONG = refused(
    "too_long", ERRORS, "longer than the field allows", "FIELD_VALUE_TOO_LONG", verified=False
)
TOO_MANY_ELEMENTS = refused(
    "too_many_elements", ERRORS, "more elements than allowed", "TOO_MANY_ELEMENTS", verified=False
)
TWO_CLIENTS = refused(
    "two_clients",
    ERRORS,
    "client_id and app_instance_id exclude each other",
    "BOTH_CLIENT_ID_AND_APP_INSTANCE_ID_NOT_ALLOWED",
)
THIRD_PARTY = refused(
    "third_party",
    ERRORS,
    "only a data partner may send third_party_user_data",
    "THIRD_PARTY_USER_DATA_NOT_ALLOWED",
)
# A problem of an account -> its rule, which answers with the same name.
ACCOUNT: dict[str, Rule] = {
    problem: refused(f"account.{problem.lower()}", ERRORS, "a setting of the account", problem)
    for problem in sorted(ACCOUNT_PROBLEMS & ERROR_REASONS)
}
