"""What the vectors leave open of Google's fields; and Google's own examples as oracle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.identity.normalise import Normalised, OmitReason, Omitted, em, fn, google
from bridge.identity.rules import hash_field

MALFORMED = Omitted(OmitReason.MALFORMED)
EMPTY = Omitted(OmitReason.EMPTY)
PLACEHOLDER = Omitted(OmitReason.PLACEHOLDER)

# field, raw, answer: as the formatting guide and the tests of Google's own libraries have them.
GOOGLE_S_EXAMPLES = [
    ("email", "QuinnY@EXAMPLE.com", "quinny@example.com"),
    ("email", "user.name+NYC@Example.com", "user.name+nyc@example.com"),
    ("email", "jefferson.Loves.hiking@gmail.com", "jeffersonloveshiking@gmail.com"),
    ("email", "j.e.f..ferson.Loves.hiking@gmail.com", "jeffersonloveshiking@gmail.com"),
    ("email", "Cloudy.SanFrancisco+shopping@googlemail.com", "cloudysanfrancisco@googlemail.com"),
    ("email", "@example.com", None),
    ("email", "quinn", None),
    ("phone", "+1 800-555-0100", "+18005550100"),
    ("phone", "+44-113-496-0987", "+441134960987"),
    ("phone", "+abc-DEF", None),
    ("phone", "++++", None),
    ("given_name", " Alex   ", "alex"),
    ("given_name", " Mr. Alex   ", "alex"),
    ("given_name", " Dr. Alex   ", "alex"),
    ("given_name", " Alex Dr.", "alex dr."),
    ("given_name", " Mralex   ", "mralex"),
    ("given_name", " Mr. ", None),
    ("family_name", "Quinn-Alex", "quinn-alex"),
    ("family_name", " Quinn, Jr.   ", "quinn"),
    ("family_name", " Quinn,Jr.   ", "quinn"),
    ("family_name", " Quinn Sr.  ", "quinn"),
    ("family_name", "quinn, jr. dds", "quinn"),
    ("family_name", "quinn, jr., dds", "quinn"),
    ("family_name", "Boardds", "boardds"),
    ("family_name", ", Jr. ", None),
    ("family_name", ",Jr.,DDS ", None),
    ("region_code", "  us  ", "US"),
    ("region_code", " u2 ", None),
    ("postal_code", " 94045  ", "94045"),
    ("postal_code", "  1229-076  ", "1229-076"),
]


@pytest.mark.parametrize(("field", "raw", "answer"), GOOGLE_S_EXAMPLES)
def test_google_s_own_examples_agree(field: str, raw: str, answer: str | None) -> None:
    assert hash_field("google", field, raw).normalised == answer


def test_google_s_own_digests_agree() -> None:
    assert hash_field("google", "email", "  ALEXZ@example.com   ").sha256 == (
        "509e933019bb285a134a9334b8bb679dff79d0ce023d529af4bd744d47b4fd8a"
    )
    assert hash_field("google", "phone", "1-800-555-0100", "US").sha256 == (
        "fb4f73a6ec5fdb7077d564cdd22c3554b43ce49168550c3b12c547b78c517b30"
    )
    assert hash_field("google", "given_name", "  GivenName  ").sha256 == (
        "128a07bfe2df877c52076e60d7774cf5baaa046c5a6c48daf30ff43ecca2f814"
    )
    assert hash_field("google", "family_name", "Familyname").sha256 == (
        "77762c287e61ce065bee5c15464012c6fbe088398b8057627d5577249430d574"
    )


# field, raw, our answer, and why it is not that of Google's Node library.
DIFFERENCES = [
    ("given_name", "Mary  Jane", "mary jane", "it hashes both spaces"),
    ("given_name", "Jose\u0301", "jos\u00e9", "it hashes decomposed accents as they come"),
    ("given_name", "Mr. Dr. Alex", "alex", "it takes off one prefix"),
    ("given_name", "undefined", None, "it hashes stand-ins for nothing"),
    ("family_name", "Smith,", "smith", "it keeps a comma that nothing follows"),
    ("family_name", "-", None, "it hashes a dash"),
    ("email", "mailto:jane@eg.com", None, "it looks for one @ only"),
    ("email", "jane@localhost", None, "it looks for one @ only"),
    ("region_code", "Deutschland", "DE", "it wants two letters"),
    ("region_code", "ZZ", None, "it takes any two letters"),
    ("postal_code", "n/a", None, "it takes any text"),
]


@pytest.mark.parametrize(("field", "raw", "answer", "why"), DIFFERENCES)
def test_we_differ_on_purpose(field: str, raw: str, answer: str | None, why: str) -> None:
    assert hash_field("google", field, raw).normalised == answer, why


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (".jane.@gmail.com", "jane@gmail.com"),
        ("\uff2aane.Doe+x@\uff27mail.com", "janedoe@gmail.com"),
        ("jane.doe+x@notgmail.com", "jane.doe+x@notgmail.com"),
        ("jane.doe+x@gmail.com.eg.com", "jane.doe+x@gmail.com.eg.com"),
    ],
)
def test_only_gmail_ignores_dots_and_what_follows_a_plus(raw: str, value: str) -> None:
    assert google.email(raw) == Normalised(value)


@pytest.mark.parametrize("raw", ["...@gmail.com", "+x@gmail.com", "a@b@gmail.com", "gmail.com"])
def test_a_gmail_address_of_nobody_is_omitted(raw: str) -> None:
    assert google.email(raw) == MALFORMED


@given(st.emails())
def test_elsewhere_an_address_is_what_meta_takes_it_for(raw: str) -> None:
    assert google.email(raw) == em(raw)


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        ("Ms. ", EMPTY),
        ("Mr. Mrs.", EMPTY),
        ("...", MALFORMED),
        ("123", MALFORMED),
        ("Dr. null", PLACEHOLDER),
        ("Mary\tJane", Normalised("mary jane")),
        ("Anna\u00a0Mar\u00eda\u3000", Normalised("anna mar\u00eda")),
        ("O'Neil 2", Normalised("o'neil 2")),
        ("Mr. \u200dAlex\u200d", Normalised("alex")),
    ],
)
def test_a_given_name_keeps_all_but_forms_of_address(
    raw: str, outcome: Normalised | Omitted
) -> None:
    assert google.given_name(raw) == outcome


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        ("Smith V", Normalised("smith")),
        ("Smith,III ,MD, ", Normalised("smith")),
        ("V V", Normalised("v")),
        (" , ", EMPTY),
        ("Smith, undefined", Normalised("smith, undefined")),
        ("undefined, Jr.", PLACEHOLDER),
        ("Jr.", Normalised("jr.")),
        ("Phd Smith", Normalised("phd smith")),
    ],
)
def test_a_family_name_keeps_all_but_suffixes(raw: str, outcome: Normalised | Omitted) -> None:
    assert google.family_name(raw) == outcome


@given(st.text("abcdefghijklm\u00e9", min_size=1), st.sampled_from(["jr.", "Sr", "III", "PhD"]))
def test_a_name_with_and_without_suffix_is_one(name: str, suffix: str) -> None:
    for written in (f"{name} {suffix}", f"{name}, {suffix}", f"{name},{suffix},"):
        assert google.family_name(written) == Normalised(name) == fn(name)


@pytest.mark.parametrize(
    ("raw", "country", "value"),
    [
        ("94043-1234", "US", "94043-1234"),
        ("940431234", "us", "94043-1234"),
        ("94043\u20131234", "US", "94043-1234"),
        ("601", "PR", "00601"),
        ("94043 - 1234", None, "94043-1234"),
        ("w1  1aa", "GB", "w1 1aa"),
        ("\u3012100-0001", "JP", "100-0001"),
        ("\uff11\uff10\uff10\uff0d\uff10\uff10\uff10\uff11", "JP", "100-0001"),
        ("\u0661\u0662\u0663\u0664\u0665", "EG", "12345"),
    ],
)
def test_a_postcode_keeps_its_form(raw: str, country: str | None, value: str) -> None:
    assert google.postal_code(raw, country) == Normalised(value)


@pytest.mark.parametrize(
    ("raw", "country"),
    [
        *(("CA 94043", "US"), ("94043-1", "US"), ("SW1A 1AA", "US")),
        *(("none", None), ("1", "DE"), ("12 Main Street, Springfield", None), ("-1-", "DE")),
        *(("\u6771\u4eac100", "JP"), ("1" * 13, "DE"), ("12<b>", "DE")),
    ],
)
def test_what_no_country_has_for_a_postcode_is_omitted(raw: str, country: str | None) -> None:
    assert google.postal_code(raw, country) == MALFORMED


@pytest.mark.parametrize("country", ["US", "AE", None])
def test_a_postcode_of_zeros_is_a_placeholder(country: str | None) -> None:
    assert google.postal_code("00000", country) == PLACEHOLDER
    assert google.postal_code("000 00-0", country) == PLACEHOLDER
