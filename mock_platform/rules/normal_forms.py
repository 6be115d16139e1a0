"""What one value of a shopper becomes at each platform: the mock's own reading of the documents.

Where official libraries of one platform differ (punctuation in names, accents in cities), each of
their results counts as normal: the lint complains of what no library would send, and of postal
codes with a space, which Meta's document names.

Documents: Meta, customer-information-parameters; Google, Data Manager formatting guide.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum

import phonenumbers


class Kind(StrEnum):
    """What a value of a shopper is."""

    EMAIL = "e-mail address"
    PHONE = "phone number"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    STREET = "street"
    CITY = "city"
    STATE = "state"
    POSTAL_CODE = "postal code"
    COUNTRY = "country"
    BIRTH_DATE = "birth date"
    GENDER = "gender"


class Platform(StrEnum):
    """Whose rules apply."""

    META = "meta"
    GOOGLE = "google"


Forms = frozenset[str]
_GMAIL = ("gmail.com", "googlemail.com")
_PARTS_OF_DATE, _YEAR_DIGITS = 3, 4
_ZIP_OF_US = re.compile(r"(\d{5})(?:-?\d{4})?")


def tidy(text: str) -> str:
    """Without the spaces around it, in lower case."""
    return unicodedata.normalize("NFC", text).strip().lower()


def number_of(text: str, country: str) -> phonenumbers.PhoneNumber | None:
    """A phone number as a person of `country` wrote it; None when it cannot be read."""
    international = re.sub(r"^\s*00", "+", text)
    try:
        return phonenumbers.parse(international, country or None)
    except phonenumbers.NumberParseException:
        return None


def e164(text: str, country: str) -> str:
    """`+` and the digits; empty when the number cannot be read."""
    number = number_of(text, country)
    if number is None:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _letters(text: str) -> str:
    return "".join(each for each in text if unicodedata.category(each)[0] in "LM")


def _words(text: str) -> str:
    """Without spaces and punctuation."""
    return "".join(each for each in text if unicodedata.category(each)[0] in "LMN")


def _ascii_letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text)


def _plain(text: str) -> str:
    """Without accents."""
    split = unicodedata.normalize("NFD", text)
    return "".join(each for each in split if not unicodedata.combining(each))


def _name(text: str, country: str) -> Forms:
    del country
    name = tidy(text)
    without_spaces = re.sub(r"\s", "", name)
    forms = (name, without_spaces, _words(name), _letters(name), " ".join(name.split()))
    return frozenset(each for form in forms for each in (form, _plain(form)))


def _google_email(text: str, country: str) -> Forms:
    del country
    address = re.sub(r"\s", "", tidy(text))
    local, _, domain = address.rpartition("@")
    if domain in _GMAIL:
        local = local.partition("+")[0].replace(".", "")
    return frozenset({f"{local}@{domain}"})


def _postal_code(text: str, country: str) -> Forms:
    spaceless = re.sub(r"\s", "", tidy(text))
    of_us = _ZIP_OF_US.fullmatch(tidy(text)) if country == "US" else None
    return frozenset(
        {of_us[1]} if of_us else {spaceless.replace("-", ""), spaceless.partition("-")[0]}
    )


def _city(text: str, country: str) -> Forms:
    return _name(text, country) | {_ascii_letters(tidy(text)), _ascii_letters(_plain(tidy(text)))}


def dates_of(text: str) -> list[tuple[str, str, str]]:
    """Year, month and day of a date, each way it can be read."""
    parts = [part.zfill(2) for part in re.split(r"[-./\s]+", text.strip())]
    if len(parts) == 1:
        parts = [text.strip()[:4], text.strip()[4:6], text.strip()[6:]]
    if len(parts) != _PARTS_OF_DATE or not "".join(parts).isdecimal():
        return []
    first, second, third = parts
    if len(first) == _YEAR_DIGITS:
        return [(first, second, third)] if len(third) == len("31") else []
    read = [(third, first, second), (third, second, first)]
    return [date for date in dict.fromkeys(read) if date[1] <= "12" and len(third) == _YEAR_DIGITS]


def _birth_date(text: str, country: str) -> Forms:
    del country
    return frozenset("".join(date) for date in dates_of(text))


def _meta_phone(text: str, country: str) -> Forms:
    return frozenset({e164(text, country).removeprefix("+")})


def _google_phone(text: str, country: str) -> Forms:
    return frozenset({e164(text, country)})


def _tidied(text: str, country: str) -> Forms:
    del country
    return frozenset({tidy(text)})


def _gender(text: str, country: str) -> Forms:
    del country
    return frozenset({tidy(text)[:1]})


Reading = Callable[[str, str], Forms]
_READINGS: Mapping[tuple[Platform, Kind], Reading] = {
    (Platform.META, Kind.EMAIL): _tidied,
    (Platform.META, Kind.PHONE): _meta_phone,
    (Platform.META, Kind.FIRST_NAME): _name,
    (Platform.META, Kind.LAST_NAME): _name,
    (Platform.META, Kind.CITY): _city,
    (Platform.META, Kind.STATE): _city,
    (Platform.META, Kind.POSTAL_CODE): _postal_code,
    (Platform.META, Kind.COUNTRY): _tidied,
    (Platform.META, Kind.BIRTH_DATE): _birth_date,
    (Platform.META, Kind.GENDER): _gender,
    (Platform.GOOGLE, Kind.EMAIL): _google_email,
    (Platform.GOOGLE, Kind.PHONE): _google_phone,
    (Platform.GOOGLE, Kind.FIRST_NAME): _name,
    (Platform.GOOGLE, Kind.LAST_NAME): _name,
    (Platform.GOOGLE, Kind.STREET): _name,
}


def normal_forms(platform: Platform, kind: Kind, text: str, country: str) -> Forms:
    """Every text that `platform` may rightly be sent the digest of; none where it hashes none."""
    reading = _READINGS.get((platform, kind))
    forms = reading(text, country) if reading else frozenset()
    return frozenset(filter(None, forms))
