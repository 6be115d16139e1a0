"""Personal data in clear where none belongs: in properties, ids and addresses of pages."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

import phonenumbers

from mock_platform.rules.model import Path
from mock_platform.rules.shoppers import Shoppers

_EMAIL = re.compile(r"[^@\s/?&=:;,<>\"']+@[^@\s/?&=:;,<>\"']+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"(?<![\w+])\+[1-9](?:[ ().\-/\u00a0]{0,3}\d){7,14}(?!\w)")
_ENCODED_TIMES = 3
_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
# Names of members and parameters whose value is about a person.
_NAMES = frozenset(
    {
        "email", "emailaddress", "mail", "useremail", "customeremail", "phone", "phonenumber",
        "telephone", "tel", "mobile", "cell", "firstname", "fname", "lastname", "lname", "surname",
        "fullname", "customername", "dob", "birthday", "birthdate", "dateofbirth", "street",
        "address1", "billingaddress", "shippingaddress", "ssn", "passport", "password",
    }
)  # fmt: skip


def in_text(text: str) -> bool:
    """Whether a text holds an e-mail address, or a phone number in international form."""
    return _EMAIL.search(text) is not None or any(map(_is_phone, _PHONE.findall(text)))


def _is_phone(text: str) -> bool:
    """Whether the calling code exists and the number is as long as its country's are."""
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return False
    possible = phonenumbers.is_possible_number_with_reason(number)
    return possible == phonenumbers.ValidationResult.IS_POSSIBLE


def in_value(value: object, path: Path, shoppers: Shoppers) -> Iterator[Path]:
    """Every place inside a JSON value that holds personal data in clear."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            inside = (*path, str(name))
            if _tells(str(name), member):
                yield inside
            else:
                yield from in_value(member, inside, shoppers)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from in_value(entry, (*path, index), shoppers)
    elif isinstance(value, str) and (in_text(value) or shoppers.is_in_clear(value)):
        yield path


def in_address(url: str, shoppers: Shoppers) -> bool:
    """Whether the address of a page holds personal data, in a parameter or anywhere."""
    if not url:
        return False
    try:
        parts = urlsplit(url)
        parameters = [*parse_qsl(parts.query), *parse_qsl(parts.fragment)]
    except ValueError:
        parameters = []
    plain = _decoded(url)
    return (
        _EMAIL.search(plain) is not None
        or shoppers.is_in_clear(plain.replace("+", " "))
        or any(in_text(_decoded(value)) or _tells(name, value) for name, value in parameters)
    )


def _decoded(text: str) -> str:
    """As it was before it was percent-encoded, perhaps several times."""
    for _ in range(_ENCODED_TIMES):
        text = unquote(text)
    return text


def _tells(name: str, value: object) -> bool:
    """Whether a member of this name tells something of a person."""
    if re.sub(r"[^a-z0-9]", "", name.lower()) not in _NAMES:
        return False
    return isinstance(value, str) and bool(value.strip()) and not _DIGEST.fullmatch(value)
