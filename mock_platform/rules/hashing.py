"""Members that must arrive hashed (documents: customer-information-parameters).

A digest is SHA-256 as 64 lowercase hexadecimal digits. Meta's Parameter Builder appends a dot and
a mark of 2 or 8 characters; that is legal.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto

from mock_platform.rules import catalogue as rule
from mock_platform.rules.model import Finding, Path, Rule

SUFFIX = r"(?:\.(?:[A-Za-z0-9_-]{8}|AQ|Ag|Aw|BA|BQ|Bg))?"
_DIGEST = re.compile(rf"[0-9a-fA-F]{{64}}{SUFFIX}")
# A digest of another length or in base64, rather than what somebody typed.
_ENCODED = re.compile(r"[A-Za-z0-9+/_.-]{24,}={0,2}")
_MD5 = re.compile(r"[0-9a-fA-F]{32}")
SHA256_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

HASHED_KEYS = frozenset(
    {
        "em", "ph", "fn", "ln", "ge", "db", "ct", "st", "zp", "country",
        "f5first", "f5last", "fi", "dobd", "dobm", "doby",
    }
)  # fmt: skip


class Shape(Enum):
    """What a text in a hashed member is."""

    DIGEST = auto()
    UPPERCASE_DIGEST = auto()
    MD5 = auto()
    DIGEST_OF_NOTHING = auto()
    EMPTY = auto()
    PLAIN_TEXT = auto()
    OTHER = auto()


_RULE_OF: dict[Shape, Rule] = {
    Shape.UPPERCASE_DIGEST: rule.HASH_UPPERCASE,
    Shape.MD5: rule.HASH_MD5,
    Shape.DIGEST_OF_NOTHING: rule.HASH_EMPTY,
    Shape.EMPTY: rule.EMPTY_VALUE,
    Shape.PLAIN_TEXT: rule.HASH_PLAIN_TEXT,
    Shape.OTHER: rule.HASH_FORMAT,
}
# What the platform can match a person with: it is known to take MD5 digests from its own SDKs.
_USABLE = frozenset({Shape.DIGEST, Shape.UPPERCASE_DIGEST, Shape.MD5})


def shape_of(value: object) -> Shape:
    """Classify one entry of a hashed member."""
    if value is None or value == "":
        return Shape.EMPTY
    if not isinstance(value, str):
        return Shape.OTHER
    if not _DIGEST.fullmatch(value):
        return _shape_of_no_digest(value)
    digest = value[:64]
    lowered = digest.lower()
    if lowered == SHA256_OF_NOTHING:
        return Shape.DIGEST_OF_NOTHING
    return Shape.DIGEST if digest == lowered else Shape.UPPERCASE_DIGEST


def _shape_of_no_digest(value: str) -> Shape:
    if _MD5.fullmatch(value):
        return Shape.MD5
    return Shape.OTHER if _ENCODED.fullmatch(value) else Shape.PLAIN_TEXT


def is_digest(value: object) -> bool:
    """Whether `value` is a SHA-256 digest in either case, with or without the mark."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def entries(value: object) -> list[object]:
    """The entries of a member that takes one value or a list."""
    return value if isinstance(value, list) else [value]


def is_usable(value: object) -> bool:
    """Whether a hashed member has at least one entry that can match a person."""
    return any(shape_of(entry) in _USABLE for entry in entries(value))


def check_hashed(key: str, value: object) -> Iterator[Finding]:
    """Every entry of one hashed member."""
    several = isinstance(value, list)
    for index, entry in enumerate(entries(value)):
        shape = shape_of(entry)
        if shape is not Shape.DIGEST:
            path: Path = ("user_data", key, index) if several else ("user_data", key)
            yield Finding(rule=_RULE_OF[shape], path=path)
