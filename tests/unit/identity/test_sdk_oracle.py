"""Meta's own Python library as oracle, where it accepts the input; and where we differ, and why."""

import unicodedata

import phonenumbers
import pytest
from facebook_business.adobjects.serverside.normalize import Normalize  # type: ignore[import-untyped]  # Meta ships no types
from hypothesis import given
from hypothesis import strategies as st

from bridge.identity.normalise import OmitReason
from bridge.identity.normalise.text import is_placeholder
from bridge.identity.rules import hash_field
from bridge.identity.tables import load

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


def same(text: str) -> bool:
    """Whether the library's lower case is in composed form, which it does not see to."""
    return unicodedata.is_normalized("NFC", text.lower())


letters = st.text(st.characters(categories=["Ll", "Lo", "Lt", "Lu"]), min_size=1, max_size=20)
names = letters.filter(same).filter(lambda text: not is_placeholder(text))


def theirs(field: str, raw: str) -> str:
    digest: str = Normalize.normalize_field(field, raw)
    return digest


def ours(field: str, raw: str, country: str | None = None) -> str | OmitReason | None:
    hashed = hash_field("meta", field, raw, country)
    return hashed.sha256 or hashed.reason


@given(st.emails())
def test_addresses_agree(raw: str) -> None:
    assert ours("em", f" {raw.upper()} ") == theirs("em", f" {raw.upper()} ")


@given(st.sampled_from(["fn", "ln", "ct"]), names)
def test_names_and_cities_of_letters_agree(field: str, raw: str) -> None:
    assert ours(field, f" {raw} ") == theirs(field, f" {raw} ")


@given(names, names, st.sampled_from([" ", "-", ". ", " 12 "]))
def test_cities_of_several_words_agree(first: str, second: str, between: str) -> None:
    raw = first + between + second
    assert not same(first.lower() + second.lower()) or ours("ct", raw) == theirs("ct", raw)


@given(st.text("abcdefghijklmnop ", min_size=1).filter(str.strip))
def test_states_elsewhere_agree(raw: str) -> None:
    assert ours("st", raw, "AU") == theirs("st", raw)


@pytest.mark.parametrize("code", sorted(load("countries")))
def test_every_country_code_agrees(code: str) -> None:
    assert ours("country", code) == theirs("country", code)


@pytest.mark.parametrize("region", REGIONS)
def test_international_numbers_of_every_country_agree(region: str) -> None:
    number = phonenumbers.example_number(region)
    assert number is not None
    raw = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    assert ours("ph", raw) == theirs("ph", raw.replace(".", ""))


@given(st.integers(500, 99999), st.sampled_from(["", "-1234"]))
def test_us_zip_codes_agree(number: int, plus_four: str) -> None:
    raw = f" {number:05}{plus_four} "
    assert ours("zp", raw, "US") == theirs("zp", raw)


@pytest.mark.parametrize("raw", ["SW1A 1AA", "1010", "75008", "D02 AF30", "1234 AB"])
def test_postcodes_without_a_dash_agree(raw: str) -> None:
    assert ours("zp", raw, "GB") == theirs("zp", raw)


@pytest.mark.parametrize(("field", "raw"), [("ge", "F"), ("ge", " m "), ("db", "19851210")])
def test_what_already_has_meta_s_form_agrees(field: str, raw: str) -> None:
    assert ours(field, raw) == theirs(field, raw)


@pytest.mark.parametrize("digest", ["62a14e44" * 8, "62A14E44" * 8])
def test_a_ready_made_digest_agrees(digest: str) -> None:
    for field in ("em", "ph", "fn", "zp", "country"):
        assert ours(field, digest) == theirs(field, digest)


# field, raw, country, our normalised text, and why the library's answer is not ours.
DIFFERENCES = [
    ("em", "two@@x.com", None, None, "it looks at a prefix only"),
    ("em", "in ner@x.com", None, None, "it looks at a prefix only"),
    ("em", "\u200bjoe@x.com", None, "joe@x.com", "it keeps invisible characters"),
    ("fn", "Mary Ann", None, "maryann", "documented: no spaces, as in Meta's browser library"),
    ("ln", "O'Brien", None, "obrien", "documented: no punctuation"),
    ("fn", "Jose\u0301", None, "jos\u00e9", "it hashes decomposed accents as they come"),
    ("fn", "   ", None, None, "it hashes the empty text"),
    ("ct", "Coeur d'Alene", None, "coeurdalene", "documented: no punctuation"),
    ("st", "California", "US", "ca", "documented: two-letter code in the US"),
    ("st", "75", "FR", "75", "it hashes the empty text"),
    ("zp", "940251234", "US", "94025", "documented: the first five digits in the US"),
    ("zp", "00-950", "PL", "00950", "documented: no dash; it cuts at the dash"),
    ("ph", "+44 (0)20 7946 0958", "GB", "442079460958", "it keeps the trunk prefix"),
    ("ph", "1234567890123456789012", None, None, "it takes any number of digits"),
    ("ge", "female", None, "f", "documented: the initial; it hashes the word"),
    ("db", "1985-12-10", None, "19851210", "documented: YYYYMMDD; it hashes what it is given"),
    ("db", "19851332", None, None, "it does not look at the date"),
]


@pytest.mark.parametrize(("field", "raw", "country", "normalised", "why"), DIFFERENCES)
def test_we_differ_on_purpose(
    field: str, raw: str, country: str | None, normalised: str | None, why: str
) -> None:
    assert hash_field("meta", field, raw, country).normalised == normalised
    assert ours(field, raw, country) != theirs(field, raw), why
