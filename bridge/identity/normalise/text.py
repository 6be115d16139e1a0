"""Text rules shared by the fields: invisible characters, letters, digits, lower case.

Every function is total (lone surrogates included) and has a short way for ASCII, which most
orders are.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

PLACEHOLDERS: Final = frozenset({"undefined", "null", "n/a", "[object object]"})
"""What storefront code writes when it has nothing; compared in lower case."""

# Soft hyphen, directional marks, zero-width space and no-break space, word joiner; and lone
# surrogates, which have no UTF-8 form to hash.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ud800-\udfff]+"
)
# Zero-width joiners spell words in Persian and Indic scripts: kept inside, dropped at the ends.
_JOINERS: Final = "\u200c\u200d"
_EDGES: Final = _JOINERS + "".join(
    character for character in map(chr, range(sys.maxunicode + 1)) if character.isspace()
)
_CONTROLS_AND_SPACE: Final = "".join(map(chr, range(33))) + "\x7f"
_ASCII_PUNCTUATION: Final = r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"""

_DROP_SPACE: Final = str.maketrans("", "", _CONTROLS_AND_SPACE)
_DROP_PUNCTUATION: Final = str.maketrans("", "", _CONTROLS_AND_SPACE + _ASCII_PUNCTUATION)
_DROP_NON_LETTERS: Final = str.maketrans(
    "", "", _CONTROLS_AND_SPACE + _ASCII_PUNCTUATION + "0123456789"
)


def tidy(raw: str) -> str:
    """Drop invisible characters, and Unicode white space at both ends."""
    if raw.isascii():
        return raw.strip()
    return _INVISIBLE.sub("", raw).strip(_EDGES)


def plain_word(raw: str) -> str:
    """Answer `raw` in lower case if it is nothing but ASCII letters and no placeholder, else "".

    Most names and cities are such words, on which no other rule here has any effect.
    """
    if not (raw.isascii() and raw.isalpha()):
        return ""
    word = raw.lower()
    return "" if word in PLACEHOLDERS else word


def is_placeholder(text: str) -> bool:
    """Whether tidy `text` is a known stand-in for nothing."""
    return text.lower() in PLACEHOLDERS


def lower(text: str) -> str:
    """Lower-case `text` in Unicode's composed form (NFC)."""
    text = text.lower()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def without_space(text: str) -> str:
    """Drop white space and control characters wherever they stand."""
    return _compose("".join(text.split()).translate(_DROP_SPACE))


def without_punctuation(text: str) -> str:
    """Drop white space, controls and ASCII punctuation; other scripts' signs stay."""
    return _compose("".join(text.split()).translate(_DROP_PUNCTUATION))


def letters(text: str) -> str:
    """Keep letters of every script and the marks that belong to them."""
    text = text.translate(_DROP_NON_LETTERS)
    if text.isascii():
        return text
    return _compose("".join(c for c in text if unicodedata.category(c)[0] in "LM"))


def letters_and_digits(text: str) -> str:
    """Keep letters, their marks and decimal digits, the digits as 0 to 9."""
    text = ascii_digits(text.translate(_DROP_PUNCTUATION))
    if text.isascii():
        return text
    return _compose("".join(c for c in text if c.isdecimal() or unicodedata.category(c)[0] in "LM"))


def ascii_digits(text: str) -> str:
    """Write decimal digits of any script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c, c)) for c in text)


def lookup_key(text: str) -> str:
    """Answer the lower-case letters of `text` without accents, to find it in a table."""
    key = letters(text.lower())
    if key.isascii():
        return key
    parts = unicodedata.normalize("NFKD", key)
    return "".join(c for c in parts if not unicodedata.combining(c))


def index(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Turn `table` (answer -> words) round: lookup key of each word -> answer."""
    return {lookup_key(word): answer for answer, words in table.items() for word in words}


def _compose(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text).strip(_JOINERS)
