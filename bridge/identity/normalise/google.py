"""Google's rules, where they are not Meta's (Data Manager API: Format user data).

Where the documentation is silent, Google's own Node library is followed; unlike it, repeated white
space counts once, letters are in composed form (NFC) and stand-ins for nothing are left out.
"""

import re
import unicodedata
from typing import Final

from bridge.identity.normalise.outcome import Normalised, OmitReason, Omitted, Outcome
from bridge.identity.normalise.person import email_text, valid_email
from bridge.identity.normalise.place import ZIP, ZIP_COUNTRIES, country
from bridge.identity.normalise.text import (
    ascii_digits,
    is_placeholder,
    lower,
    plain_word,
    tidy,
)
from bridge.identity.tables import load

_DOTLESS: Final = frozenset({"gmail.com", "googlemail.com"})

_PARTS: Final = load("google_name_parts")
_PREFIXES: Final = frozenset(_PARTS["prefixes"])
_SUFFIXES: Final = frozenset(_PARTS["suffixes"])
_BETWEEN: Final = ", "

# Dashes of every width, and what Japanese keyboards write for one.
_DASH: Final = re.compile(r"\s*[-\u2010-\u2015\u2212\u30fc]\s*")
_JAPANESE_POST: Final = "\u3012"
_CODE: Final = re.compile(r"(?=[A-Za-z -]*[0-9])(?=.{2,12}\Z)[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*")


def email(raw: str, _country: str | None = None) -> Outcome:
    """Lower-case a valid address; Gmail's without dots and without what follows a plus sign.

    Google: emailAddress. googlemail.com stays googlemail.com.
    """
    text = email_text(raw)
    name, at, domain = text.rpartition("@")
    if domain in _DOTLESS:
        text = name.partition("+")[0].replace(".", "") + at + domain
    return valid_email(text)


def given_name(raw: str, _country: str | None = None) -> Outcome:
    """Lower-case a name without "Mrs." and the like. Google: address.givenName."""
    if (word := plain_word(raw)) and word not in _PREFIXES:
        return Normalised(word)
    name = _name(raw)
    while name.partition(" ")[0] in _PREFIXES:
        name = name.partition(" ")[2]
    return _judged(name)


def family_name(raw: str, _country: str | None = None) -> Outcome:
    """Lower-case a name without "Jr." and the like. Google: address.familyName.

    A suffix is one only when something stands before it: V alone is a name.
    """
    if word := plain_word(raw):
        return Normalised(word)
    name = _name(raw)
    if " " in name or "," in name:
        name = _without_suffixes(name)
    return _judged(name)


def region_code(raw: str, _country: str | None = None) -> Outcome:
    """Answer the ISO 3166-1 alpha-2 code of a code or name, in capitals. Google: regionCode."""
    made = country(raw)
    if isinstance(made, Normalised):
        return Normalised(made.value.upper())
    return Omitted(OmitReason.PLACEHOLDER) if is_placeholder(tidy(raw)) else made


def postal_code(raw: str, country: str | None = None) -> Outcome:
    """Keep a postcode as it is written; of the US 5 digits, or ZIP+4. Google: address.postalCode.

    One that no country could have is left out: sent in clear, it could fail a whole request.
    """
    code = _postal_text(raw)
    if not code:
        return Omitted(OmitReason.EMPTY)
    if is_placeholder(code) or not code.strip("0 -"):
        return Omitted(OmitReason.PLACEHOLDER)
    if country is not None and country.lower() in ZIP_COUNTRIES:
        return _zip_code(code)
    return Normalised(code) if _CODE.fullmatch(code) else Omitted(OmitReason.MALFORMED)


def _name(raw: str) -> str:
    return lower(" ".join(tidy(raw).split()))


def _without_suffixes(name: str) -> str:
    """Take suffixes off the end, each with the comma or space before it."""
    while True:
        name = name.rstrip(_BETWEEN)
        last = name.replace(",", " ").rpartition(" ")[2]
        before = name.removesuffix(last)
        if not before or last not in _SUFFIXES:
            return name.strip(_BETWEEN)
        name = before


def _judged(name: str) -> Outcome:
    name = tidy(name)
    if not name:
        return Omitted(OmitReason.EMPTY)
    if is_placeholder(name):
        return Omitted(OmitReason.PLACEHOLDER)
    # A dash, a full stop or a number stands where a form would not do without a name.
    return Normalised(name) if any(map(str.isalpha, name)) else Omitted(OmitReason.MALFORMED)


def _postal_text(raw: str) -> str:
    if raw.isascii() and raw.isalnum():
        return raw
    text = tidy(raw)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", ascii_digits(text)).replace(_JAPANESE_POST, "")
    return _DASH.sub("-", " ".join(text.split()))


def _zip_code(code: str) -> Outcome:
    match = ZIP.fullmatch(code)
    if match is None:
        return Omitted(OmitReason.MALFORMED)
    five, four = match[1].zfill(5), match[2]
    return Normalised(f"{five}-{four}" if four else five)
