"""What a normaliser answers: a value to hash, or the reason there is none. It never raises."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct


class OmitReason(StrEnum):
    """Why a field was left out; names a rule and never repeats the text."""

    EMPTY = "empty"
    """Nothing is left once white space, invisible marks and ignored characters are gone."""
    PLACEHOLDER = "placeholder"
    """A stand-in for nothing: `undefined`, `null`, `n/a`, a phone number of one repeated digit."""
    MALFORMED = "malformed"
    """Not of the form the field has: no e-mail address, no date, no US ZIP code."""
    IMPOSSIBLE = "impossible"
    """Of the right form, but nothing like it exists: 31 February, a number too long to dial."""
    COUNTRY_NEEDED = "country_needed"
    """A national phone number, and no country says which calling code belongs before it."""
    UNKNOWN_WORD = "unknown_word"
    """In no table of ours: a country, a US or Canadian state, a gender."""
    ONE_WORD_NAME = "one_word_name"
    """A full name of one word: nothing says whether it is the first or the last name."""
    NOT_A_DIGEST = "not_a_digest"
    """Given as already hashed, but not 64 hex digits."""
    DIGEST_OF_NOTHING = "digest_of_nothing"
    """Given as already hashed, but it is the digest of an empty text or of a placeholder."""
    NOT_ALLOWED = "not_allowed"
    """Usable, but the settings do not allow this field to be sent."""


class Normalised(Struct, frozen=True, gc=False):
    """Text ready for hashing, never empty; hidden from repr."""

    value: str

    def __repr__(self) -> str:
        return "Normalised()"


class Omitted(Struct, frozen=True, gc=False):
    """The field is to be left out, for `reason`."""

    reason: OmitReason


Outcome: TypeAlias = Normalised | Omitted
Normaliser: TypeAlias = Callable[[str, str | None], Outcome]
"""Takes the raw text and an ISO 3166-1 alpha-2 country (any case) or None."""


def outcome(value: str) -> Outcome:
    """Answer `value` as normalised, or as omitted when nothing of it is left."""
    return Normalised(value) if value else Omitted(OmitReason.EMPTY)
