"""What holds for every normaliser, whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.identity import normalise
from bridge.identity.hashing import is_digest
from bridge.identity.normalise import Normalised, OmitReason, Omitted
from bridge.identity.rules import RULES, Platform, Rule, hash_field

EVERY_RULE = [
    pytest.param(platform, rule, id=f"{platform}-{rule.field}")
    for platform, rules in RULES.items()
    for rule in rules
]
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


@pytest.mark.parametrize(("platform", "rule"), EVERY_RULE)
@given(raw=texts, country=countries)
def test_a_normaliser_never_raises_and_keeps_its_own_output(
    platform: Platform, rule: Rule, raw: str, country: str | None
) -> None:
    del platform
    made = rule.normalise(raw, country)
    if isinstance(made, Normalised):
        assert made.value
        plus = "+" if rule.normalise is normalise.ph else ""
        assert rule.normalise(plus + made.value, country) == made
    else:
        assert isinstance(made, Omitted)


@pytest.mark.parametrize(("platform", "rule"), EVERY_RULE)
@given(raw=texts, country=countries)
def test_every_text_ends_as_a_digest_or_in_clear_or_as_a_reason(
    platform: Platform, rule: Rule, raw: str, country: str | None
) -> None:
    hashed = hash_field(platform, rule.field, raw, country)
    answer = hashed.sha256 if rule.kept_as is None else hashed.normalised
    assert (answer is None) != (hashed.reason is None)
    assert hashed.sha256 is None or (rule.kept_as is None and is_digest(hashed.sha256))


@pytest.mark.parametrize(("platform", "rule"), EVERY_RULE)
@pytest.mark.parametrize("raw", ["", " ", "\u00a0\u3000", "\u200b\ufeff", "\u200d \u200c"])
def test_nothing_is_omitted_as_empty(platform: Platform, rule: Rule, raw: str) -> None:
    del platform
    assert rule.normalise(raw, "US") == Omitted(OmitReason.EMPTY)


LOOKED_UP = {"ge", "country"}


@pytest.mark.parametrize(("platform", "rule"), EVERY_RULE)
@pytest.mark.parametrize("raw", ["undefined", " NULL ", "n/a", "[object Object]"])
def test_what_code_writes_for_nothing_is_omitted(platform: Platform, rule: Rule, raw: str) -> None:
    reason = hash_field(platform, rule.field, raw, "US").reason
    assert reason is OmitReason.PLACEHOLDER or rule.field in LOOKED_UP


@given(raw=st.text(min_size=4))
def test_the_repr_of_an_outcome_hides_the_text(raw: str) -> None:
    assert repr(Normalised(raw)) == "Normalised()"


PLAIN = st.one_of(
    st.text(st.sampled_from("aBcXyZ"), max_size=8),
    st.text(st.sampled_from("0019 -.+/"), max_size=14),
    st.text(st.sampled_from("aZ019 -"), max_size=10),
    st.sampled_from(["Null", "undefined", "Mrs", "Jr", "v", "female", "Texas", "us", "n/a", "000"]),
    st.from_regex(r"[a-z.]{1,6}\+?[a-z]{0,3}@(gmail|example)\.(com|org)", fullmatch=True),
    st.from_regex(r"(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]", fullmatch=True),
)


@pytest.mark.parametrize(("platform", "rule"), EVERY_RULE)
@given(raw=PLAIN, country=countries)
def test_the_short_way_of_plain_text_answers_what_the_long_way_does(
    platform: Platform, rule: Rule, raw: str, country: str | None
) -> None:
    del platform
    zero_width_space = "\u200b"  # is dropped, and no text with it is plain
    assert rule.normalise(raw, country) == rule.normalise(zero_width_space + raw, country)
