"""Normalisation of raw text, one pure function a field: here in Meta's terms, `google` in Google's.

Each takes the raw text and the country it belongs to (ISO 3166-1 alpha-2 in any case, or None) and
answers `Normalised` or `Omitted`; none ever raises, and each gives back its own output unchanged
(`ph` when a plus sign stands before it).
What Meta's documentation ("Customer information parameters") and Google's ("Format user data")
leave open is decided in the vectors of the tests.
"""

from bridge.identity.normalise import google
from bridge.identity.normalise.birth_date import db
from bridge.identity.normalise.outcome import Normalised, Normaliser, OmitReason, Omitted, Outcome
from bridge.identity.normalise.person import em, external_id, fn, ge, ln
from bridge.identity.normalise.phone import ph
from bridge.identity.normalise.place import country, ct, st, zp

__all__ = [
    "Normalised",
    "Normaliser",
    "OmitReason",
    "Omitted",
    "Outcome",
    "country",
    "ct",
    "db",
    "em",
    "external_id",
    "fn",
    "ge",
    "google",
    "ln",
    "ph",
    "st",
    "zp",
]
