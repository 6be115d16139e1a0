"""Phone numbers beyond the vectors."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.identity.normalise import Normalised, OmitReason, Omitted, ph
from bridge.identity.normalise.numbering_plan import plain_number

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
KINDS = [phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE]


def examples(region: str) -> list[phonenumbers.PhoneNumber]:
    numbers = (phonenumbers.example_number_for_type(region, kind) for kind in KINDS)
    return [number for number in numbers if number is not None]


@pytest.mark.parametrize("region", REGIONS)
def test_every_country_s_numbers_are_read_in_every_way_of_writing(region: str) -> None:
    for number in examples(region):
        written = {form: phonenumbers.format_number(number, form) for form in (0, 1, 2, 3)}
        digits = written[phonenumbers.PhoneNumberFormat.E164][1:]
        for raw in (*written.values(), digits):
            assert ph(raw, region.lower()) == Normalised(digits)


@given(region=st.sampled_from(REGIONS), data=st.data())
def test_a_plain_number_is_what_libphonenumber_makes_of_it(
    region: str, data: st.DataObject
) -> None:
    number = data.draw(st.sampled_from(examples(region)))
    national = phonenumbers.national_significant_number(number)
    kept = data.draw(st.integers(0, len(national)))
    tail = data.draw(st.text("0123456789", max_size=9))
    code = number.country_code
    international = [f"+{code}", f"+{code} (0)", f"00{code}", f"00{code} 0", str(code)]
    prefix = data.draw(
        st.sampled_from(["", "0", "1", "8", "00", "011", "1831", "90", "0 15", "+", *international])
    )
    raw = prefix + " " + national[:kept] + "-" + tail
    answer = plain_number(raw, region)
    if answer is not None:
        parsed = phonenumbers.parse(raw, region)
        assert answer == (
            str(parsed.country_code),
            phonenumbers.national_significant_number(parsed),
        )
        assert phonenumbers.is_possible_number_with_reason(parsed) == 0


@pytest.mark.parametrize(
    ("raw", "region"),
    [
        ("1800201234", "GB"),
        ("3131749", "CA"),
        ("+7 800 200-06-00", "RU"),
        ("0 21 11 2345 6789", "BR"),
    ],
)
def test_a_number_that_could_be_read_in_two_ways_is_left_to_the_parser(
    raw: str, region: str
) -> None:
    assert plain_number(raw, region) is None


def test_most_countries_are_read_without_the_parser() -> None:
    read = [region for region in REGIONS if plain_number(examples_text(region), region)]
    assert {"US", "CA", "GB", "DE", "FR", "IT", "ES", "NL", "IN", "AU"} <= set(read)
    assert len(read) > 190


def examples_text(region: str) -> str:
    number = next(iter(examples(region)), None)
    return phonenumbers.format_number(number, 2) if number else ""


@pytest.mark.parametrize(
    ("raw", "country", "digits"),
    [
        ("+44 20 7946 0958", "US", "442079460958"),
        ("0044 20 7946 0958", None, "442079460958"),
        ("030 123456 ext. 5", "DE", "4930123456"),
        ("\u202a+1 650 555 1212\u202c", None, "16505551212"),
        ("4915112345678", "DE", "4915112345678"),
        ("(650) 555-1212", "us", "16505551212"),
    ],
)
def test_a_number_is_read_by_what_stands_in_it_first(
    raw: str, country: str | None, digits: str
) -> None:
    assert ph(raw, country) == Normalised(digits)


@pytest.mark.parametrize(
    ("raw", "country", "reason"),
    [
        ("650 555 1212", None, OmitReason.COUNTRY_NEEDED),
        ("650 555 1212", "XX", OmitReason.COUNTRY_NEEDED),
        ("555-1212", "US", OmitReason.IMPOSSIBLE),
        ("0000000000", "US", OmitReason.PLACEHOLDER),
        ("999-999-9999", "US", OmitReason.PLACEHOLDER),
        ("0999999999", "DE", OmitReason.PLACEHOLDER),
        ("call me", "US", OmitReason.MALFORMED),
        ("+49 1", "DE", OmitReason.IMPOSSIBLE),
        ("1" * 300, "US", OmitReason.PLACEHOLDER),
        ("12" * 150, "US", OmitReason.IMPOSSIBLE),
    ],
)
def test_what_nobody_can_dial_is_omitted_with_its_reason(
    raw: str, country: str | None, reason: OmitReason
) -> None:
    assert ph(raw, country) == Omitted(reason)
