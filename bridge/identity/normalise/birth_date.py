"""Dates of birth, in the ways people and systems write them."""

import re
from datetime import UTC, date, datetime
from typing import Final

from bridge.identity.normalise.outcome import Normalised, OmitReason, Omitted, Outcome
from bridge.identity.normalise.text import ascii_digits, is_placeholder, tidy

_YEAR_FIRST: Final = re.compile(
    r"(\d{4})(?:(\d{2})(\d{2})|([-/.])(\d{1,2})\4(\d{1,2}))(?:[T ].*)?", re.ASCII | re.DOTALL
)
_YEAR_LAST: Final = re.compile(r"(\d{1,2})([-/.] ?)(\d{1,2})\2(\d{4})", re.ASCII)
_FIRST_YEAR: Final = 1900
_MONTHS: Final = 12

# Where 3/4/1990 is the fourth of March; also what Meta's Parameter Builder takes it for.
_MONTH_FIRST: Final = frozenset(
    {"", "us", "pr", "gu", "vi", "as", "mp", "um", "ph", "fm", "mh", "pw"}
)


def db(raw: str, country: str | None = None, *, today: date | None = None) -> Outcome:
    """Answer YYYYMMDD of a real day from 1900 to today. Meta: Customer information parameters, db.

    Dotted dates are day first. Others are day first or month first as only one of them makes sense,
    else by the custom of `country` (month first when it is not known). Two-digit years are refused.
    """
    text = ascii_digits(tidy(raw))
    parts = _year_first(text) or _year_last(text, (country or "").lower())
    if parts is not None:
        return _validated(*parts, today or datetime.now(UTC).date())
    if not text:
        return Omitted(OmitReason.EMPTY)
    return Omitted(OmitReason.PLACEHOLDER if is_placeholder(text) else OmitReason.MALFORMED)


def _year_first(text: str) -> tuple[int, int, int] | None:
    match = _YEAR_FIRST.fullmatch(text)
    if match is None:
        return None
    return int(match[1]), int(match[2] or match[5]), int(match[3] or match[6])


def _year_last(text: str, country: str) -> tuple[int, int, int] | None:
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    month_first = match[2][0] != "." and country in _MONTH_FIRST
    if (month_first and first <= _MONTHS) or second > _MONTHS:
        return year, first, second
    return year, second, first


def _validated(year: int, month: int, day: int, today: date) -> Outcome:
    try:
        born = date(year, month, day)
    except ValueError:
        return Omitted(OmitReason.IMPOSSIBLE)
    if not (year >= _FIRST_YEAR and born <= today):
        return Omitted(OmitReason.IMPOSSIBLE)
    return Normalised(f"{year}{month:02}{day:02}")
