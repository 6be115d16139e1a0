"""Our own lint on one server event at Meta, whose schema is sound."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qs, urlsplit

from mock_platform.rules import catalogue as rule
from mock_platform.rules.currencies import is_currency
from mock_platform.rules.fields import Event
from mock_platform.rules.hashing import entries, is_digest
from mock_platform.rules.known import Known
from mock_platform.rules.lint_catalogue import META
from mock_platform.rules.lint_elsewhere import check_elsewhere, texts
from mock_platform.rules.lint_identity import check_digests
from mock_platform.rules.lint_money import Amount, check_amount
from mock_platform.rules.model import Finding, Path, Rule
from mock_platform.rules.normal_forms import Kind
from mock_platform.rules.personal_data import in_address, in_value
from mock_platform.rules.plain_keys import fbclid_of, is_in_one_case
from mock_platform.rules.user_data import OTHER_KEYS

_KINDS = {
    "em": Kind.EMAIL,
    "ph": Kind.PHONE,
    "fn": Kind.FIRST_NAME,
    "ln": Kind.LAST_NAME,
    "ct": Kind.CITY,
    "st": Kind.STATE,
    "zp": Kind.POSTAL_CODE,
    "country": Kind.COUNTRY,
    "db": Kind.BIRTH_DATE,
    "ge": Kind.GENDER,
}
_ADDRESSES = ("event_source_url", "referrer_url")
# Texts of the event itself that name or number something.
_IDS = (
    "event_name", "event_id", "original_event_data", "attribution_data", "customer_segmentation",
    "advanced_measurement_table",
)  # fmt: skip
_DIGEST_LENGTH = 64


def lint_user_data(user_data: Event, known: Known) -> Iterator[Finding]:
    """What was hashed, as far as the mock can tell."""
    return check_digests(_digests(user_data), known.shoppers, META)


def _digests(user_data: Event) -> Iterator[tuple[Path, Kind, bytes]]:
    for key, kind in _KINDS.items():
        value = user_data.get(key)
        several = isinstance(value, list)
        for index, entry in enumerate(entries(value)):
            if isinstance(entry, str) and is_digest(entry):
                path: Path = ("user_data", key, index) if several else ("user_data", key)
                yield path, kind, bytes.fromhex(entry[:_DIGEST_LENGTH])


def lint_event(event: Event, known: Known) -> Iterator[Finding]:
    """Personal data in clear, the click that was changed on its way, and the amount."""
    yield from lint_user_data(event["user_data"], known)
    yield from lint_other_members(event, _ADDRESSES, known)
    yield from _click(event)
    if event["event_name"] == "Purchase":
        yield from lint_amount(event, event.get("custom_data") or {}, known)


def lint_other_members(event: Event, addresses: Iterable[str], known: Known) -> Iterator[Finding]:
    """Personal data in clear, and wrong digests, where no hashed member is.

    `addresses` are the members that are addresses of pages.
    """
    ids = {name: event.get(name) for name in _IDS}
    people = {name: event["user_data"].get(name) for name in sorted(OTHER_KEYS)}
    properties = event.get("custom_data") or {}
    yield from _in_clear(rule.PII_EVENT, ids, (), known)
    yield from _in_clear(rule.PII_EXTERNAL_ID, people, ("user_data",), known)
    yield from _in_clear(rule.PII_CUSTOM_DATA, properties, ("custom_data",), known)
    pages = {name: event.get(name) for name in addresses}
    for name, url in pages.items():
        if in_address(url or "", known.shoppers):
            yield Finding(rule=rule.PII_URL, path=(name,))
    holders = {**ids, **pages, "user_data": people, "custom_data": properties}
    yield from check_elsewhere(texts(holders, ()), known.shoppers, META, rule.HASH_EMPTY)


def _in_clear(
    broken: Rule, holder: Mapping[str, Any], path: Path, known: Known
) -> Iterator[Finding]:
    for place in in_value(holder, path, known.shoppers):
        yield Finding(rule=broken, path=place)


def _click(event: Event) -> Iterator[Finding]:
    """The click of the page's address: spelled otherwise in fbc, or another one."""
    kept = fbclid_of(event["user_data"].get("fbc"))
    if not kept or is_in_one_case(kept):
        return
    for name in _ADDRESSES:
        clicked = _fbclid(event.get(name) or "")
        if clicked != kept and clicked.lower() == kept.lower():
            message = f"the fbclid of {name} has other capitals"
            yield Finding(rule=rule.FBC_LOWERCASED, path=("user_data", "fbc"), message=message)
            return
    if _fbclid(event.get("event_source_url") or "") not in ("", kept):
        yield Finding(rule=rule.FBC_OTHER_CLICK, path=("user_data", "fbc"))


def _fbclid(url: str) -> str:
    try:
        return parse_qs(urlsplit(url).query).get("fbclid", [""])[0]
    except ValueError:
        return ""


def lint_amount(event: Event, custom_data: Event, known: Known) -> Iterator[Finding]:
    """What is odd about the value, if it is a number in a currency the platform takes."""
    value, currency = _decimal(custom_data.get("value")), custom_data.get("currency")
    if value is None or not currency or not is_currency(currency):
        return
    amount = Amount(
        value=value,
        currency=currency.upper(),
        order_id=custom_data.get("order_id") or event.get("event_id") or "",
        items=_items(custom_data.get("contents") or ()),
    )
    yield from check_amount(amount, ("custom_data", "value"), known, META)


def _items(contents: Any) -> Decimal | None:
    worth = [_line(entry) for entry in contents]
    return None if not worth or None in worth else sum(filter(None, worth), Decimal(0))


def _line(entry: Mapping[str, Any]) -> Decimal | None:
    price, quantity = _decimal(entry.get("item_price")), _decimal(entry.get("quantity", 1))
    return None if price is None or quantity is None else price * quantity


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
