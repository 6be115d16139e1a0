"""Google's rules for an uploaded click conversion, as tables.

References are to the Google Ads API reference.
"""

from bridge.events.google_cart import CART_LEFT_OUT
from bridge.order.model import Channel, ConsentState

ENVIRONMENTS: dict[Channel, str] = {  # ClickConversion, conversion_environment
    Channel.STOREFRONT: "WEB",
    Channel.APP: "APP",
}

CONSENTS: dict[ConsentState, str] = {  # Consent, ad_user_data; never asked is left unsaid
    ConsentState.GRANTED: "GRANTED",
    ConsentState.DENIED: "DENIED",
}

CUSTOMER_TYPES: dict[bool, str] = {True: "NEW", False: "RETURNING"}  # customer_type

MOST_IDENTIFIERS = 5  # ClickConversion, user_identifiers
HASHES = {"email": "hashedEmail", "phone": "hashedPhoneNumber"}  # UserIdentifier

NOT_WITH_BRAID: dict[str, str] = {  # member -> the note that says it was left out
    # Upload click conversions: refused as VALUE_MUST_BE_UNSET (not verified for v26)
    "userIdentifiers": "user_data_not_taken_with_braid",
    # Upload click conversions: no custom variables in combination with wbraid or gbraid
    "customVariables": "custom_variables_not_taken_with_braid",
    # Data Manager API, WarningReason: CART_DATA_NOT_SUPPORTED_WITH_GBRAID_OR_WBRAID
    "cartData": CART_LEFT_OUT,
}
