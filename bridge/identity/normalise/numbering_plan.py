"""The plain cases of a phone number, read straight from libphonenumber's numbering plans.

Its parser is made for any text and costs more than all other fields of a person together. Most
numbers are digits and punctuation in the form their country dials; for those the plan itself says
all there is to say. Whatever is not plain is left to the parser, and a test holds the two equal.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from phonenumbers import PhoneMetadata, region_code_for_country_code

_PUNCTUATION: Final = str.maketrans("", "", " -()./")
_NOTHING: Final = "(?!)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What a country's plan says of plain numbers.

    `leader` is the country whose plan is asked for international numbers of the calling code,
    `prefixes` what may stand before a national number, `abroad` what begins an international one.
    """

    calling_code: str
    plus_code: str
    leader: str
    dials_00: bool
    abroad: re.Pattern[str]
    prefixes: re.Pattern[str]
    lengths: frozenset[int]
    national_number: re.Pattern[str]


def plain_number(text: str, region: str) -> tuple[str, str] | None:
    """Answer calling code and national number of `text`, or None when it takes the parser."""
    plan = _plan(region)
    if plan is None:
        return None
    digits = text.translate(_PUNCTUATION)
    if plan.dials_00 and digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+"):
        plan = _plan(plan.leader) or plan
        digits = digits.removeprefix(plan.plus_code)
    elif plan.abroad.match(digits):
        return None
    national = _national(digits, plan)
    return None if national is None else (plan.calling_code, national)


def _national(digits: str, plan: _Plan) -> str | None:
    """Answer the national significant number, or None when `digits` is not one for certain."""
    prefix = plan.prefixes.match(digits)
    if prefix is not None:
        if prefix.lastindex is not None:  # a carrier's code, or digits that change places
            return None
        digits = digits[prefix.end() :]
    if len(digits) not in plan.lengths or not (digits.isascii() and digits.isdigit()):
        return None
    return digits if plan.national_number.fullmatch(digits) else None


@lru_cache(maxsize=300)
def _plan(region: str) -> _Plan | None:
    own = PhoneMetadata.metadata_for_region(region)
    if own is None:
        return None
    code, prefix = str(own.country_code), own.national_prefix_for_parsing
    # Countries that share a calling code also answer to the plan of the one that leads it.
    leader = region_code_for_country_code(own.country_code or 0)
    # Where the calling code is also the prefix (1 in North America), either reading is the same.
    begins = [own.international_prefix or _NOTHING, *([] if code == prefix else [code])]
    return _Plan(
        calling_code=code,
        plus_code="+" + code,
        leader=leader,
        dials_00=own.international_prefix == "00",
        abroad=re.compile("|".join(begins)),
        prefixes=re.compile(prefix or _NOTHING),
        lengths=_lengths(own) & _lengths(PhoneMetadata.metadata_for_region(leader)),
        national_number=re.compile(_pattern(own)),
    )


def _lengths(plan: PhoneMetadata | None) -> frozenset[int]:
    numbers = plan.general_desc if plan is not None else None
    return frozenset(numbers.possible_length if numbers is not None else ())


def _pattern(plan: PhoneMetadata) -> str:
    numbers = plan.general_desc
    return (numbers.national_number_pattern if numbers is not None else None) or _NOTHING
