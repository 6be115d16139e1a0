import pytest

from bridge.delivery.scrub import LONGEST, scrub


@pytest.mark.parametrize(
    "personal",
    [
        "jane.doe+x@shop.example.org",
        "+44 (0)20 7946 0958",
        "5550109999",
        "1985-12-10",
        "203.0.113.195",
        "2001:db8:85a3::8a2e:370:7334",
        "::ffff:203.0.113.9",
        "EAABsbCS1iHgBAKZCz0ZBdefghijkl",
        "Bearer short",
        "access_token=abc",
        "https://shop.example.org/?email=a",
        "Mozilla/5.0 (iPhone; CPU) Jane",
        "fb.1.1596403881668.IwAR123",
        "a" * 64,
        "4111 1111 1111 1111",
    ],
)
def test_personal_and_secret_text_is_taken_out(personal: str) -> None:
    scrubbed = scrub(f"Invalid value {personal} given")
    assert scrubbed.startswith("Invalid value <")
    assert personal not in scrubbed
    assert not any(part in scrubbed for part in personal.split() if len(part) > 5)


def test_what_explains_the_error_stays() -> None:
    text = 'Server Side Api Parameter Error: Unexpected key "x" on param "$[\'data\'][0]"'
    assert scrub(text) == text


def test_text_is_one_line_and_bounded() -> None:
    scrubbed = scrub("word \n\x00\ud800 " * 1000)
    assert len(scrubbed) <= LONGEST
    assert scrubbed.isprintable()
    scrubbed.encode()
