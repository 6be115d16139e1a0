"""What the errors of a Google Ads upload ask of a sender: one row a code, by its category.

A row without a name holds for all other codes of its category. The same table serves errors of
single conversions and of whole requests.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

SOON_ENOUGH = timedelta(hours=6)
"""How old a click or a conversion action must be (ConversionUploadError: TOO_RECENT_...)."""


class AdsTreatment(StrEnum):
    """What to do about an error; of several about the same conversion the first here decides."""

    COUNTED = "counted"  # the conversion is there already: delivered
    DESTINATION = "destination"  # pause until somebody puts the destination right
    THROTTLED = "throttled"  # rest, then go on
    REJECTED = "rejected"  # the conversion is not acceptable; many such may be our mistake
    CLICK = "click"  # not acceptable for the click it has; many such are nobody's mistake
    RETRY = "retry"  # Google failed
    TOO_EARLY = "too_early"  # Google does not know what it is about yet: in six hours
    ANEW = "anew"  # overtaken by a later one: with a new time
    UNMATCHED = "unmatched"  # no ad led to it: nothing to count, nothing to put right


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: what an error asks for, and where it is described."""

    category: str
    name: str | None
    treatment: AdsTreatment
    reference: str


_UPLOAD = "conversionUploadError"
_REFERENCE = "Google Ads API: ConversionUploadError"
_ACCOUNT = f"{_REFERENCE}, setting of the account"
_ACTION = f"{_REFERENCE}, setting of the conversion action"
_ADJUSTMENT = "conversionAdjustmentUploadError"
_ADJUSTING = "Google Ads API: ConversionAdjustmentUploadError"
_DESTINATION = AdsTreatment.DESTINATION
_CLICK = AdsTreatment.CLICK


def _upload(name: str, treatment: AdsTreatment, reference: str = _REFERENCE) -> Rule:
    return Rule(_UPLOAD, name, treatment, reference)


def _adjustment(name: str, treatment: AdsTreatment, remark: str | None = None) -> Rule:
    reference = f"{_ADJUSTING}, {remark}" if remark else _ADJUSTING
    return Rule(_ADJUSTMENT, name, treatment, reference)


def _request(name: str) -> Rule:
    return Rule("requestError", name, _DESTINATION, "Google Ads API: RequestError")


def _all(category: str, treatment: AdsTreatment) -> Rule:
    reference = f"Google Ads API: {category[0].upper()}{category[1:]}"
    return Rule(category, None, treatment, reference)


