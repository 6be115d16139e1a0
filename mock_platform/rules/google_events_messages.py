"""The messages of events:ingest (reference: Data Manager API, v1, IngestEventsRequest)."""

from dataclasses import replace

from mock_platform.rules.google_events_enums import (
    ACCOUNT_TYPE,
    CONSENT_STATUS,
    CUSTOMER_TYPE,
    ENCODING,
    ENCRYPTION_SOURCE,
    ENTITY_TYPE,
    EVENT_SOURCE,
    KEY_TYPE,
    PACKAGE,
    PRODUCT,
    VALUE_BUCKET,
)
from mock_platform.rules.google_proto import (
    BOOL,
    DOUBLE,
    INT32,
    INT64,
    STRING,
    STRINGS,
    TIMESTAMP,
    Message,
    among,
    many,
    one,
)

_ACCOUNT = Message(
    f"{PACKAGE}.ProductAccount",
    product=among(PRODUCT),
    account_id=STRING,
    account_type=among(ACCOUNT_TYPE),
)
_DESTINATION = Message(
    f"{PACKAGE}.Destination",
    reference=STRING,
    login_account=one(_ACCOUNT),
    linked_account=one(_ACCOUNT),
    operating_account=one(_ACCOUNT),
    product_destination_id=STRING,
)
_ADDRESS = Message(
    f"{PACKAGE}.AddressInfo",
    given_name=STRING,
    family_name=STRING,
    region_code=STRING,
    postal_code=STRING,
    address_line=STRING,
    city=STRING,
    administrative_area=STRING,
)
_USER_IDENTIFIER = Message(
    f"{PACKAGE}.UserIdentifier",
    email_address=replace(STRING, oneof="identifier"),
    phone_number=replace(STRING, oneof="identifier"),
    address=replace(one(_ADDRESS), oneof="identifier"),
)
_USER_DATA = Message(f"{PACKAGE}.UserData", user_identifiers=many(_USER_IDENTIFIER))
_CONSENT = Message(
    f"{PACKAGE}.Consent",
    ad_user_data=among(CONSENT_STATUS),
    ad_personalization=among(CONSENT_STATUS),
)
_DEVICE_INFO = Message(
    f"{PACKAGE}.DeviceInfo",
    user_agent=STRING,
    ip_address=STRING,
    category=STRING,
    language_code=STRING,
    screen_height=INT32,
    screen_width=INT32,
    operating_system=STRING,
    operating_system_version=STRING,
    model=STRING,
    brand=STRING,
    browser=STRING,
    browser_version=STRING,
)
_ENCRYPTED_USER_ID = Message(
    f"{PACKAGE}.EncryptedUserId",
    encrypted_id=STRING,
    entity_type=among(ENTITY_TYPE),
    entity_id=INT64,
    source=among(ENCRYPTION_SOURCE),
)
_AD_IDENTIFIERS = Message(
    f"{PACKAGE}.AdIdentifiers",
    session_attributes=STRING,
    gclid=STRING,
    gbraid=STRING,
    wbraid=STRING,
    landing_page_device_info=one(_DEVICE_INFO),
    mobile_device_id=STRING,
    dclid=STRING,
    impression_id=STRING,
    match_id=STRING,
    encrypted_user_ids=many(_ENCRYPTED_USER_ID),
    ppid=STRING,
    visitor_ppid=STRING,
)
_VARIABLE = Message(
    f"{PACKAGE}.CustomVariable",
    variable=STRING,
    value=STRING,
    destination_references=STRINGS,
)
_PARAMETER = Message(f"{PACKAGE}.EventParameter", parameter_name=STRING, value=STRING)
_PROPERTY = Message(f"{PACKAGE}.UserProperty", property_name=STRING, value=STRING)
_ITEM = Message(
    f"{PACKAGE}.Item",
    merchant_product_id=STRING,
    quantity=INT64,
    unit_price=DOUBLE,
    item_id=STRING,
    additional_item_parameters=many(_PARAMETER),
    merchant_id=STRING,
    merchant_feed_label=STRING,
    merchant_feed_language_code=STRING,
    conversion_value=DOUBLE,
    custom_variables=many(_VARIABLE),
)
_CART_DATA = Message(
    f"{PACKAGE}.CartData",
    merchant_id=STRING,
    merchant_feed_label=STRING,
    merchant_feed_language_code=STRING,
    transaction_discount=DOUBLE,
    items=many(_ITEM),
    coupon_codes=STRINGS,
)
_USER_PROPERTIES = Message(
    f"{PACKAGE}.UserProperties",
    customer_type=among(CUSTOMER_TYPE),
    customer_value_bucket=among(VALUE_BUCKET),
    additional_user_properties=many(_PROPERTY),
)
_LOCATION = Message(
    f"{PACKAGE}.EventLocation",
    store_id=STRING,
    city=STRING,
    subdivision_code=STRING,
    region_code=STRING,
    subcontinent_code=STRING,
    continent_code=STRING,
)
EVENT = Message(
    f"{PACKAGE}.Event",
    destination_references=STRINGS,
    transaction_id=STRING,
    event_timestamp=TIMESTAMP,
    last_updated_timestamp=TIMESTAMP,
    user_data=one(_USER_DATA),
    consent=one(_CONSENT),
    ad_identifiers=one(_AD_IDENTIFIERS),
    currency=STRING,
    conversion_value=DOUBLE,
    conversion_count=DOUBLE,
    event_source=among(EVENT_SOURCE),
    event_device_info=one(_DEVICE_INFO),
    cart_data=one(_CART_DATA),
    custom_variables=many(_VARIABLE),
    experimental_fields=many(Message(f"{PACKAGE}.ExperimentalField", field=STRING, value=STRING)),
    user_properties=one(_USER_PROPERTIES),
    event_name=STRING,
    client_id=STRING,
    user_id=STRING,
    additional_event_parameters=many(_PARAMETER),
    third_party_user_data=one(_USER_DATA),
    event_location=one(_LOCATION),
    app_instance_id=STRING,
    call_info=one(Message(f"{PACKAGE}.CallInfo", start_timestamp=TIMESTAMP)),
)
_GCP_KEY = Message(
    f"{PACKAGE}.GcpWrappedKeyInfo",
    key_type=among(KEY_TYPE),
    wip_provider=STRING,
    kek_uri=STRING,
    encrypted_dek=STRING,
)
_AWS_KEY = Message(
    f"{PACKAGE}.AwsWrappedKeyInfo",
    key_type=among(KEY_TYPE),
    role_arn=STRING,
    kek_uri=STRING,
    encrypted_dek=STRING,
)
_ENCRYPTION = Message(
    f"{PACKAGE}.EncryptionInfo",
    gcp_wrapped_key_info=replace(one(_GCP_KEY), oneof="wrapped_key"),
    aws_wrapped_key_info=replace(one(_AWS_KEY), oneof="wrapped_key"),
    coordinator_key_info=replace(
        one(Message(f"{PACKAGE}.CoordinatorKeyInfo", key_id=STRING)), oneof="wrapped_key"
    ),
)
INGEST_EVENTS = Message(
    f"{PACKAGE}.IngestEventsRequest",
    destinations=many(_DESTINATION),
    events=many(EVENT),
    consent=one(_CONSENT),
    validate_only=BOOL,
    encoding=among(ENCODING),
    encryption_info=one(_ENCRYPTION),
)
