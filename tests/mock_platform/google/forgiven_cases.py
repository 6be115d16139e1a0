"""Lapses the Data Manager forgives: dropped with a warning, refused in strict mode."""

import hashlib

from .conftest import DIGEST, GCLID, Event
from .refused_cases import ADDRESS, people

OF_NOTHING = hashlib.sha256(b"").hexdigest()
# Dropped with a warning in faithful mode, refused in strict mode.
OPTIONAL: dict[str, tuple[Event, str, str, str | None]] = {
    "merchant id in words": (
        {"cartData": {"merchantId": "shop"}}, "cart_data.merchant_id",
        "INVALID_MERCHANT_ID", "INVALID_MERCHANT_ID",
    ),
    "item without id": (
        {"cartData": {"items": [{"unitPrice": 1}]}}, "cart_data.items[0].merchant_product_id",
        "REQUIRED_FIELD_MISSING", "CART_DATA_ITEM_MERCHANT_PRODUCT_ID_MISSING",
    ),
    "item without price": (
        {"cartData": {"items": [{"merchantProductId": "P"}]}}, "cart_data.items[0].unit_price",
        "REQUIRED_FIELD_MISSING", "CART_DATA_ITEM_UNIT_PRICE_MISSING",
    ),
    "cart beside wbraid": (
        {"cartData": {"items": []}, "adIdentifiers": {"wbraid": GCLID}}, "cart_data",
        "INVALID_EVENT", "CART_DATA_NOT_SUPPORTED_WITH_GBRAID_OR_WBRAID",
    ),
    "region": (
        {"eventLocation": {"regionCode": "USA"}}, "event_location.region_code",
        "INVALID_REGION_CODE", "INVALID_REGION_CODE",
    ),
    "subdivision": (
        {"eventLocation": {"subdivisionCode": "California"}}, "event_location.subdivision_code",
        "INVALID_SUBDIVISION_CODE", "INVALID_SUBDIVISION_CODE",
    ),
    "subcontinent": (
        {"eventLocation": {"subcontinentCode": "x"}}, "event_location.subcontinent_code",
        "INVALID_SUBCONTINENT_CODE", "INVALID_SUBCONTINENT_CODE",
    ),
    "continent": (
        {"eventLocation": {"continentCode": "x"}}, "event_location.continent_code",
        "INVALID_CONTINENT_CODE", "INVALID_CONTINENT_CODE",
    ),
    "device": (
        {"eventDeviceInfo": {"category": "fridge"}}, "event_device_info.category",
        "INVALID_DEVICE_CATEGORY", "INVALID_DEVICE_CATEGORY",
    ),
    "screen": (
        {"eventDeviceInfo": {"screenWidth": -1}}, "event_device_info.screen_width",
        "INVALID_FORMAT", "INVALID_DEVICE_SCREEN_RESOLUTION",
    ),
    "variable not enabled": (
        {"customVariables": [{"variable": "u9", "value": "x"}]}, "custom_variables[0].variable",
        "CUSTOM_VARIABLE_NOT_ENABLED", "CUSTOM_VARIABLE_NOT_ENABLED",
    ),
    "value not set for variable": (
        {"customVariables": [{"variable": "u1", "value": "x"}]}, "custom_variables[0].value",
        "INVALID_CUSTOM_VARIABLE_VALUE", "CUSTOM_VARIABLE_NOT_PREDEFINED",
    ),
    "digest of nothing": (
        people({"emailAddress": OF_NOTHING}),
        "user_data.user_identifiers[0]", "INVALID_SHA256_FORMAT", None,
    ),
    "hashed postal code": (
        people({"address": {**ADDRESS, "postalCode": DIGEST}}),
        "user_data.user_identifiers[0].address.postal_code", "INVALID_FORMAT", None,
    ),
    "no source": ({"eventSource": None}, "event_source", "REQUIRED_FIELD_MISSING", None),
    "no currency": ({"currency": None}, "currency", "REQUIRED_FIELD_MISSING", None),
}  # fmt: skip
