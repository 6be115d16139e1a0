"""The enumerations of events:ingest (reference: Data Manager API, v1)."""

from mock_platform.rules.google_proto import Enumeration, enumeration

PACKAGE = "google.ads.datamanager.v1"


def _enumeration(name: str, *names: str) -> Enumeration:
    return enumeration(f"{PACKAGE}.{name}", *names)


ENCODING = _enumeration("Encoding", "ENCODING_UNSPECIFIED", "HEX", "BASE64")
ACCOUNT_TYPE = _enumeration(
    "ProductAccount.AccountType",
    "ACCOUNT_TYPE_UNSPECIFIED",
    "GOOGLE_ADS",
    "DISPLAY_VIDEO_PARTNER",
    "DISPLAY_VIDEO_ADVERTISER",
    "DATA_PARTNER",
    "GOOGLE_ANALYTICS_PROPERTY",
    "GOOGLE_AD_MANAGER_AUDIENCE_LINK",
    "FLOODLIGHT_CONFIG",
    "GOOGLE_AD_MANAGER",
)
PRODUCT = _enumeration(
    "Product",
    "PRODUCT_UNSPECIFIED",
    "GOOGLE_ADS",
    "DISPLAY_VIDEO_PARTNER",
    "DISPLAY_VIDEO_ADVERTISER",
    "DATA_PARTNER",
)
EVENT_SOURCE = _enumeration(
    "EventSource",
    "EVENT_SOURCE_UNSPECIFIED",
    "WEB",
    "APP",
    "IN_STORE",
    "PHONE",
    "OTHER",
    "MESSAGE",
)
CONSENT_STATUS = _enumeration(
    "ConsentStatus", "CONSENT_STATUS_UNSPECIFIED", "CONSENT_GRANTED", "CONSENT_DENIED"
)
CUSTOMER_TYPE = _enumeration(
    "CustomerType", "CUSTOMER_TYPE_UNSPECIFIED", "NEW", "RETURNING", "REENGAGED"
)
VALUE_BUCKET = _enumeration(
    "CustomerValueBucket", "CUSTOMER_VALUE_BUCKET_UNSPECIFIED", "LOW", "MEDIUM", "HIGH"
)
KEY_TYPE = _enumeration("KeyType", "KEY_TYPE_UNSPECIFIED", "XCHACHA20_POLY1305")
ENTITY_TYPE = _enumeration(
    "EncryptionEntityType",
    "ENCRYPTION_ENTITY_TYPE_UNSPECIFIED",
    "CAMPAIGN_MANAGER_ACCOUNT",
    "CAMPAIGN_MANAGER_ADVERTISER",
    "DISPLAY_VIDEO_PARTNER",
    "DISPLAY_VIDEO_ADVERTISER",
    "GOOGLE_ADS_CUSTOMER",
    "GOOGLE_AD_MANAGER_NETWORK_CODE",
)
ENCRYPTION_SOURCE = _enumeration(
    "EncryptionSource", "ENCRYPTION_SOURCE_UNSPECIFIED", "AD_SERVING", "DATA_TRANSFER"
)
