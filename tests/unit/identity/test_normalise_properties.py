"""What holds for every normaliser, whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.identity import normalise
from bridge.identity.hashing import is_digest
from bridge.identity.normalise import Normalised, Omitted
from bridge.identity.rules import RULES, Platform, hash_field

FIELDS = sorted(rule.field for rule in RULES[Platform.META])
# Lone surrogates, combining marks, joiners, Turkish and Greek case, digits of other scripts.
AWKWARD = (
    "aeiou\u00df\u0130\u0131\u03a3\u03c2.-'@ \u200b\u200d\u00a0019+()/"
    "\u0301\u0661\uff10\ufb01\ud800\x00"
)
texts = st.text(
    st.one_of(st.characters(exclude_categories=()), st.sampled_from(AWKWARD)), max_size=30
)
countries = st.sampled_from(
    [None, "US", "us", "CA", "DE", "GB", "JP", "IT", "BR", "AU", "RU", "XX"]
)


@pytest.mark.parametrize("field", FIELDS)
@given(raw=texts, country=countries)
def test_a_normaliser_never_raises_and_keeps_its_own_output(
    field: str, raw: str, country: str | None
) -> None:
    function = getattr(normalise, field)
    made = function(raw, country)
    if isinstance(made, Normalised):
        assert made.value
        plus = "+" if field == "ph" else ""
        assert function(plus + made.value, country) == made
    else:
        assert isinstance(made, Omitted)


@pytest.mark.parametrize("field", FIELDS)
@given(raw=texts, country=countries)
def test_every_text_ends_as_a_digest_or_as_a_reason(
    field: str, raw: str, country: str | None
) -> None:
    hashed = hash_field("meta", field, raw, country)
    assert (hashed.sha256 is None) != (hashed.reason is None)
    assert hashed.sha256 is None or is_digest(hashed.sha256)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("raw", ["", " ", "\u00a0\u3000", "\u200b\ufeff", "\u200d \u200c"])
def test_nothing_is_omitted_as_empty(field: str, raw: str) -> None:
    assert getattr(normalise, field)(raw, "US") == Omitted(normalise.OmitReason.EMPTY)


@pytest.mark.parametrize("field", ["em", "ph", "fn", "ln", "db", "ct", "st", "zp", "external_id"])
@pytest.mark.parametrize("raw", ["undefined", " NULL ", "n/a", "[object Object]"])
def test_what_code_writes_for_nothing_is_omitted(field: str, raw: str) -> None:
    made = getattr(normalise, field)(raw, "US")
    assert made == Omitted(normalise.OmitReason.PLACEHOLDER)


@given(raw=st.text(min_size=4))
def test_the_repr_of_an_outcome_hides_the_text(raw: str) -> None:
    assert repr(Normalised(raw)) == "Normalised()"
