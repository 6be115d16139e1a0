from hashlib import sha256

import pytest

from bridge.identity.normalise import OmitReason
from bridge.identity.rules import RULES, Platform, hash_field
from bridge.identity.sources import gather
from bridge.order.model import Person


def test_every_rule_names_the_documentation_it_follows() -> None:
    for rule in RULES[Platform.META]:
        assert rule.reference == f"Meta: Customer information parameters, {rule.field}"


def test_every_rule_has_a_source_that_is_gathered() -> None:
    nothing = gather(Person())
    for rules in RULES.values():
        for rule in rules:
            assert rule.source(nothing) == ()


@pytest.mark.parametrize(("alias", "field"), [("email", "em"), ("phone", "ph")])
def test_a_field_answers_to_its_alias(alias: str, field: str) -> None:
    raw = {"em": "Joe@eg.com", "ph": "+1 650 555 1212"}[field]
    assert hash_field("meta", alias, raw) == hash_field("meta", field, raw)


def test_a_country_hint_may_be_a_name() -> None:
    hashed = hash_field("meta", "ph", "030 123456", "Germany")
    assert hashed.normalised == "4930123456"
    assert hashed.sha256 == sha256(b"4930123456").hexdigest()


def test_an_unusable_text_has_a_reason_and_nothing_else() -> None:
    hashed = hash_field("meta", "em", "two@@example.com")
    assert (hashed.normalised, hashed.sha256) == (None, None)
    assert hashed.reason is OmitReason.MALFORMED


def test_the_digest_of_an_empty_text_is_refused_in_any_field() -> None:
    nothing = sha256(b"").hexdigest()
    for rule in RULES[Platform.META]:
        assert hash_field("meta", rule.field, nothing).reason is OmitReason.DIGEST_OF_NOTHING


def test_an_unknown_platform_or_field_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="write one of meta"):
        hash_field("tiktok", "em", "canary")
    with pytest.raises(ValueError, match="em, email, ph, phone, fn, ") as raised:
        hash_field("meta", "street", "canary")
    assert "canary" not in str(raised.value)


def test_the_normalised_text_is_not_shown() -> None:
    assert "canary" not in repr(hash_field("meta", "fn", "canary"))
