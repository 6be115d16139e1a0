"""Splitting a full name, where a storefront keeps only one."""

import re
from typing import Final

from bridge.identity.normalise.text import letters, lower, tidy
from bridge.identity.tables import load

_PARTS: Final = load("name_parts")
_TITLES: Final = frozenset(_PARTS["titles"])
_SUFFIXES: Final = frozenset(_PARTS["suffixes"])
_PARTICLES: Final = frozenset(_PARTS["particles"])

# Han, kana and hangul: these names put the family first when a space parts them.
_FAMILY_FIRST: Final = re.compile(
    r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\s\u30fb]+"
)


def split_name(raw: str) -> tuple[str, str] | None:
    """Answer first and last name, or None when there are not two words to tell apart.

    The first word is the first name, the last one with the particles before it ("van der") the
    last name; middle names go. "Last, First" is understood; titles and suffixes are not names.
    """
    text = tidy(raw)
    if text.count(",") == 1:
        last, first = (part.strip() for part in text.split(","))
        if lower(letters(first)) not in _SUFFIXES:
            text = f"{first} {last}"
    words = _names_only(text.replace(",", " ").split())
    if len(words) < 2:  # noqa: PLR2004 -- a first and a last name
        return None
    if _FAMILY_FIRST.fullmatch(text):
        return words[-1], words[0]
    return words[0], " ".join(words[_last_name_from(words) :])


def _names_only(words: list[str]) -> list[str]:
    while words and lower(letters(words[0])) in _TITLES:
        words = words[1:]
    while words and lower(letters(words[-1])) in _SUFFIXES:
        words = words[:-1]
    return words


def _last_name_from(words: list[str]) -> int:
    start = len(words) - 1
    while start > 1 and lower(words[start - 1]) in _PARTICLES:
        start -= 1
    return start
