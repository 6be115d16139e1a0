"""City, state, postcode and country."""

import re
from typing import Final

from bridge.identity.normalise.outcome import Normalised, OmitReason, Omitted, Outcome, outcome
from bridge.identity.normalise.text import (
    ascii_digits,
    index,
    is_placeholder,
    letters,
    letters_and_digits,
    lookup_key,
    lower,
    plain_word,
    tidy,
)
from bridge.identity.tables import load

# Four digits may be the second half, or the first without the zero a spreadsheet took away.
ZIP: Final = re.compile(r"([0-9]{3,5})(?:\W*([0-9]{4}))?\W*", re.ASCII)
_ZIP_PLUS_FOUR: Final = re.compile(r"[0-9]{5}-[0-9]{4}", re.ASCII)
ZIP_COUNTRIES: Final = frozenset({"us", "pr", "gu", "vi", "as", "mp", "um", "fm", "mh", "pw"})


def _country_codes() -> dict[str, str]:
    names = index({code.lower(): words for code, words in load("countries").items()})
    return names | {code: code for code in names.values()}


def _state_codes(country: str) -> dict[str, str]:
    """Know a state by its code, its ISO 3166-2 code and its names."""
    states = {
        code[3:].lower(): [code, code[3:], *names]
        for code, names in load("states").items()
        if code.startswith(country)
    }
    return index(states)


_COUNTRIES: Final = _country_codes()
_STATES: Final = {"us": _state_codes("US"), "ca": _state_codes("CA")}
_STATES_ANYWHERE: Final = _STATES["ca"] | _STATES["us"]


def ct(raw: str, _country: str | None = None) -> Outcome:
    """Keep a city's letters, accents included, in lower case.

    Meta: Customer information parameters, ct: no punctuation, special characters or spaces.
    """
    if word := plain_word(raw):
        return Normalised(word)
    text = tidy(raw)
    if is_placeholder(text):
        return Omitted(OmitReason.PLACEHOLDER)
    return outcome(letters(lower(text)))


def st(raw: str, country: str | None = None) -> Outcome:
    """Answer the two-letter code in the US and Canada, elsewhere the name without punctuation.

    Meta: as above, st. With no country, what names a US or Canadian state is taken for it.
    """
    word = plain_word(raw)
    text = word or tidy(raw)
    if not word and is_placeholder(text):
        return Omitted(OmitReason.PLACEHOLDER)
    home = country.lower() if country else None
    table = _STATES.get(home) if home else _STATES_ANYWHERE
    code = table.get(word or lookup_key(text)) if table is not None else None
    if code is not None:
        return Normalised(code)
    plain = word or letters_and_digits(lower(text))
    if plain and home in _STATES:
        return Omitted(OmitReason.UNKNOWN_WORD)
    return outcome(plain)


def zp(raw: str, country: str | None = None) -> Outcome:
    """Keep a postcode's letters and digits; of a US ZIP code the first five digits.

    Meta: as above, zp. Zeros that a spreadsheet took from a US ZIP code are put back.
    """
    text = tidy(raw)
    code = text if text.isascii() and text.isdigit() else letters_and_digits(lower(text))
    if is_placeholder(text) or (code and not code.strip("0")):
        return Omitted(OmitReason.PLACEHOLDER)
    if country.lower() in ZIP_COUNTRIES if country else _ZIP_PLUS_FOUR.fullmatch(text):
        return _us_zip(ascii_digits(text))
    if len(code) == 1:
        return Omitted(OmitReason.MALFORMED)
    return outcome(code)


def _us_zip(text: str) -> Outcome:
    match = ZIP.fullmatch(text)
    if match is None:
        return Omitted(OmitReason.MALFORMED if text else OmitReason.EMPTY)
    return Normalised(match[1].zfill(5))


def country(raw: str, _country: str | None = None) -> Outcome:
    """Answer the ISO 3166-1 alpha-2 code of a code or name, in lower case. Meta: as above."""
    code = country_code(raw)
    if code is not None:
        return Normalised(code)
    return Omitted(OmitReason.UNKNOWN_WORD if tidy(raw) else OmitReason.EMPTY)


def country_code(raw: str | None) -> str | None:
    """Answer the lower-case ISO 3166-1 alpha-2 code that `raw` names, or None."""
    if not raw:
        return None
    # Most carts write the code itself, and it is asked for several times an order.
    known = _COUNTRIES.get(raw.lower())
    if known:
        return known
    text = tidy(raw)
    # "n/a" would read as Namibia.
    return None if is_placeholder(text) else _COUNTRIES.get(lookup_key(text))
