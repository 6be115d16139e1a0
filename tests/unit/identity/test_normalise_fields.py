"""What the vectors leave open, field by field."""

from datetime import date

import pytest

from bridge.identity.normalise import (
    Normalised,
    OmitReason,
    Omitted,
    country,
    ct,
    db,
    em,
    external_id,
    fn,
    ge,
    st,
    zp,
)

MALFORMED = Omitted(OmitReason.MALFORMED)
IMPOSSIBLE = Omitted(OmitReason.IMPOSSIBLE)
UNKNOWN_WORD = Omitted(OmitReason.UNKNOWN_WORD)
PLACEHOLDER = Omitted(OmitReason.PLACEHOLDER)
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("\u200bJoe@EG.com\ufeff", "joe@eg.com"),
        ("\uff4a\uff4f\uff45\uff20eg.com", "joe@eg.com"),
        ("o'neil_1%x@mail-1.eg.co.jp", "o'neil_1%x@mail-1.eg.co.jp"),
        ("j\u00fcrgen@m\u00fcnchen.de", "j\u00fcrgen@m\u00fcnchen.de"),
        ("x@xn--mnchen-3ya.de", "x@xn--mnchen-3ya.de"),
    ],
)
def test_an_address_in_any_script_is_lower_cased(raw: str, value: str) -> None:
    assert em(raw) == Normalised(value)


@pytest.mark.parametrize(
    "raw",
    [
        *("jane", "jane@localhost", "@eg.com", "jane@", "jane@eg..com", "jane@-eg.com"),
        *(".jane@eg.com", "jane.@eg.com", "ja..ne@eg.com", "ja ne@eg.com", "jane@127.0.0.1"),
        *("Jane <jane@eg.com>", "mailto:jane@eg.com", "a@eg.com,b@eg.com", "ja\x00ne@eg.com"),
        "a" * 250 + "@eg.com",
    ],
)
def test_what_is_no_address_is_omitted(raw: str) -> None:
    assert em(raw) == MALFORMED


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("Jos\u0065\u0301", "jos\u00e9"),
        ("\u0130pek", "i\u0307pek"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("Anna\u00a0Mar\u00eda\u3000", "annamar\u00eda"),
        ("Mary\u00ad-\u200bAnn", "maryann"),
        ("N\ud800ora", "nora"),
        ("Jose-\u0301", "jos\u00e9"),
    ],
)
def test_a_name_keeps_its_letters_whatever_hides_between_them(raw: str, value: str) -> None:
    assert fn(raw) == Normalised(value)


@pytest.mark.parametrize("raw", ["123", "\u0661\u0662"])
def test_a_name_of_digits_is_omitted(raw: str) -> None:
    assert fn(raw) == MALFORMED


@pytest.mark.parametrize(
    "raw",
    [
        "Herr",
        "HOMME",
        "mr.",
        "\u7537\u6027",
        "M\u00e4nnlich",
        "\u043c\u0443\u0436\u0441\u043a\u043e\u0439",
    ],
)
def test_male_words_of_many_languages_give_m(raw: str) -> None:
    assert ge(raw) == Normalised("m")


@pytest.mark.parametrize(
    "raw", ["Frau", "femme", "Mrs.", "w", "\u5973", "Se\u00f1ora", "\u017ce\u0144ska"]
)
def test_female_words_of_many_languages_give_f(raw: str) -> None:
    assert ge(raw) == Normalised("f")


@pytest.mark.parametrize("raw", ["1", "2", "divers", "x", "unknown", "prefer not to say"])
def test_anything_else_gives_no_gender(raw: str) -> None:
    assert ge(raw) == UNKNOWN_WORD


@pytest.mark.parametrize(
    ("raw", "hint", "value"),
    [
        ("1985-12-10", None, "19851210"),
        ("1985-12-10T00:00:00.000Z", None, "19851210"),
        ("1985/2/3", None, "19850203"),
        ("19851210", None, "19851210"),
        ("10.12.1985", "US", "19851210"),
        ("10. 12. 1985", None, "19851210"),
        ("3/4/1990", "US", "19900304"),
        ("3/4/1990", None, "19900304"),
        ("3/4/1990", "GB", "19900403"),
        ("16/2/1997", "US", "19970216"),
        ("2-16-1997", "DE", "19970216"),
        ("29.02.2000", None, "20000229"),
        ("\uff11\uff19\uff18\uff15-\uff11\uff12-\uff11\uff10", "JP", "19851210"),
        ("1900-01-01", None, "19000101"),
        ("2026-11-22", None, "20261122"),
    ],
)
def test_a_birth_date_is_read_as_its_writer_meant_it(
    raw: str, hint: str | None, value: str
) -> None:
    assert db(raw, hint, today=TODAY) == Normalised(value)


