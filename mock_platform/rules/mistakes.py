"""How a value goes wrong on its way to a hash, and what that is called."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

import phonenumbers

from mock_platform.rules.normal_forms import Kind, dates_of, number_of, tidy
from mock_platform.rules.state_names import STATE_NAMES

Mistake = tuple[str, str]

# What stands around a value that nobody trimmed.
_AROUND: tuple[tuple[str, str], ...] = (
    ("{}", ""),
    (" {}", "a space in front"),
    ("{} ", "a space behind"),
    (" {} ", "spaces around it"),
    ("  {}", "two spaces in front"),
    ("{}  ", "two spaces behind"),
    ("  {}  ", "two spaces on both sides"),
    ("{}\n", "a line break behind"),
    ("{} \n", "a space and a line break behind"),
    (" {}\n", "a space in front, a line break behind"),
    ("{}\r\n", "a line break behind"),
    ("{}\r", "a carriage return behind"),
    ("\n{}", "a line break in front"),
    ("\n{}\n", "line breaks around it"),
    ("\t{}", "a tab in front"),
    ("{}\t", "a tab behind"),
    ("\t{}\t", "tabs around it"),
    ("\u00a0{}", "a no-break space in front"),
    ("{}\u00a0", "a no-break space behind"),
    ("\u00a0{}\u00a0", "no-break spaces around it"),
    ("\u3000{}", "a wide space in front"),
    ("{}\u3000", "a wide space behind"),
    ("\ufeff{}", "a byte order mark in front"),
    ("{}\u200b", "a zero-width space behind"),
    ("\u200b{}", "a zero-width space in front"),
    ("{}\0", "a NUL behind"),
    ('"{}"', "quotes around it"),
    ("'{}'", "quotes around it"),
    ("{},", "a comma behind"),
    ("{};", "a semicolon behind"),
    ("{}.", "a dot behind"),
    ("({})", "brackets around it"),
    ("[{}]", "brackets around it"),
    ('["{}"]', "a list of JSON"),
)
_CASES: tuple[tuple[Callable[[str], str], str], ...] = (
    (str.lower, "lower case"),
    (str.upper, "upper case"),
    (str.title, "capitals"),
    (str.capitalize, "capitals"),
    (str.swapcase, "capitals and small letters swapped"),
)


def mistakes(kind: Kind, text: str, country: str) -> Iterator[Mistake]:
    """Every wrong text made of `text`, and what is wrong with it. Some may be right by chance."""
    for written, case in writings(text).items():
        for around, untrimmed in _AROUND:
            told = ", ".join(filter(None, (untrimmed, case)))
            yield around.format(written), told or "as it was written"
        yield from _encoded(written)
    own = _OF_KIND.get(kind)
    if own is not None:
        yield from own(text.strip(), country)


def writings(text: str) -> dict[str, str]:
    """`text` in every case, untrimmed and trimmed, and what is wrong with each."""
    given = text.strip()
    written = {text: "as it was written", tidy(given): ""}
    written.setdefault(given, "capitals")
    for case, told in _CASES:
        written.setdefault(case(given), told)
        written.setdefault(case(text), f"untrimmed, {told}")
    return written


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
        for mark in "-./":
            yield spelled.replace(" ", mark), told
            yield spelled.replace(" ", mark).removeprefix("+"), told
        yield "".join(filter(str.isdigit, spelled)), f"{told}, digits only"
    abroad = written["as people write it abroad"]
    for mark in " -.":
        with_zero = abroad.replace(f"+{code} ", f"+{code} (0)").replace(" ", mark)
        yield with_zero, "(0) behind the calling code"
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
    for year, month, day in dates_of(text):
        for order in ((day, month, year), (month, day, year), (year, day, month)):
            for mark in ("", ".", "/", "-", " "):
                # Another person's birthday, rightly written, where the day could be a month.
                if mark or order[0] != year or day > "12":
                    yield mark.join(order), "another order of day, month and year"
        for mark in (".", "/", "-", " "):
            yield mark.join((year, month, day)), "marks between year, month and day"
        yield f"{year[2:]}{month}{day}", "two digits of the year"
        yield f"{year}-{month}-{day}T00:00:00Z", "a time behind it"
        yield f"{year}-{month}-{day}T00:00:00.000Z", "a time behind it"


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


def _city(text: str, country: str) -> Iterator[Mistake]:
    del country
    spelled = tidy(text).translate(_GERMAN)
    for written in (spelled, spelled.replace(" ", ""), spelled.title(), spelled.upper()):
        yield written, "accents spelled out"


def _state(text: str, country: str) -> Iterator[Mistake]:
    yield from _city(text, country)
    name = STATE_NAMES.get(country, {}).get(text.strip().upper(), "")
    for written in (name.lower(), name, name.upper(), re.sub(r"[^a-z]", "", name.lower())):
        if written:
            yield written, "a name in place of the code"
    yield f"{country}-{text.strip()}".lower(), "the country in front"
    yield f"{country}-{text.strip()}".upper(), "the country in front"


def _country(text: str, country: str) -> Iterator[Mistake]:
    del country
    yield _ALPHA_3.get(tidy(text), ""), "three letters in place of two"
    for name in _NAMES.get(tidy(text), ()):
        yield from ((each, "a name in place of two letters") for each in (name, name.title()))
    if tidy(text) == "gb":
        yield from ((each, "UK, whose code is GB") for each in ("uk", "UK"))


_OF_KIND: Mapping[Kind, Callable[[str, str], Iterator[Mistake]]] = {
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.BIRTH_DATE: _birth_date,
    Kind.GENDER: _gender,
    Kind.POSTAL_CODE: _postal_code,
    Kind.COUNTRY: _country,
    Kind.CITY: _city,
    Kind.STATE: _state,
}
_ALPHA_3 = {
    "us": "usa", "ca": "can", "gb": "gbr", "de": "deu", "fr": "fra", "it": "ita", "es": "esp",
    "nl": "nld", "at": "aut", "ch": "che", "pl": "pol", "jp": "jpn", "in": "ind", "br": "bra",
    "au": "aus", "kw": "kwt",
}  # fmt: skip
_NAMES = {
    "us": ("united states", "united states of america"), "ca": ("canada",),
    "gb": ("united kingdom", "great britain", "england"), "de": ("germany", "deutschland"),
    "fr": ("france",), "it": ("italy", "italia"), "es": ("spain", "españa"),
    "nl": ("netherlands", "nederland"), "at": ("austria", "österreich"),
    "ch": ("switzerland", "schweiz"), "pl": ("poland", "polska"), "jp": ("japan",),
    "in": ("india",), "br": ("brazil", "brasil"), "au": ("australia",), "kw": ("kuwait",),
}  # fmt: skip
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
