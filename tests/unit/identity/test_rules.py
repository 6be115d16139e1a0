from hashlib import sha256

import pytest

from bridge.identity.normalise import OmitReason
from bridge.identity.rules import RULES, Platform, hash_field
from bridge.identity.sources import gather
from bridge.order.model import Person

DOCUMENTS = {
    Platform.META: "Meta: Customer information parameters, ",
    Platform.GOOGLE: "Google: Data Manager API, Format user data, ",
}


@pytest.mark.parametrize("platform", Platform)
def test_every_rule_names_the_documentation_it_follows(platform: Platform) -> None:
    for rule in RULES[platform]:
        assert rule.reference.removeprefix(DOCUMENTS[platform]) in (rule.field, *rule.aliases)


def test_every_rule_has_a_source_that_is_gathered() -> None:
    nothing = gather(Person())
    for rules in RULES.values():
        for rule in rules:
            assert rule.source(nothing) == ()


@pytest.mark.parametrize("platform", Platform)
def test_a_field_answers_to_its_aliases(platform: Platform) -> None:
    for rule in RULES[platform]:
        for alias in rule.aliases:
            for raw in ("Joe@eg.com", "+1 650 555 1212", "US", "94043"):
                assert hash_field(platform, alias, raw) == hash_field(platform, rule.field, raw)


def test_no_name_means_two_fields_of_a_platform() -> None:
    for rules in RULES.values():
        names = [name for rule in rules for name in (rule.field, *rule.aliases)]
        assert len(names) == len(set(names))


def test_a_country_hint_may_be_a_name() -> None:
    hashed = hash_field("meta", "ph", "030 123456", "Germany")
    assert hashed.normalised == "4930123456"
    assert hashed.sha256 == sha256(b"4930123456").hexdigest()


def test_an_unusable_text_has_a_reason_and_nothing_else() -> None:
    hashed = hash_field("meta", "em", "two@@example.com")
    assert (hashed.normalised, hashed.sha256) == (None, None)
    assert hashed.reason is OmitReason.MALFORMED


@pytest.mark.parametrize("platform", Platform)
def test_the_digest_of_an_empty_text_is_refused_in_any_field(platform: Platform) -> None:
    nothing = sha256(b"").hexdigest()
    for rule in RULES[platform]:
        reason = hash_field(platform, rule.field, nothing).reason
        assert reason is OmitReason.DIGEST_OF_NOTHING or rule.kept_as is not None
        assert reason is not None


@pytest.mark.parametrize("field", ["region_code", "postal_code"])
def test_a_digest_is_no_plain_value(field: str) -> None:
    for country in (None, "US", "GB"):
        hashed = hash_field("google", field, sha256(b"94043").hexdigest(), country)
        assert (hashed.normalised, hashed.sha256) == (None, None)
        assert hashed.reason is not None


def test_the_same_phone_is_another_digest_for_each_platform() -> None:
    meta = hash_field("meta", "ph", "030 123456", "DE")
    google = hash_field("google", "phone", "030 123456", "DE")
    assert (meta.normalised, google.normalised) == ("4930123456", "+4930123456")
    assert google.sha256 == sha256(b"+4930123456").hexdigest()


def test_an_unknown_platform_or_field_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="write one of meta, google"):
        hash_field("tiktok", "em", "canary")
    with pytest.raises(ValueError, match="em, email, ph, phone, fn, ") as raised:
        hash_field("meta", "street", "canary")
    assert "canary" not in str(raised.value)


def test_the_normalised_text_is_not_shown() -> None:
    assert "canary" not in repr(hash_field("meta", "fn", "canary"))
