"""The messages of the Google Ads uploads (reference: Google Ads API v26).

ConversionUploadService and ConversionAdjustmentUploadService; v23 to v26 are the same here.
"""

from dataclasses import replace

from mock_platform.rules.google_proto import (
    BOOL,
    BYTES,
    DOUBLE,
    INT32,
    INT64,
    STRING,
    Message,
    among,
    enumeration,
    many,
    one,
)

_PACKAGE = "google.ads.googleads.v26"
CONSENT_STATUS = enumeration(
    f"{_PACKAGE}.enums.ConsentStatus", "UNSPECIFIED", "UNKNOWN", "GRANTED", "DENIED"
)
ENVIRONMENT = enumeration(
    f"{_PACKAGE}.enums.ConversionEnvironment", "UNSPECIFIED", "UNKNOWN", "APP", "WEB"
)
CUSTOMER_TYPE = enumeration(
    f"{_PACKAGE}.enums.ConversionCustomerType", "UNSPECIFIED", "UNKNOWN", "NEW", "RETURNING"
)
IDENTIFIER_SOURCE = enumeration(
    f"{_PACKAGE}.enums.UserIdentifierSource",
    "UNSPECIFIED",
    "UNKNOWN",
    "FIRST_PARTY",
    "THIRD_PARTY",
)
ADJUSTMENT_TYPE = enumeration(
    f"{_PACKAGE}.enums.ConversionAdjustmentType",
    "UNSPECIFIED",
    "UNKNOWN",
    "RETRACTION",
    "RESTATEMENT",
    "ENHANCEMENT",
)

_ADDRESS = Message(
    f"{_PACKAGE}.common.OfflineUserAddressInfo",
    hashed_first_name=STRING,
    hashed_last_name=STRING,
    city=STRING,
    state=STRING,
    country_code=STRING,
    postal_code=STRING,
    hashed_street_address=STRING,
)
_ONE_IDENTIFIER = replace(STRING, oneof="identifier")
_USER_IDENTIFIER = Message(
    f"{_PACKAGE}.common.UserIdentifier",
    user_identifier_source=among(IDENTIFIER_SOURCE),
    hashed_email=_ONE_IDENTIFIER,
    hashed_phone_number=_ONE_IDENTIFIER,
    mobile_id=_ONE_IDENTIFIER,
    third_party_user_id=_ONE_IDENTIFIER,
    address_info=replace(one(_ADDRESS), oneof="identifier"),
)
_CONSENT = Message(
    f"{_PACKAGE}.common.Consent",
    ad_user_data=among(CONSENT_STATUS),
    ad_personalization=among(CONSENT_STATUS),
)
_SERVICES = f"{_PACKAGE}.services"
_ATTRIBUTION = Message(
    f"{_SERVICES}.ExternalAttributionData",
    external_attribution_credit=DOUBLE,
    external_attribution_model=STRING,
)
_VARIABLE = Message(f"{_SERVICES}.CustomVariable", conversion_custom_variable=STRING, value=STRING)
_ITEM = Message(f"{_SERVICES}.CartData.Item", product_id=STRING, quantity=INT32, unit_price=DOUBLE)
_CART_DATA = Message(
    f"{_SERVICES}.CartData",
    merchant_id=INT64,
    feed_country_code=STRING,
    feed_language_code=STRING,
    local_transaction_cost=DOUBLE,
    items=many(_ITEM),
)
_PAIR = Message(
    f"{_SERVICES}.SessionAttributeKeyValuePair",
    session_attribute_key=STRING,
    session_attribute_value=STRING,
)
_PAIRS = Message(f"{_SERVICES}.SessionAttributesKeyValuePairs", key_value_pairs=many(_PAIR))
CONVERSION = Message(
    f"{_SERVICES}.ClickConversion",
    gclid=STRING,
    gbraid=STRING,
    wbraid=STRING,
    conversion_action=STRING,
    conversion_date_time=STRING,
    conversion_value=DOUBLE,
    currency_code=STRING,
    order_id=STRING,
    external_attribution_data=one(_ATTRIBUTION),
    custom_variables=many(_VARIABLE),
    cart_data=one(_CART_DATA),
    user_identifiers=many(_USER_IDENTIFIER),
    conversion_environment=among(ENVIRONMENT),
    consent=one(_CONSENT),
    customer_type=among(CUSTOMER_TYPE),
    user_ip_address=STRING,
    session_attributes_encoded=replace(BYTES, oneof="session_attributes"),
    session_attributes_key_value_pairs=replace(one(_PAIRS), oneof="session_attributes"),
)
UPLOAD_CONVERSIONS = Message(
    f"{_SERVICES}.UploadClickConversionsRequest",
    customer_id=STRING,
    conversions=many(CONVERSION),
    partial_failure=BOOL,
    validate_only=BOOL,
    job_id=INT32,
)
_CLICK_AND_TIME = Message(
    f"{_SERVICES}.GclidDateTimePair", gclid=STRING, conversion_date_time=STRING
)
_RESTATEMENT = Message(f"{_SERVICES}.RestatementValue", adjusted_value=DOUBLE, currency_code=STRING)
ADJUSTMENT = Message(
    f"{_SERVICES}.ConversionAdjustment",
    gclid_date_time_pair=one(_CLICK_AND_TIME),
    order_id=STRING,
    conversion_action=STRING,
    adjustment_date_time=STRING,
    adjustment_type=among(ADJUSTMENT_TYPE),
    restatement_value=one(_RESTATEMENT),
    user_identifiers=many(_USER_IDENTIFIER),
    user_agent=STRING,
)
UPLOAD_ADJUSTMENTS = Message(
    f"{_SERVICES}.UploadConversionAdjustmentsRequest",
    customer_id=STRING,
    conversion_adjustments=many(ADJUSTMENT),
    partial_failure=BOOL,
    validate_only=BOOL,
    job_id=INT32,
)
