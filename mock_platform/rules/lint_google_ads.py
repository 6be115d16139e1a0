"""Our own lint on one row of an upload to Google Ads."""

import re
from collections.abc import Iterator
from decimal import Decimal

from mock_platform.rules import google_ads_catalogue as rule
from mock_platform.rules.currencies import is_currency
from mock_platform.rules.google_ads_row import Upload
from mock_platform.rules.google_context import Read
from mock_platform.rules.hashing import SHA256_OF_NOTHING
from mock_platform.rules.lint_catalogue import GOOGLE_ADS
from mock_platform.rules.lint_elsewhere import check_elsewhere, texts
from mock_platform.rules.lint_identity import check_digests
from mock_platform.rules.lint_money import Amount, check_amount
from mock_platform.rules.model import Finding, Path
from mock_platform.rules.normal_forms import Kind

_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
_NOTHING = bytes.fromhex(SHA256_OF_NOTHING)
_KINDS = {"hashed_email": Kind.EMAIL, "hashed_phone_number": Kind.PHONE}
_IN_ADDRESS = {
    "hashed_first_name": Kind.FIRST_NAME,
    "hashed_last_name": Kind.LAST_NAME,
    "hashed_street_address": Kind.STREET,
}


def lint_row(row: Read, upload: Upload) -> Iterator[Finding]:
    """What was hashed, and the amount."""
    digests = list(_digests(row))
    for path, _, digest in digests:
        if digest == _NOTHING:
            yield Finding(rule=rule.HASH_OF_NOTHING, path=path)
    shoppers = upload.known.shoppers
    yield from check_digests(digests, shoppers, GOOGLE_ADS)
    ids = {name: row.get(name) for name in ("order_id", "custom_variables")}
    yield from check_elsewhere(texts(ids, ()), shoppers, GOOGLE_ADS, rule.HASH_OF_NOTHING)
    value, currency = row.get("conversion_value"), row.get("currency_code") or ""
    if value is None or not is_currency(currency) or not Decimal(str(value)).is_finite():
        return
    order_id = row.get("order_id") or ""
    amount = Amount(value=Decimal(str(value)), currency=currency, order_id=order_id)
    yield from check_amount(amount, ("conversion_value",), upload.known, GOOGLE_ADS)


def _digests(row: Read) -> Iterator[tuple[Path, Kind, bytes]]:
    for index, identifier in enumerate(row.get("user_identifiers") or ()):
        path: Path = ("user_identifiers", index)
        yield from _of(identifier, _KINDS, path)
        address = identifier.get("address_info") or {}
        yield from _of(address, _IN_ADDRESS, (*path, "address_info"))


def _of(holder: Read, kinds: dict[str, Kind], path: Path) -> Iterator[tuple[Path, Kind, bytes]]:
    for name, kind in kinds.items():
        digest = holder.get(name)
        if digest and _DIGEST.fullmatch(digest):
            yield (*path, name), kind, bytes.fromhex(digest)
