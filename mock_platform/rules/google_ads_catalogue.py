"""Every rule of the Google Ads uploads the mock knows: id, severity per mode, document, error.

`error` names the error as `group.CODE`: the group is the member of errorCode it is answered in.
Most rows are the codes of the reference themselves, so their ids are made of them.
"""

from mock_platform.rules.google_reasons import ACCOUNT_PROBLEMS
from mock_platform.rules.model import Rule
from mock_platform.rules.rows import advice, documented, error

_DOCS = "https://developers.google.com/google-ads/api"
UPLOADS = f"{_DOCS}/docs/conversions/upload-offline"
ADJUSTMENTS = f"{_DOCS}/docs/conversions/upload-adjustments"
_ERRORS = f"{_DOCS}/reference/rpc/v26"
CONVERSION_ERRORS = f"{_ERRORS}/ConversionUploadErrorEnum.ConversionUploadError"
ADJUSTMENT_ERRORS = f"{_ERRORS}/ConversionAdjustmentUploadErrorEnum.ConversionAdjustmentUploadError"
COMMON_ERRORS = f"{_ERRORS}/ErrorCode"

CONVERSION = "conversionUploadError"
ADJUSTMENT = "conversionAdjustmentUploadError"
NOT_ALLOWLISTED = "notAllowlistedError.CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE"


def _rows(api: str, group: str, doc: str, explanations: dict[str, str]) -> dict[str, Rule]:
    return {
        code: error(f"google.{api}.{code.lower()}", doc, explanation, f"{group}.{code}")
        for code, explanation in explanations.items()
    }


# Code of ConversionUploadError -> its rule.
CONVERSIONS: dict[str, Rule] = _rows(
    "google_ads_conversions",
    CONVERSION,
    CONVERSION_ERRORS,
    {
        "TOO_MANY_CONVERSIONS_IN_REQUEST": "more than 2000 conversions",
        "INVALID_JOB_ID": "a job id is from 1 to 2147483647",
        "UNPARSEABLE_GCLID": "this gclid cannot be decoded",
        "UNPARSEABLE_WBRAID": "this wbraid cannot be decoded",
        "UNPARSEABLE_GBRAID": "this gbraid cannot be decoded",
        "GBRAID_WBRAID_BOTH_SET": "gbraid and wbraid exclude each other",
        "CONVERSION_PRECEDES_EVENT": "the conversion lies before its click",
        "EXPIRED_EVENT": "the click lies before the action's window",
        "TOO_RECENT_EVENT": "the click is less than 6 hours old; retry then",
        "EVENT_NOT_FOUND": "no click fits",
        "CLICK_NOT_FOUND": "the user data fits no click; may be ignored",
        "TOO_RECENT_CONVERSION_ACTION": "the action is less than 6 hours old; retry then",
        "UNAUTHORIZED_CUSTOMER": "the click is of an account you have no access to",
        "INVALID_CUSTOMER_FOR_CLICK": "the click is of another account",
        "CONVERSION_TRACKING_NOT_ENABLED_AT_IMPRESSION_TIME": "the click came before tracking",
        "EXTERNAL_ATTRIBUTION_DATA_SET_FOR_NON_EXTERNALLY_ATTRIBUTED_CONVERSION_ACTION": (
            "external attribution data for an action without external attribution"
        ),
        "EXTERNAL_ATTRIBUTION_DATA_NOT_SET_FOR_EXTERNALLY_ATTRIBUTED_CONVERSION_ACTION": (
            "an externally attributed action needs external attribution data"
        ),
        "ORDER_ID_NOT_PERMITTED_FOR_EXTERNALLY_ATTRIBUTED_CONVERSION_ACTION": (
            "an externally attributed action takes no order id"
        ),
        "EXTERNALLY_ATTRIBUTED_CONVERSION_ACTION_NOT_PERMITTED_WITH_USER_IDENTIFIER": (
            "an externally attributed action takes no user data"
        ),
        "ORDER_ID_ALREADY_IN_USE": "this order id was recorded before",
        "DUPLICATE_ORDER_ID": "this order id stands twice in the request",
        "CLICK_CONVERSION_ALREADY_EXISTS": "this click and time were recorded before",
        "DUPLICATE_CLICK_CONVERSION_IN_REQUEST": "this click and time stand twice in the request",
        "CUSTOM_VARIABLE_NOT_ENABLED": "this custom variable is not enabled",
        "CUSTOM_VARIABLE_VALUE_CONTAINS_PII": "a custom variable holds personal data",
        "ORDER_ID_CONTAINS_PII": "the order id holds personal data",
        "CONVERSION_NOT_COMPLIANT_WITH_ATT_POLICY": "not compliant with App Tracking Transparency",
        "INVALID_USER_IDENTIFIER": "user data must be a SHA-256 digest",
        "UNSUPPORTED_USER_IDENTIFIER": "only hashed e-mail addresses and phone numbers",
        "ONE_PER_CLICK_CONVERSION_ACTION_NOT_PERMITTED_WITH_BRAID": (
            "an action that counts one per click takes no gbraid or wbraid"
        ),
        "CUSTOMER_DATA_POLICY_PROHIBITS_ENHANCED_CONVERSIONS": "forbidden to this account",
        "CUSTOMER_NOT_ACCEPTED_CUSTOMER_DATA_TERMS": "the account has not agreed to the terms",
        "CUSTOMER_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS": "not enabled for this account",
        "NO_CONVERSION_ACTION_FOUND": "no such conversion action",
        "INVALID_CONVERSION_ACTION_TYPE": "this type of action takes no uploads",
    },
)

