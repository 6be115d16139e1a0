"""Our own lint on one event of the Data Manager API."""

from collections.abc import Iterator
from decimal import Decimal

from mock_platform.rules import google_field_catalogue as rule
from mock_platform.rules.currencies import is_currency
from mock_platform.rules.google_context import Context, Read
from mock_platform.rules.google_identifiers import DIGEST_BYTES, decode
from mock_platform.rules.lint_catalogue import DATA_MANAGER
from mock_platform.rules.lint_elsewhere import check_elsewhere, texts
from mock_platform.rules.lint_identity import check_digests
from mock_platform.rules.lint_money import Amount, check_amount
from mock_platform.rules.model import Finding, Path
from mock_platform.rules.normal_forms import Kind
from mock_platform.rules.personal_data import in_value

_KINDS = {"email_address": Kind.EMAIL, "phone_number": Kind.PHONE}
_IN_ADDRESS = {
    "given_name": Kind.FIRST_NAME,
    "family_name": Kind.LAST_NAME,
    "address_line": Kind.STREET,
}
_CLEAR = (
    "transaction_id", "event_name", "client_id", "user_id", "app_instance_id", "event_location",
    "additional_event_parameters", "experimental_fields", "cart_data",
)  # fmt: skip


def lint_event(event: Read, context: Context) -> Iterator[Finding]:
    """What was hashed, personal data in clear, and the amount."""
    if not context.encrypted:
        digests = _digests(event, context.encoding)
        yield from check_digests(digests, context.known.shoppers, DATA_MANAGER)
    for name in _CLEAR:
        for path in in_value(event.get(name), (name,), context.known.shoppers):
            yield Finding(rule=rule.PII_CLEAR, path=path)
    holders = {name: event.get(name) for name in (*_CLEAR, "custom_variables")}
    shoppers = context.known.shoppers
    yield from check_elsewhere(texts(holders, ()), shoppers, DATA_MANAGER, rule.HASH_OF_NOTHING)
    yield from _amount(event, context)


def _digests(event: Read, encoding: str | int | None) -> Iterator[tuple[Path, Kind, bytes]]:
    identifiers = (event.get("user_data") or {}).get("user_identifiers") or ()
    for index, identifier in enumerate(identifiers):
        path: Path = ("user_data", "user_identifiers", index)
        yield from _of(identifier, _KINDS, path, encoding)
        address = identifier.get("address") or {}
        yield from _of(address, _IN_ADDRESS, (*path, "address"), encoding)


def _of(
    holder: Read, kinds: dict[str, Kind], path: Path, encoding: str | int | None
) -> Iterator[tuple[Path, Kind, bytes]]:
    for name, kind in kinds.items():
        if holder.get(name):
            decoded = decode(holder[name], encoding)
            if isinstance(decoded, bytes) and len(decoded) == DIGEST_BYTES:
                yield (*path, name), kind, decoded


def _amount(event: Read, context: Context) -> Iterator[Finding]:
    value, currency = event.get("conversion_value"), event.get("currency") or ""
    if value is None or not is_currency(currency) or not Decimal(str(value)).is_finite():
        return
    amount = Amount(
        value=Decimal(str(value)),
        currency=currency,
        order_id=event.get("transaction_id") or "",
        items=_items((event.get("cart_data") or {}).get("items") or ()),
    )
    yield from check_amount(amount, ("conversion_value",), context.known, DATA_MANAGER)


def _items(items: list[Read] | tuple[()]) -> Decimal | None:
    prices = [(item.get("unit_price"), item.get("quantity") or 1) for item in items]
    if not prices or any(price is None for price, _ in prices):
        return None
    return sum((Decimal(str(price)) * quantity for price, quantity in prices), Decimal(0))
