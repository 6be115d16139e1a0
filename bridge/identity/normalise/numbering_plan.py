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
    """A country's plan, for those whose national prefixes are fixed digits or do not exist."""

    calling_code: str
    international: str
    national_prefix: str
    lengths: frozenset[int]
    national_number: re.Pattern[str]
    not_national: re.Pattern[str]


def plain_number(text: str, region: str) -> tuple[str, str] | None:
    """Answer calling code and national number of `text`, or None when it takes the parser."""
    plan = _plan(region)
    if plan is None:
        return None
    digits = text.translate(_PUNCTUATION)
    national = _national(digits, plan)
    if len(national) not in plan.lengths or not (national.isascii() and national.isdigit()):
        return None
    if plan.national_number.fullmatch(national) is None:
        return None
    return plan.calling_code, national


def _national(digits: str, plan: _Plan) -> str:
    """Answer the national significant number, empty when `digits` is not one for certain."""
    if digits.startswith("+"):
        national = digits.removeprefix(plan.international)
        return (
            "" if plan.national_prefix and national.startswith(plan.national_prefix) else national
        )
    if plan.not_national.match(digits):
        return ""
    return digits.removeprefix(plan.national_prefix)


@lru_cache(maxsize=300)
def _plan(region: str) -> _Plan | None:
    own = PhoneMetadata.metadata_for_region(region)
    prefix = (own.national_prefix or "") if own is not None else ""
    carriers = _carriers(own, prefix) if own is not None else None
    if own is None or carriers is None:
        return None
    code = str(own.country_code)
    # Countries that share a calling code also answer to the plan of the one that leads it.
    leader = region_code_for_country_code(own.country_code or 0)
    return _Plan(
        calling_code=code,
        international=f"+{code}" if leader == region else "",
        national_prefix=prefix,
        lengths=_lengths(own) & _lengths(PhoneMetadata.metadata_for_region(leader)),
        national_number=re.compile(_pattern(own)),
        not_national=re.compile("|".join([code, own.international_prefix or _NOTHING, carriers])),
    )


def _carriers(plan: PhoneMetadata, prefix: str) -> str | None:
    """Answer what else may stand before a national number; None when it changes the number."""
    prefixes = plan.national_prefix_for_parsing or ""
    if plan.national_prefix_transform_rule is not None:
        return None
    if prefixes == prefix:
        return _NOTHING
    if prefixes.startswith(f"{prefix}|"):
        return prefixes.removeprefix(f"{prefix}|")
    return prefixes.removesuffix(f"|{prefix}") if prefixes.endswith(f"|{prefix}") else None


def _lengths(plan: PhoneMetadata | None) -> frozenset[int]:
    numbers = plan.general_desc if plan is not None else None
    return frozenset(numbers.possible_length if numbers is not None else ())


def _pattern(plan: PhoneMetadata) -> str:
    numbers = plan.general_desc
    return (numbers.national_number_pattern if numbers is not None else None) or _NOTHING