# Code of ConversionAdjustmentUploadError -> its rule.
ADJUSTMENT_RULES: dict[str, Rule] = _rows(
    "google_ads_adjustments",
    ADJUSTMENT,
    ADJUSTMENT_ERRORS,
    {
        "TOO_MANY_ADJUSTMENTS_IN_REQUEST": "more than 2000 adjustments",
        "INVALID_JOB_ID": "a job id is from 1 to 2147483647",
        "TOO_RECENT_CONVERSION_ACTION": "the action is less than 6 hours old; retry then",
        "CONVERSION_ALREADY_RETRACTED": "the conversion was retracted before",
        "CONVERSION_NOT_FOUND": "no such conversion",
        "CONVERSION_EXPIRED": "the conversion is more than 54 days old",
        "ADJUSTMENT_PRECEDES_CONVERSION": "the adjustment lies before its conversion",
        "MORE_RECENT_RESTATEMENT_FOUND": "a later restatement was recorded before",
        "TOO_RECENT_CONVERSION": "the conversion is too young to be adjusted; retry later",
        "CANNOT_RESTATE_CONVERSION_ACTION_THAT_ALWAYS_USES_DEFAULT_CONVERSION_VALUE": (
            "the action always counts its default value"
        ),
        "TOO_MANY_ADJUSTMENTS": "the conversion was adjusted too often",
        "RESTATEMENT_ALREADY_EXISTS": "a restatement of the same time was recorded before",
        "DUPLICATE_ADJUSTMENT_IN_REQUEST": "this adjustment stands twice in the request",
        "CUSTOMER_NOT_ACCEPTED_CUSTOMER_DATA_TERMS": "the account has not agreed to the terms",
        "CONVERSION_ACTION_NOT_ELIGIBLE_FOR_ENHANCEMENT": "this action cannot be enhanced",
        "INVALID_USER_IDENTIFIER": "user data must be a SHA-256 digest",
        "UNSUPPORTED_USER_IDENTIFIER": "only hashed e-mail, phone number and address",
        "GCLID_DATE_TIME_PAIR_AND_ORDER_ID_BOTH_SET": "the click and the order id are both given",
        "CONVERSION_ALREADY_ENHANCED": "the conversion was enhanced before",
        "DUPLICATE_ENHANCEMENT_IN_REQUEST": "this enhancement stands twice in the request",
        "CUSTOMER_DATA_POLICY_PROHIBITS_ENHANCEMENT": "forbidden to this account",
        "MISSING_ORDER_ID_FOR_WEBPAGE": "a website's conversion is addressed by its order id",
        "ORDER_ID_CONTAINS_PII": "the order id holds personal data",
        "NO_CONVERSION_ACTION_FOUND": "no such conversion action",
        "INVALID_CONVERSION_ACTION_TYPE": "this type of action takes no such adjustment",
    },
)


