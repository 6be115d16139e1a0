"""How a value goes wrong on its way to a hash, and what that is called."""

import html
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

import phonenumbers

from mock_platform.rules.normal_forms import Kind, number_of, tidy

Mistake = tuple[str, str]

# What stands around a value that nobody trimmed.
_AROUND: tuple[tuple[str, str], ...] = (
    ("{}", ""),
    (" {}", "a space in front"),
    ("{} ", "a space behind"),
    (" {} ", "spaces around it"),
    ("{}\n", "a line break behind"),
    ("{}\r\n", "a line break behind"),
    ("\t{}", "a tab in front"),
    ("{}\t", "a tab behind"),
    ("\u00a0{}", "a no-break space in front"),
    ("{}\u00a0", "a no-break space behind"),
    ("\ufeff{}", "a byte order mark in front"),
    ("{}\u200b", "a zero-width space behind"),
    ('"{}"', "quotes around it"),
    ("'{}'", "quotes around it"),
    ("{},", "a comma behind"),
    ("{};", "a semicolon behind"),
)


def mistakes(kind: Kind, text: str, country: str) -> Iterator[Mistake]:
    """Every wrong text made of `text`, and what is wrong with it. Some may be right by chance."""
    for written, case in _written(text):
        for around, untrimmed in _AROUND:
            told = ", ".join(filter(None, (untrimmed, case)))
            yield around.format(written), told or "as it was written"
        yield from _encoded(written)
    own = _OF_KIND.get(kind)
    if own is not None:
        yield from own(text.strip(), country)


def _written(text: str) -> Iterator[Mistake]:
    given = text.strip()
    yield text, "as it was written"
    yield tidy(given), ""
    yield given, "capitals" if given != given.lower() else ""
    yield given.upper(), "upper case"
    yield given.title(), "capitals"
    yield given.capitalize(), "capitals"


def _encoded(text: str) -> Iterator[Mistake]:
    yield quote(text), "URL-encoded"
    yield quote(text, safe=""), "URL-encoded"
    yield html.escape(text), "HTML-escaped"
    yield unicodedata.normalize("NFD", text), "accents as characters of their own"
    yield text.encode().decode("latin-1"), "UTF-8 read as Latin-1"


def _email(text: str, country: str) -> Iterator[Mistake]:
    del country
    address = tidy(text)
    local, _, domain = address.rpartition("@")
    yield f"mailto:{address}", "mailto: in front"
    yield f"<{address}>", "angle brackets around it"
    yield local, "the part before the @ alone"
    yield domain, "the domain alone"
    yield address.replace("@", " at "), "the @ written out"
    yield f"{local.replace('.', '')}@{domain}", "dots dropped, which only Gmail ignores"
    yield (
        f"{local.partition('+')[0]}@{domain}",
        "the part from + on dropped, which only Gmail ignores",
    )
    yield f"{local}@{domain.replace('googlemail.com', 'gmail.com')}", "another domain"


def _phone(text: str, country: str) -> Iterator[Mistake]:
    number = number_of(text, country)
    if number is None:
        return
    formats = phonenumbers.PhoneNumberFormat
    code, own = str(number.country_code), str(number.national_number)
    written = {
        "as people write it abroad": phonenumbers.format_number(number, formats.INTERNATIONAL),
        "as people write it at home": phonenumbers.format_number(number, formats.NATIONAL),
        "as a link": phonenumbers.format_number(number, formats.RFC3966),
    }
    for told, spelled in written.items():
        yield spelled, told
        yield spelled.replace(" ", ""), told
        yield spelled.replace(" ", "-"), told
        yield "".join(filter(str.isdigit, spelled)), f"{told}, digits only"
    yield own, "the calling code is missing"
    yield f"0{own}", "0 in place of the calling code"
    yield f"00{code}{own}", "00 in front of the calling code"
    yield f"{code}0{own}", "0 behind the calling code"
    yield f"+{code}0{own}", "0 behind the calling code"
    yield f"+{code}(0){own}", "(0) behind the calling code"
    yield f"{code}{own}", "the plus sign is missing"
    yield f"+{code}{own}", "a plus sign in front"
    yield f"{code}{code}{own}", "the calling code twice"
    yield f"{code}{own}.0", "a number with a fraction"


def _birth_date(text: str, country: str) -> Iterator[Mistake]:
    del country
    year, _, rest = text.partition("-")
    month, _, day = rest.partition("-")
    if not day:
        return
    for order in ((day, month, year), (month, day, year), (year, day, month)):
        for mark in ("", ".", "/", "-", " "):
            # Another person's birthday, rightly written, where the day could be a month.
            if mark or order[0] != year or day > "12":
                yield mark.join(order), "another order of day, month and year"
    for mark in (".", "/", "-", " "):
        yield mark.join((year, month, day)), "marks between year, month and day"
    yield f"{year[2:]}{month}{day}", "two digits of the year"
    yield f"{text}T00:00:00Z", "a time behind it"
    yield f"{text}T00:00:00.000Z", "a time behind it"


def _gender(text: str, country: str) -> Iterator[Mistake]:
    del country
    yield tidy(text)[:1].upper(), "upper case"
    words = {"f": ("female", "woman", "frau", "mrs", "ms"), "m": ("male", "man", "herr", "mr")}
    for word in words.get(tidy(text)[:1], ()):
        for written in (word, word.upper(), word.capitalize()):
            yield written, "a word in place of f or m"
    yield from ((number, "a number in place of f or m") for number in ("1", "2"))


def _postal_code(text: str, country: str) -> Iterator[Mistake]:
    code = tidy(text)
    if country == "US":
        yield f"{code[:5]}-0000", "nine digits"
        yield f"{code[:5]}.0", "a number with a fraction"
    yield f"{country.lower()}-{code}", "the country in front"


def _country(text: str, country: str) -> Iterator[Mistake]:
    del country
    yield _ALPHA_3.get(tidy(text), ""), "three letters in place of two"
    yield _NAMES.get(tidy(text), ""), "a name in place of two letters"


_OF_KIND: Mapping[Kind, Callable[[str, str], Iterator[Mistake]]] = {
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.BIRTH_DATE: _birth_date,
    Kind.GENDER: _gender,
    Kind.POSTAL_CODE: _postal_code,
    Kind.COUNTRY: _country,
}
_ALPHA_3 = {
    "us": "usa", "ca": "can", "gb": "gbr", "de": "deu", "fr": "fra", "it": "ita", "es": "esp",
    "nl": "nld", "at": "aut", "ch": "che", "pl": "pol", "jp": "jpn", "in": "ind", "br": "bra",
    "au": "aus", "kw": "kwt",
}  # fmt: skip
_NAMES = {
    "us": "united states", "ca": "canada", "gb": "united kingdom", "de": "germany", "fr": "france",
    "it": "italy", "es": "spain", "nl": "netherlands", "at": "austria", "ch": "switzerland",
    "pl": "poland", "jp": "japan", "in": "india", "br": "brazil", "au": "australia", "kw": "kuwait",
}  # fmt: skip
