"""Every Meta rule the mock knows: id, severity per mode, document, answer.

The ids are stable: tests, pages and expectations refer to them.
"""

from mock_platform.rules.model import Rule
from mock_platform.rules.rows import ROWS, advice, documented, error, warning

_DOCS = "https://developers.facebook.com/docs/marketing-api/conversions-api"
SERVER_EVENT = f"{_DOCS}/parameters/server-event"
CUSTOMER = f"{_DOCS}/parameters/customer-information-parameters"
CUSTOM = f"{_DOCS}/parameters/custom-data"
APP_DATA = f"{_DOCS}/parameters/app-data"
USING = f"{_DOCS}/using-the-api"
OFFLINE = f"{_DOCS}/offline-events"
DEDUPLICATION = f"{_DOCS}/deduplicate-pixel-and-server-events"
FBC_FBP = f"{_DOCS}/parameters/fbp-and-fbc"
MESSAGING = f"{_DOCS}/business-messaging"
LDU = "https://developers.facebook.com/docs/marketing-apis/data-processing-options"
PIXEL = "https://developers.facebook.com/docs/meta-pixel/advanced"
MOCK = "mock platform"

# The request
REJECTED_WITH_BATCH = advice(
    "meta.request.rejected_with_batch",
    USING,
    "this event is fine; another event of the same request was not, and one rejects all",
)
FAULT_REJECTS = error(
    "mock.fault.platform_rejects", MOCK, "a fault of this workspace rejects it", "poison"
)

# Server event members
NOT_AN_OBJECT = error("meta.event.not_an_object", SERVER_EVENT, "not an object", "parameter")
UNKNOWN_KEY = error("meta.event.unknown_key", SERVER_EVENT, "unexpected member", "parameter")
MISSING_MEMBER = error("meta.event.missing_member", SERVER_EVENT, "missing", "parameter")
WRONG_TYPE = error("meta.event.type", SERVER_EVENT, "wrong type", "parameter")
NOT_IN_ENUM = error("meta.event.enum", SERVER_EVENT, "not an allowed value", "parameter")
ACTION_SOURCE_MISSING = error(
    "meta.action_source.missing",
    SERVER_EVENT,
    "action_source is required",
    "parameter",
    verified=False,
)
ACTION_SOURCE_ABSENT = warning(
    "meta.action_source.absent", SERVER_EVENT, "action_source is required by the documents"
)
EVENT_NAME_LENGTH = warning(
    "meta.event_name.too_long", SERVER_EVENT, "event_name is longer than 50 characters"
)
EVENT_ID_MISSING = advice(
    "meta.event_id.missing",
    DEDUPLICATION,
    "without event_id a retry or a browser event of the same order is counted twice",
)

# Time
TOO_OLD = error(
    "meta.event_time.too_old",
    USING,
    "event_time is more than 7 days old",
    "event_too_old",
)
TOO_OLD_STORE = error(
    "meta.event_time.too_old_store",
    OFFLINE,
    "event_time is older than the window for physical_store",
    "event_too_old",
    verified=False,
)
FUTURE = error("meta.event_time.future", USING, "event_time is in the future", "event_in_future")
MILLISECONDS = warning(
    "meta.event_time.milliseconds",
    SERVER_EVENT,
    "event_time looks like milliseconds; it is in seconds",
)

TIME_CHANGED = warning(
    "meta.event_time.changed",
    DEDUPLICATION,
    "an earlier send of the same event has another event_time",
)

# Customer information
UNKNOWN_USER_KEY = advice(
    "meta.user_data.unknown_key", CUSTOMER, "unknown member of user_data, ignored by the platform"
)
HASH_FORMAT = documented(
    "meta.hash.format", CUSTOMER, "expected SHA-256 as 64 lowercase hexadecimal digits"
)
HASH_PLAIN_TEXT = documented(
    "meta.hash.plain_text", CUSTOMER, "personal data in clear where a digest belongs"
)
HASH_UPPERCASE = documented(
    "meta.hash.uppercase", CUSTOMER, "the digest has upper case digits; send lower case"
)
HASH_MD5 = documented("meta.hash.md5", CUSTOMER, "this is an MD5 digest; send SHA-256")
HASH_EMPTY = documented(
    "meta.hash.of_empty_string",
    CUSTOMER,
    "this is the SHA-256 of an empty string; leave the member out",
)
EMPTY_VALUE = documented(
    "meta.user_data.empty_value", CUSTOMER, "empty; leave the member out instead"
)
HASHED_PLAIN_KEY = documented(
    "meta.plain.hashed", CUSTOMER, "this member must be sent in clear, not hashed"
)
IP_FORMAT = documented(
    "meta.client_ip_address.format", CUSTOMER, "not a valid IPv4 or IPv6 address"
)
FBC_FORMAT = documented(
    "meta.fbc.format", FBC_FBP, "expected fb.<subdomain index>.<milliseconds>.<fbclid>"
)
FBC_SECONDS = documented(
    "meta.fbc.seconds", FBC_FBP, "the creation time is in seconds; it is in milliseconds"
)
FBC_FUTURE = warning("meta.fbc.future", FBC_FBP, "the creation time is in the future")
FBC_OLD = warning("meta.fbc.old", FBC_FBP, "the click is older than the cookie's 90 days")
FBC_RECODED = documented(
    "meta.fbc.recoded", FBC_FBP, "the fbclid was encoded, or decoded twice, on its way"
)
FBC_LOWERCASED = warning(
    "meta.fbc.lowercased", FBC_FBP, "the fbclid is all in one case; it is case-sensitive"
)
FBC_OTHER_CLICK = warning(
    "meta.fbc.other_click", FBC_FBP, "the page's address has another fbclid, of a later click"
)
FBP_FORMAT = documented(
    "meta.fbp.format", FBC_FBP, "expected fb.<subdomain index>.<milliseconds>.<random number>"
)
TOO_WEAK = error(
    "meta.user_data.too_weak",
    CUSTOMER,
    "user_data has no usable member or only a combination that is too broad",
    "weak_user_data",
)

