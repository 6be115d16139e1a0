"""Money and contents of one event (documents: custom-data)."""

from collections.abc import Iterator

from mock_platform.rules import catalogue as rule
from mock_platform.rules.currencies import is_currency
from mock_platform.rules.fields import (
    DELIVERY_CATEGORIES,
    Event,
    is_finite_and_positive,
    is_integer,
)
from mock_platform.rules.model import Finding


def check_custom_data(event: Event) -> Iterator[Finding]:
    """Value, currency and contents of an event whose schema is sound."""
    custom_data: Event = event.get("custom_data") or {}
    yield from _money(custom_data, purchase=event["event_name"] == "Purchase")
    yield from _contents(custom_data)
    num_items = custom_data.get("num_items")
    if num_items is not None and not (is_integer(num_items) and num_items >= 0):
        yield Finding(rule=rule.NUM_ITEMS, path=("custom_data", "num_items"))


def _money(custom_data: Event, *, purchase: bool) -> Iterator[Finding]:
    value, currency = custom_data.get("value"), custom_data.get("currency")
    path = ("custom_data", "value")
    if value in (None, ""):
        if purchase:
            yield Finding(rule=rule.VALUE_MISSING, path=path)
    elif not is_finite_and_positive(value):
        yield Finding(rule=rule.VALUE_NEGATIVE, path=path, message='"value" must be 0 or more')
    path = ("custom_data", "currency")
    if currency:
        if not is_currency(currency):
            yield Finding(rule=rule.CURRENCY_INVALID, path=path)
    elif purchase:
        yield Finding(rule=rule.CURRENCY_MISSING, path=path)
    elif value not in (None, ""):
        yield Finding(rule=rule.VALUE_WITHOUT_CURRENCY, path=path)


def _contents(custom_data: Event) -> Iterator[Finding]:
    for index, entry in enumerate(custom_data.get("contents") or ()):
        path = ("custom_data", "contents", index)
        if entry.get("id") in (None, ""):
            yield Finding(rule=rule.CONTENTS_ID, path=(*path, "id"))
        quantity = entry.get("quantity")
        if quantity is not None and not (is_integer(quantity) and quantity > 0):
            yield Finding(rule=rule.QUANTITY, path=(*path, "quantity"))
        delivery = entry.get("delivery_category")
        if delivery not in (None, "", *DELIVERY_CATEGORIES):
            message = f'"delivery_category" must be one of {", ".join(sorted(DELIVERY_CATEGORIES))}'
            yield Finding(rule=rule.NOT_IN_ENUM, path=(*path, "delivery_category"), message=message)
