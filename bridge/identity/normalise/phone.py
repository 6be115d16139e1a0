"""Phone numbers, by libphonenumber's numbering plans and the country of the address."""

import re
from typing import Final

from phonenumbers import (
    NumberParseException,
    PhoneMetadata,
    PhoneNumber,
    ValidationResult,
    country_code_for_region,
    is_possible_number_with_reason,
    is_valid_number,
    national_significant_number,
    parse,
)

from bridge.identity.normalise.numbering_plan import plain_number
from bridge.identity.normalise.outcome import Normalised, OmitReason, Omitted, Outcome
from bridge.identity.normalise.text import ascii_digits, is_placeholder, tidy

# ITU-T recommends 00 before a calling code, and shoppers write it in countries that dial another.
_RECOMMENDED_PREFIX: Final = re.compile(r"\D*00(?=.)", re.ASCII)
_MOST_DIGITS: Final = 15
_FEWEST_DIGITS: Final = 7


def ph(raw: str, country: str | None = None) -> Outcome:
    """Answer the digits of the number's E.164 form. Meta: Customer information parameters, ph.

    A national number gets the calling code of `country`. The number must have a possible length
    under its plan; whether it is in service is not asked, as plans change before libraries do.
    """
    text = ascii_digits(tidy(raw))
    region = country.upper() if country else None
    if region is not None and (plain := plain_number(text, region)) is not None:
        return _e164(*plain)
    if not text:
        return Omitted(OmitReason.EMPTY)
    if is_placeholder(text):
        return Omitted(OmitReason.PLACEHOLDER)
    if region is not None and _omits_plus(text, region):
        text = "+" + text
    answer = _read(text, region)
    if isinstance(answer, Omitted) and (prefix := _RECOMMENDED_PREFIX.match(text)):
        again = _read("+" + text[prefix.end() :], None)
        return answer if isinstance(again, Omitted) else again
    return _placeholder_or(answer, text)


def _omits_plus(text: str, region: str) -> bool:
    """Whether `text` is an international number that only lacks its plus sign.

    libphonenumber takes a German 4915112345678 for a national number. Where a national number is
    dialled with a prefix, one that starts with the calling code instead cannot be national.
    """
    calling_code = str(country_code_for_region(region))
    if not text.startswith(calling_code):
        return False
    plan = PhoneMetadata.metadata_for_region(region)
    prefix = plan.national_prefix if plan is not None else None
    if prefix is None or text.startswith(prefix):
        return False
    try:
        return is_valid_number(parse("+" + text, None))
    except NumberParseException:
        return False


def _placeholder_or(answer: Outcome, text: str) -> Outcome:
    repeated = isinstance(answer, Omitted) and len({c for c in text if c.isdigit()}) == 1
    return Omitted(OmitReason.PLACEHOLDER) if repeated else answer


def _read(text: str, region: str | None) -> Outcome:
    try:
        number = parse(text, region)
    except NumberParseException as error:
        return Omitted(_REASONS[error.error_type])
    return _judge(number)


def _judge(number: PhoneNumber) -> Outcome:
    # A number that can be dialled only inside its town is possible too, but has no E.164 form.
    if is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return Omitted(OmitReason.IMPOSSIBLE)
    return _e164(str(number.country_code), national_significant_number(number))


def _e164(calling_code: str, national: str) -> Outcome:
    if national.count(national[0]) == len(national):
        return Omitted(OmitReason.PLACEHOLDER)
    digits = calling_code + national
    if not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        return Omitted(OmitReason.IMPOSSIBLE)
    return Normalised(digits)


_REASONS: Final = {
    NumberParseException.INVALID_COUNTRY_CODE: OmitReason.COUNTRY_NEEDED,
    NumberParseException.NOT_A_NUMBER: OmitReason.MALFORMED,
    NumberParseException.TOO_SHORT_AFTER_IDD: OmitReason.IMPOSSIBLE,
    NumberParseException.TOO_SHORT_NSN: OmitReason.IMPOSSIBLE,
    NumberParseException.TOO_LONG: OmitReason.IMPOSSIBLE,
}