# custom_data
VALUE_MISSING = error(
    "meta.custom_data.value_missing", CUSTOM, "a Purchase needs value", "purchase_without_value"
)
VALUE_NEGATIVE = error(
    "meta.custom_data.value_negative",
    CUSTOM,
    "value is negative or not finite",
    "parameter",
    verified=False,
)
CURRENCY_MISSING = error(
    "meta.custom_data.currency_missing",
    CUSTOM,
    "a Purchase needs currency",
    "purchase_without_currency",
    verified=False,
)
VALUE_WITHOUT_CURRENCY = error(
    "meta.custom_data.value_without_currency",
    CUSTOM,
    "value without currency",
    "value_without_currency",
)
CURRENCY_INVALID = error(
    "meta.custom_data.currency_invalid", CUSTOM, "not a currency Meta takes", "invalid_currency"
)
CONTENTS_ID = error(
    "meta.custom_data.contents_id", CUSTOM, "an entry of contents needs id", "contents_without_id"
)
NUM_ITEMS = warning("meta.custom_data.num_items", CUSTOM, "num_items is a whole number >= 0")
QUANTITY = documented(
    "meta.custom_data.quantity", CUSTOM, "quantity is a whole number greater than 0"
)

# Personal data in clear
PII_CUSTOM_DATA = documented(
    "meta.pii.custom_data", CUSTOM, "personal data in clear in a custom property"
)
PII_EVENT = documented(
    "meta.pii.event", SERVER_EVENT, "personal data in clear in a name or an id of the event"
)
PII_EXTERNAL_ID = documented(
    "meta.pii.external_id", CUSTOMER, "personal data in clear in an id of the customer"
)
PII_URL = documented("meta.pii.url", SERVER_EVENT, "personal data in clear in a page's address")

# What one action_source asks for
USER_AGENT_MISSING = documented(
    "meta.website.client_user_agent_missing",
    SERVER_EVENT,
    "a website event needs user_data.client_user_agent",
)
SOURCE_URL_MISSING = documented(
    "meta.website.event_source_url_missing",
    SERVER_EVENT,
    "a website event needs event_source_url",
)
SOURCE_URL_FORMAT = documented(
    "meta.website.event_source_url_format", SERVER_EVENT, "expected an http or https URL"
)
APP_DATA_MISSING = documented(
    "meta.app.app_data_missing", APP_DATA, "an app event needs app_data with extinfo"
)
EXTINFO = error(
    "meta.app.extinfo",
    APP_DATA,
    "extinfo has 16 strings: the first i2 or a2, the fifth the version of the system",
    "invalid_extinfo",
)
CHANNEL_MISSING = error(
    "meta.messaging.channel_missing",
    MESSAGING,
    "a business_messaging event needs messaging_channel",
    "parameter",
    verified=False,
)
MESSAGING_EVENT_NAME = error(
    "meta.messaging.event_name",
    MESSAGING,
    "this event_name is not offered for business_messaging",
    "messaging_event_name",
)
MESSAGING_PAGE_ID = error(
    "meta.messaging.page_id_missing",
    MESSAGING,
    "a Messenger event needs user_data.page_id",
    "messaging_page_id",
)
MESSAGING_WABA_ID = error(
    "meta.messaging.account_missing",
    MESSAGING,
    "a WhatsApp event needs user_data.page_id or whatsapp_business_account_id",
    "messaging_account",
)
MESSAGING_INSTAGRAM = error(
    "meta.messaging.instagram_account_missing",
    MESSAGING,
    "an Instagram event needs user_data.ig_account_id",
    "messaging_instagram",
)

# Data processing options
LDU_OPTION = error("meta.ldu.option", LDU, "the only option is LDU", "parameter", verified=False)
LDU_COUNTRY = error("meta.ldu.country", LDU, "the country is 0 or 1", "parameter", verified=False)
LDU_STATE = error("meta.ldu.state", LDU, "unknown state", "parameter", verified=False)
LDU_INCOMPLETE = warning(
    "meta.ldu.incomplete", LDU, "LDU needs country and state, or client_ip_address to geolocate"
)

# Deduplication
DEDUP_EVENT_ID = advice(
    "meta.dedup.event_id", DEDUPLICATION, "same event_name and event_id within 48 hours"
)
DEDUP_BROWSER_PREFERRED = advice(
    "meta.dedup.browser_preferred",
    DEDUPLICATION,
    "the browser's event arrived within 5 minutes and is kept instead",
)
DEDUP_IDENTITY = advice(
    "meta.dedup.browser_identity",
    DEDUPLICATION,
    "a browser event with the same event_name and fbp or external_id came within 48 hours before",
)
DEDUP_OFFLINE_ORDER = advice(
    "meta.dedup.offline_order",
    OFFLINE,
    "same dataset, event_time, event_name, item_number and order_id within 7 days",
)
DEDUP_OFFLINE_CUSTOMER = advice(
    "meta.dedup.offline_customer",
    OFFLINE,
    "same dataset, event_time, event_name, item_number and customer information within 7 days",
)

# Pixel
PIXEL_ID_MISSING = error("meta.pixel.id_missing", PIXEL, "id is required", "parameter")
PIXEL_EVENT_MISSING = error("meta.pixel.ev_missing", PIXEL, "ev is required", "parameter")


def all_rules() -> dict[str, Rule]:
    """Every rule by id, in the order of this page."""
    return dict(ROWS)
