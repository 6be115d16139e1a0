"""The Data Manager's rules on single fields.

One that only warns names its warning among `WARNINGS`, or stays a finding of the mock's own.
"""

from mock_platform.rules.google_catalogue import (
    ERRORS,
    EVENT,
    FORMATTING,
    LIMITS,
    SENDING,
    refused,
    unheeded,
)

# Identifiers
TOO_FEW_IDENTIFIERS = refused(
    "too_few_identifiers", EVENT, "user_data without an identifier", "TOO_FEW_ELEMENTS"
)
TOO_MANY_IDENTIFIERS = refused(
    "too_many_identifiers", LIMITS, "more than 10 identifiers", "TOO_MANY_USER_IDENTIFIERS"
)
IDENTIFIER_EMPTY = refused(
    "identifier_empty", EVENT, "an identifier without a value", "REQUIRED_FIELD_MISSING"
)
HEX = refused("hash.hex", FORMATTING, "not hexadecimal", "INVALID_HEX_ENCODING")
BASE64 = refused("hash.base64", FORMATTING, "not base64", "INVALID_BASE64_ENCODING")
SHA256 = refused("hash.sha256", FORMATTING, "not 32 bytes long", "INVALID_SHA256_FORMAT")
HASH_OF_NOTHING = unheeded(
    "hash.of_empty_string",
    FORMATTING,
    "the SHA-256 of an empty string; leave the identifier out",
    "INVALID_SHA256_FORMAT",
)
ADDRESS_INCOMPLETE = refused(
    "address_incomplete",
    FORMATTING,
    "an address needs given name, family name, region and postal code",
    "REQUIRED_FIELD_MISSING",
)
REGION = refused(
    "region", FORMATTING, "expected an ISO 3166-1 alpha-2 region", "INVALID_REGION_CODE"
)
POSTAL_CODE = refused(
    "postal_code", FORMATTING, "not a postal code of its region", "INVALID_POSTAL_CODE"
)
PLAIN_HASHED = unheeded(
    "plain_hashed", FORMATTING, "this field is sent in clear, not hashed", "INVALID_FORMAT"
)
MOBILE_ID = refused(
    "mobile_id", EVENT, "expected a device id as a UUID", "INVALID_MOBILE_ID_FORMAT"
)
IP_ADDRESS = refused(
    "ip_address", EVENT, "expected an IPv4 or IPv6 address", "INVALID_FORMAT", verified=False
)

PII_CLEAR = unheeded(
    "pii.clear", FORMATTING, "personal data in clear outside user_data", "INVALID_EVENT"
)

# Custom variables
VARIABLE_PII = refused(
    "variable_pii",
    ERRORS,
    "a custom variable holds personal data",
    "CUSTOM_VARIABLE_VALUE_CONTAINS_PII",
)
VARIABLE_NOT_ENABLED = unheeded(
    "variable_not_enabled", ERRORS, "this variable is not enabled", "CUSTOM_VARIABLE_NOT_ENABLED"
)
VARIABLE_VALUE = unheeded(
    "variable_value",
    ERRORS,
    "not among the values set for this variable",
    "INVALID_CUSTOM_VARIABLE_VALUE",
)

# Optional fields: dropped with a warning since v1.8
MERCHANT_ID = unheeded(
    "merchant_id", EVENT, "a Merchant Center id has digits only", "INVALID_MERCHANT_ID"
)
FEED_LANGUAGE = refused(
    "feed_language",
    EVENT,
    "expected an ISO 639-1 language",
    "INVALID_MERCHANT_FEED_LANGUAGE_CODE",
)
COUPON = refused("coupon", EVENT, "a coupon code is empty", "INVALID_COUPON_CODE", verified=False)
ITEM_ID_MISSING = unheeded(
    "item_id_missing", EVENT, "an item needs merchant_product_id", "REQUIRED_FIELD_MISSING"
)
ITEM_PRICE_MISSING = unheeded(
    "item_price_missing", EVENT, "an item needs unit_price", "REQUIRED_FIELD_MISSING"
)
CART_WITH_BRAID = unheeded(
    "cart_with_braid", SENDING, "cart data is dropped beside gbraid or wbraid", "INVALID_EVENT"
)
LOCATION_REGION = unheeded("location_region", EVENT, "unknown region", "INVALID_REGION_CODE")
SUBDIVISION = unheeded(
    "subdivision", EVENT, "expected an ISO 3166-2 subdivision", "INVALID_SUBDIVISION_CODE"
)
SUBCONTINENT = unheeded(
    "subcontinent", EVENT, "expected a UN M49 code of 3 digits", "INVALID_SUBCONTINENT_CODE"
)
CONTINENT = unheeded(
    "continent", EVENT, "expected a UN M49 code of 3 digits", "INVALID_CONTINENT_CODE"
)
DEVICE_CATEGORY = unheeded(
    "device_category", EVENT, "unknown device category", "INVALID_DEVICE_CATEGORY"
)
SCREEN = unheeded("screen", EVENT, "a screen has positive sizes", "INVALID_FORMAT")

# Rule id -> the warning of the answer.
WARNINGS: dict[str, str] = {
    rule.id: f"WARNING_REASON_{name}"
    for rule, name in (
        (VARIABLE_NOT_ENABLED, "CUSTOM_VARIABLE_NOT_ENABLED"),
        (VARIABLE_VALUE, "CUSTOM_VARIABLE_NOT_PREDEFINED"),
        (CART_WITH_BRAID, "CART_DATA_NOT_SUPPORTED_WITH_GBRAID_OR_WBRAID"),
        (ITEM_ID_MISSING, "CART_DATA_ITEM_MERCHANT_PRODUCT_ID_MISSING"),
        (ITEM_PRICE_MISSING, "CART_DATA_ITEM_UNIT_PRICE_MISSING"),
        (SUBDIVISION, "INVALID_SUBDIVISION_CODE"),
        (LOCATION_REGION, "INVALID_REGION_CODE"),
        (SUBCONTINENT, "INVALID_SUBCONTINENT_CODE"),
        (CONTINENT, "INVALID_CONTINENT_CODE"),
        (DEVICE_CATEGORY, "INVALID_DEVICE_CATEGORY"),
        (SCREEN, "INVALID_DEVICE_SCREEN_RESOLUTION"),
        (MERCHANT_ID, "INVALID_MERCHANT_ID"),
    )
}