ERRORS: tuple[Rule, ...] = (
    _upload("ORDER_ID_ALREADY_IN_USE", AdsTreatment.COUNTED),
    _upload("CLICK_CONVERSION_ALREADY_EXISTS", AdsTreatment.COUNTED),
    _upload("CLICK_NOT_FOUND", AdsTreatment.UNMATCHED, f"{_REFERENCE}, may be ignored"),
    _upload("TOO_RECENT_EVENT", AdsTreatment.TOO_EARLY),
    _upload("TOO_RECENT_CONVERSION_ACTION", AdsTreatment.TOO_EARLY),
    _upload("EVENT_NOT_FOUND", _CLICK),
    _upload("EXPIRED_EVENT", _CLICK),
    _upload("CONVERSION_PRECEDES_EVENT", _CLICK),
    _upload("UNAUTHORIZED_CUSTOMER", _CLICK, f"{_REFERENCE}, another account's click"),
    _upload("INVALID_CUSTOMER_FOR_CLICK", _CLICK, f"{_REFERENCE}, another account's click"),
    _upload("CONVERSION_TRACKING_NOT_ENABLED_AT_IMPRESSION_TIME", _CLICK),
    _upload("CONVERSION_NOT_COMPLIANT_WITH_ATT_POLICY", _CLICK),
    _upload("ONE_PER_CLICK_CONVERSION_ACTION_NOT_PERMITTED_WITH_BRAID", _CLICK),
    _upload("NO_CONVERSION_ACTION_FOUND", _DESTINATION, _ACTION),
    _upload("INVALID_CONVERSION_ACTION_TYPE", _DESTINATION, _ACTION),
    _upload(
        "EXTERNAL_ATTRIBUTION_DATA_NOT_SET_FOR_EXTERNALLY_ATTRIBUTED_CONVERSION_ACTION",
        _DESTINATION,
        _ACTION,
    ),
    _upload(
        "ORDER_ID_NOT_PERMITTED_FOR_EXTERNALLY_ATTRIBUTED_CONVERSION_ACTION", _DESTINATION, _ACTION
    ),
    _upload(
        "EXTERNALLY_ATTRIBUTED_CONVERSION_ACTION_NOT_PERMITTED_WITH_USER_IDENTIFIER",
        _DESTINATION,
        _ACTION,
    ),
    _upload("CUSTOM_VARIABLE_NOT_ENABLED", _DESTINATION, _ACCOUNT),
    _upload("CUSTOMER_DATA_POLICY_PROHIBITS_ENHANCED_CONVERSIONS", _DESTINATION, _ACCOUNT),
    _upload("CUSTOMER_NOT_ACCEPTED_CUSTOMER_DATA_TERMS", _DESTINATION, _ACCOUNT),
    _upload("CUSTOMER_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS", _DESTINATION, _ACCOUNT),
    _all(_UPLOAD, AdsTreatment.REJECTED),
    _adjustment("CONVERSION_ALREADY_RETRACTED", AdsTreatment.COUNTED),
    _adjustment("CONVERSION_ALREADY_ENHANCED", AdsTreatment.COUNTED),
    _adjustment("RESTATEMENT_ALREADY_EXISTS", AdsTreatment.COUNTED, "this very one"),
    _adjustment("MORE_RECENT_RESTATEMENT_FOUND", AdsTreatment.ANEW),
    _adjustment("TOO_RECENT_CONVERSION_ACTION", AdsTreatment.TOO_EARLY),
    _adjustment("TOO_RECENT_CONVERSION", AdsTreatment.TOO_EARLY),
    _adjustment("CONVERSION_NOT_FOUND", AdsTreatment.TOO_EARLY, "or not processed yet"),
    _adjustment("CONVERSION_EXPIRED", _CLICK, "54 days"),
    _adjustment("ADJUSTMENT_PRECEDES_CONVERSION", _CLICK),
    _adjustment("TOO_MANY_ADJUSTMENTS", _CLICK),
    _adjustment(
        "CANNOT_RESTATE_CONVERSION_ACTION_THAT_ALWAYS_USES_DEFAULT_CONVERSION_VALUE", _CLICK
    ),
    _adjustment("NO_CONVERSION_ACTION_FOUND", _DESTINATION),
    _adjustment("CUSTOMER_NOT_ACCEPTED_CUSTOMER_DATA_TERMS", _DESTINATION, "terms"),
    _adjustment("CUSTOMER_DATA_POLICY_PROHIBITS_ENHANCEMENT", _DESTINATION, "policy"),
    _all(_ADJUSTMENT, AdsTreatment.REJECTED),
    _all("notAllowlistedError", _DESTINATION),
    _all("authenticationError", _DESTINATION),
    _all("authorizationError", _DESTINATION),
    _all("headerError", _DESTINATION),
    Rule("quotaError", "ACCESS_PROHIBITED", _DESTINATION, "Google Ads API: QuotaError"),
    _all("quotaError", AdsTreatment.THROTTLED),
    _all("internalError", AdsTreatment.RETRY),
    Rule(
        "databaseError",
        "CONCURRENT_MODIFICATION",
        AdsTreatment.RETRY,
        "Google Ads API: DatabaseError",
    ),
    _request("RESOURCE_NAME_MALFORMED"),
    _request("BAD_RESOURCE_ID"),
    _request("INVALID_CUSTOMER_ID"),
    _request("RESOURCE_NOT_FOUND"),
    _request("CANNOT_BE_EXECUTED_BY_MANAGER_ACCOUNT"),
    _request("DEVELOPER_TOKEN_PARAMETER_MISSING"),
    _request("LOGIN_CUSTOMER_ID_PARAMETER_MISSING"),
    _request("UNSUPPORTED_VERSION"),
    _request("CLOUD_PROJECT_NOT_FOUND"),
    Rule(
        "requestError",
        "RPC_DEADLINE_TOO_SHORT",
        AdsTreatment.RETRY,
        "Google Ads API: RequestError",
    ),
)

WHAT_TO_DO: dict[str, str] = {  # Google Ads API: Upload offline conversions
    "CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE": "use_google_data_manager",
}
"""Said after the code where the destination pauses and the remedy is known."""


def treatment_of(category: str | None, name: str | None) -> AdsTreatment | None:
    """Answer what the error asks for; None when no row knows it."""
    fitting = (rule for rule in ERRORS if rule.category == category and rule.name in {None, name})
    return next((rule.treatment for rule in fitting), None)