def _common(name: str, explanation: str, answer: str) -> Rule:
    return error(f"google.google_ads.{name}", COMMON_ERRORS, explanation, answer)


# Errors both uploads share
NOT_ALLOWED = _common(
    "not_allowlisted", "new senders must use the Data Manager API", NOT_ALLOWLISTED
)
REQUIRED = _common("required", "this field is required", "fieldError.REQUIRED")
MUST_BE_UNSET = _common(
    "must_be_unset", "this field must not be set here", "fieldError.VALUE_MUST_BE_UNSET"
)
RESOURCE_NAME = _common(
    "resource_name", "not a resource name", "requestError.RESOURCE_NAME_MALFORMED"
)
DATE_TIME = _common(
    "date_time",
    "expected yyyy-mm-dd hh:mm:ss+hh:mm",
    "dateError.INVALID_STRING_DATE_TIME_SECONDS_WITH_OFFSET",
)
FUTURE = _common("future", "lies in the future", "dateError.LATER_THAN_MAXIMUM_DATE")
CURRENCY = _common("currency", "not a currency", "currencyCodeError.UNSUPPORTED")
TOO_LOW = _common("value", "a value is finite and not negative", "rangeError.TOO_LOW")
TOO_MANY = _common(
    "too_many_identifiers", "more than 5 identifiers", "collectionSizeError.TOO_MANY"
)
ENUM_VALUE = _common("enum_value", "not a value of this enum", "enumError.ENUM_VALUE_NOT_PERMITTED")
TWO_CLICKS = documented(
    "google.google_ads.two_clicks",
    UPLOADS,
    "one click id is enough: gclid goes before the others",
    "fieldError.VALUE_MUST_BE_UNSET",
)
PERSONALIZATION = documented(
    "google.google_ads.ad_personalization",
    UPLOADS,
    "ad_personalization is not for uploads of conversions",
    "fieldError.VALUE_MUST_BE_UNSET",
)
HASH_OF_NOTHING = documented(
    "google.google_ads.hash.of_empty_string",
    UPLOADS,
    "the SHA-256 of an empty string",
    "fieldError.INVALID_VALUE",
)
ADJUSTS = advice(
    "google.google_ads.adjusts", ADJUSTMENTS, "a conversion counted before was adjusted"
)
# Codes that say that the platform has this already.
REPEATS = frozenset(
    {
        "ORDER_ID_ALREADY_IN_USE",
        "CLICK_CONVERSION_ALREADY_EXISTS",
        "CONVERSION_ALREADY_RETRACTED",
        "RESTATEMENT_ALREADY_EXISTS",
        "CONVERSION_ALREADY_ENHANCED",
    }
)
# Every error a row can be answered with, by its bare code.
ROW_ERRORS: dict[str, str] = {
    "CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE": NOT_ALLOWLISTED,
    **{code: rule.error for code, rule in CONVERSIONS.items()},
}
ADJUSTMENT_ROW_ERRORS: dict[str, str] = {
    "CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE": NOT_ALLOWLISTED,
    **{code: rule.error for code, rule in ADJUSTMENT_RULES.items()},
}
# Problems of an account that only a setting can tell.
ACCOUNT_CODES = ACCOUNT_PROBLEMS & {*CONVERSIONS, *ADJUSTMENT_RULES}
