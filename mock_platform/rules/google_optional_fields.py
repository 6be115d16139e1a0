"""What an event may carry beside money and identity (reference: Event).

Since v1.8 the platform drops an optional field it cannot use and says so in a warning.
"""

import ipaddress
import re
from collections.abc import Iterator, Sequence

from mock_platform.rules import google_catalogue, google_field_catalogue
from mock_platform.rules.google_context import Context, Read
from mock_platform.rules.model import Finding, Path, Rule

ITEMS_MAX = 2000
VARIABLE_VALUE_MAX = 100
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DIGITS = re.compile(r"\d{1,20}", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2}")
_M49 = re.compile(r"\d{3}", re.ASCII)
_CATEGORIES = frozenset({"desktop", "tablet", "mobile", "smart tv"})
rule = google_field_catalogue

# member of event_location -> how it looks, the rule broken otherwise
_LOCATION: tuple[tuple[str, re.Pattern[str], Rule], ...] = (
    ("region_code", re.compile(r"[A-Z]{2}"), rule.LOCATION_REGION),
    ("subdivision_code", re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}"), rule.SUBDIVISION),
    ("subcontinent_code", _M49, rule.SUBCONTINENT),
    ("continent_code", _M49, rule.CONTINENT),
)


def check_optional_fields(event: Read, context: Context) -> Iterator[Finding]:
    """Cart, location, devices and variables of one event."""
    cart = event.get("cart_data")
    if cart is not None:
        yield from _cart(cart)
        identifiers = event.get("ad_identifiers") or {}
        if identifiers.get("gbraid") or identifiers.get("wbraid"):
            yield Finding(rule=rule.CART_WITH_BRAID, path=("cart_data",))
    yield from _location(event.get("event_location") or {})
    for path, device in devices(event):
        yield from _device(device, path)
    yield from _variables(event.get("custom_variables") or (), context)


def _cart(cart: Read) -> Iterator[Finding]:
    yield from _feed(cart, ("cart_data",))
    for index, code in enumerate(cart.get("coupon_codes") or ()):
        if not code or not code.strip():
            yield Finding(rule=rule.COUPON, path=("cart_data", "coupon_codes", index))
    items = cart.get("items") or ()
    if len(items) > ITEMS_MAX:
        path: Path = ("cart_data", "items")
        yield Finding(rule=google_catalogue.TOO_MANY_ELEMENTS, path=path)
    for index, item in enumerate(items):
        yield from _item(item, ("cart_data", "items", index))


def _item(item: Read, path: Path) -> Iterator[Finding]:
    yield from _feed(item, path)
    if not item.get("merchant_product_id"):
        yield Finding(rule=rule.ITEM_ID_MISSING, path=(*path, "merchant_product_id"))
    if item.get("unit_price") is None:
        yield Finding(rule=rule.ITEM_PRICE_MISSING, path=(*path, "unit_price"))


def _feed(holder: Read, path: Path) -> Iterator[Finding]:
    merchant_id = holder.get("merchant_id")
    if merchant_id and not _DIGITS.fullmatch(merchant_id):
        yield Finding(rule=rule.MERCHANT_ID, path=(*path, "merchant_id"))
    language = holder.get("merchant_feed_language_code")
    if language and not _LANGUAGE.fullmatch(language):
        yield Finding(rule=rule.FEED_LANGUAGE, path=(*path, "merchant_feed_language_code"))


def _location(location: Read) -> Iterator[Finding]:
    for name, expected, broken in _LOCATION:
        value = location.get(name)
        if value and not expected.fullmatch(value):
            yield Finding(rule=broken, path=("event_location", name))


def devices(event: Read) -> Iterator[tuple[Path, Read]]:
    """The devices an event tells of, each with its path."""
    own = event.get("event_device_info")
    if own is not None:
        yield ("event_device_info",), own
    landing = (event.get("ad_identifiers") or {}).get("landing_page_device_info")
    if landing is not None:
        yield ("ad_identifiers", "landing_page_device_info"), landing


def _device(device: Read, path: Path) -> Iterator[Finding]:
    category, address = device.get("category"), device.get("ip_address")
    if category and category.lower() not in _CATEGORIES:
        yield Finding(rule=rule.DEVICE_CATEGORY, path=(*path, "category"))
    for name in ("screen_height", "screen_width"):
        if (device.get(name) or 0) < 0:
            yield Finding(rule=rule.SCREEN, path=(*path, name))
    if address and not _is_address(address):
        yield Finding(rule=rule.IP_ADDRESS, path=(*path, "ip_address"))


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def _variables(variables: Sequence[Read], context: Context) -> Iterator[Finding]:
    for index, variable in enumerate(variables):
        name, value = variable.get("variable") or "", variable.get("value") or ""
        path: Path = ("custom_variables", index)
        if _EMAIL.search(value):
            yield Finding(rule=rule.VARIABLE_PII, path=(*path, "value"))
        if len(value) > VARIABLE_VALUE_MAX:
            yield Finding(rule=google_catalogue.TOO_LONG, path=(*path, "value"))
        yield from _enabled(name, value, path, context)


def _enabled(name: str, value: str, path: Path, context: Context) -> Iterator[Finding]:
    enabled = context.world.google_custom_variables
    if enabled is None:
        return
    if name not in enabled:
        yield Finding(rule=rule.VARIABLE_NOT_ENABLED, path=(*path, "variable"))
    elif enabled[name] and value not in enabled[name]:
        yield Finding(rule=rule.VARIABLE_VALUE, path=(*path, "value"))