@pytest.mark.parametrize(
    "raw", ["1985-02-30", "13/13/1985", "29.02.1999", "1899-12-31", "2026-11-23", "00000000"]
)
def test_a_day_nobody_was_born_on_is_omitted(raw: str) -> None:
    assert db(raw, today=TODAY) == IMPOSSIBLE


@pytest.mark.parametrize("raw", ["10.12.85", "December 10", "1985", "1985-12", "1/2-1985", "x"])
def test_what_is_no_whole_date_is_omitted(raw: str) -> None:
    assert db(raw, today=TODAY) == MALFORMED


def test_without_a_given_day_a_birth_date_is_compared_with_the_calendar() -> None:
    assert db("2999-01-01") == IMPOSSIBLE


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("Coeur d\u2019Alene", "coeurdalene"),
        ("29 Palms", "palms"),
        ("\u6771\u4eac", "\u6771\u4eac"),
        ("\u0926\u093f\u0932\u094d\u0932\u0940", "\u0926\u093f\u0932\u094d\u0932\u0940"),
        ("Zu\u0308rich (Kreis 4)", "z\u00fcrichkreis"),
    ],
)
def test_a_city_keeps_only_letters(raw: str, value: str) -> None:
    assert ct(raw) == Normalised(value)


@pytest.mark.parametrize(
    ("raw", "hint", "value"),
    [
        ("District of Columbia", "US", "dc"),
        ("Washington, D.C.", "US", "dc"),
        ("Puerto Rico", "us", "pr"),
        ("US-CA", "US", "ca"),
        ("AE", "US", "ae"),
        ("Qu\u00e9bec", "CA", "qc"),
        ("PQ", "CA", "qc"),
        ("Newfoundland & Labrador", "CA", "nl"),
        ("New York", None, "ny"),
        ("NSW", "AU", "nsw"),
        ("Nordrhein-Westfalen", "DE", "nordrheinwestfalen"),
        ("75", "FR", "75"),
    ],
)
def test_a_state_is_a_code_in_the_us_and_canada_and_plain_elsewhere(
    raw: str, hint: str | None, value: str
) -> None:
    assert st(raw, hint) == Normalised(value)


@pytest.mark.parametrize(("raw", "hint"), [("Bayern", "US"), ("XX", "US"), ("Texas", "CA")])
def test_a_state_that_its_country_has_not_is_omitted(raw: str, hint: str | None) -> None:
    assert st(raw, hint) == UNKNOWN_WORD


@pytest.mark.parametrize(
    ("raw", "hint", "value"),
    [
        ("601", "US", "00601"),
        ("2139-1234", "US", "02139"),
        ("21391234", "US", "02139"),
        ("94025\u20131234", "US", "94025"),
        ("00901-1234", "PR", "00901"),
        ("94025-1234", None, "94025"),
        ("\u3012100-0001", "JP", "1000001"),
        ("\uff11\uff10\uff10\uff0d\uff10\uff10\uff10\uff11", "JP", "1000001"),
        ("K1A-0B1", "CA", "k1a0b1"),
    ],
)
def test_a_postcode_keeps_letters_and_digits_and_a_zip_five_of_them(
    raw: str, hint: str | None, value: str
) -> None:
    assert zp(raw, hint) == Normalised(value)


@pytest.mark.parametrize(
    ("raw", "hint"), [("CA 94025", "US"), ("12", "US"), ("123456", "US"), ("7", "DE")]
)
def test_what_is_no_postcode_is_omitted(raw: str, hint: str | None) -> None:
    assert zp(raw, hint) == MALFORMED


def test_a_postcode_of_zeros_is_a_placeholder() -> None:
    assert zp("00000", "AE") == zp("00000", "US") == PLACEHOLDER


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        *(("USA", "us"), ("deu", "de"), ("Deutschland", "de"), ("The Netherlands", "nl")),
        *(
            ("Korea, Republic of", "kr"),
            ("South Korea", "kr"),
            ("T\u00fcrkiye", "tr"),
            ("Turkey", "tr"),
        ),
        *(
            ("England", "gb"),
            ("\u65e5\u672c", "jp"),
            ("Czech Republic", "cz"),
            ("COTE D'IVOIRE", "ci"),
        ),
    ],
)
def test_a_country_is_known_by_code_and_name(raw: str, value: str) -> None:
    assert country(raw) == Normalised(value)


@pytest.mark.parametrize("raw", ["EU", "840", "Atlantis", "en_US", "AAA"])
def test_what_is_no_country_is_omitted(raw: str) -> None:
    assert country(raw) == UNKNOWN_WORD


def test_an_external_id_loses_case_and_white_space_only() -> None:
    assert external_id(" A_1\t-\u00a0B\u200b/\u00c9 ") == Normalised("a_1-b/\u00e9")
