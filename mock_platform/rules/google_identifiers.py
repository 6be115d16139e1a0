"""Who an event is about: hashed identifiers and addresses (guide: formatting)."""

import base64
import binascii
import re
from collections.abc import Iterator

from mock_platform.rules import google_field_catalogue as rule
from mock_platform.rules.google_context import Read
from mock_platform.rules.hashing import SHA256_OF_NOTHING
from mock_platform.rules.model import Finding, Path, Rule

IDENTIFIERS_MAX = 10
DIGEST_BYTES = 32
_ENCODINGS = ("HEX", "BASE64")
_DIGEST_OF_NOTHING = bytes.fromhex(SHA256_OF_NOTHING)
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")
_REGION = re.compile(r"[A-Za-z]{2}")
# Region -> its postal codes; elsewhere any text of 2 to 12 characters.
_POSTAL_CODES = {"US": re.compile(r"\d{5}(?:-?\d{4})?")}
_ANY_POSTAL_CODE = re.compile(r"(?=.*[A-Za-z0-9])[\w .-]{2,12}")
_ADDRESS = ("given_name", "family_name", "region_code", "postal_code")
_HASHED_IN_ADDRESS = ("given_name", "family_name", "address_line")


def check_user_data(
    user_data: Read, path: Path, encoding: str | int | None, *, encrypted: bool
) -> Iterator[Finding]:
    """Number and format of the identifiers in one `user_data`."""
    identifiers = user_data.get("user_identifiers") or []
    place: Path = (*path, "user_identifiers")
    if not identifiers:
        yield Finding(rule=rule.TOO_FEW_IDENTIFIERS, path=place)
    if len(identifiers) > IDENTIFIERS_MAX:
        yield Finding(rule=rule.TOO_MANY_IDENTIFIERS, path=place)
    for index, identifier in enumerate(identifiers):
        yield from _identifier(identifier, (*place, index), encoding, encrypted=encrypted)


def _identifier(
    identifier: Read, path: Path, encoding: str | int | None, *, encrypted: bool
) -> Iterator[Finding]:
    if not any(identifier.values()):
        yield Finding(rule=rule.IDENTIFIER_EMPTY, path=path)
    for name in ("email_address", "phone_number"):
        # The platform's own example names the identifier, not its member.
        yield from _hashed(identifier.get(name), path, encoding, encrypted=encrypted)
    address = identifier.get("address")
    if address is not None:
        yield from _address(address, (*path, "address"), encoding, encrypted=encrypted)


def _hashed(
    value: str | None, path: Path, encoding: str | int | None, *, encrypted: bool
) -> Iterator[Finding]:
    if not value or encoding not in _ENCODINGS:
        return
    decoded = decode(value, encoding)
    if isinstance(decoded, Rule):
        yield Finding(rule=decoded, path=path)
    elif encrypted:
        return
    elif len(decoded) != DIGEST_BYTES:
        yield Finding(rule=rule.SHA256, path=path)
    elif decoded == _DIGEST_OF_NOTHING:
        yield Finding(rule=rule.HASH_OF_NOTHING, path=path)


def decode(value: str, encoding: str | int | None) -> bytes | Rule:
    """The bytes of an encoded value, or the rule it breaks. Hexadecimal may be of either case."""
    if encoding == "BASE64":
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error:
            return rule.BASE64
    return bytes.fromhex(value) if _HEX.fullmatch(value) else rule.HEX


def _address(
    address: Read, path: Path, encoding: str | int | None, *, encrypted: bool
) -> Iterator[Finding]:
    for name in _ADDRESS:
        if not address.get(name):
            yield Finding(rule=rule.ADDRESS_INCOMPLETE, path=(*path, name))
    for name in _HASHED_IN_ADDRESS:
        yield from _hashed(address.get(name), (*path, name), encoding, encrypted=encrypted)
    yield from _plain(address, path)


def _plain(address: Read, path: Path) -> Iterator[Finding]:
    region, postal_code = address.get("region_code"), address.get("postal_code")
    if region and not _REGION.fullmatch(region):
        broken = rule.PLAIN_HASHED if _is_digest(region) else rule.REGION
        yield Finding(rule=broken, path=(*path, "region_code"))
    if postal_code and _is_digest(postal_code):
        yield Finding(rule=rule.PLAIN_HASHED, path=(*path, "postal_code"))
    elif postal_code:
        expected = _POSTAL_CODES.get((region or "").upper(), _ANY_POSTAL_CODE)
        if not expected.fullmatch(postal_code):
            yield Finding(rule=rule.POSTAL_CODE, path=(*path, "postal_code"))


def _is_digest(value: str) -> bool:
    return len(value) == 2 * DIGEST_BYTES and _HEX.fullmatch(value) is not None
