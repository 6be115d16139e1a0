"""Personal data in clear where none belongs: in properties, ids and addresses of pages."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

from mock_platform.rules.model import Path

_EMAIL = re.compile(r"[^@\s/?&=:;,<>\"']+@[^@\s/?&=:;,<>\"']+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"\+\d{8,15}")
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
    """Whether a text holds an e-mail address, or is a phone number in international form."""
    return _EMAIL.search(text) is not None or _PHONE.fullmatch(text.strip()) is not None


def in_value(value: object, path: Path) -> Iterator[Path]:
    """Every place inside a JSON value that holds personal data in clear."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            inside = (*path, str(name))
            if _tells(str(name), member):
                yield inside
            else:
                yield from in_value(member, inside)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from in_value(entry, (*path, index))
    elif isinstance(value, str) and in_text(value):
        yield path


def in_address(url: str) -> bool:
    """Whether the address of a page holds personal data, in a parameter or anywhere."""
    if not url:
        return False
    try:
        parameters = parse_qsl(urlsplit(url).query)
    except ValueError:
        parameters = []
    return _EMAIL.search(unquote(url)) is not None or any(
        in_text(value) or _tells(name, value) for name, value in parameters
    )


def _tells(name: str, value: object) -> bool:
    """Whether a member of this name tells something of a person."""
    if re.sub(r"[^a-z0-9]", "", name.lower()) not in _NAMES:
        return False
    return isinstance(value, str) and bool(value.strip()) and not _DIGEST.fullmatch(value)
