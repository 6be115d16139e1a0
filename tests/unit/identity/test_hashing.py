from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.identity.hashing import accept_digest, is_digest, sha256_hex
from bridge.identity.normalise import OmitReason

DIGEST = sha256(b"joe@eg.com").hexdigest()
# As Meta's Parameter Builder libraries write it, today's form and the first one.
SUFFIXES = (".AQIAAQMC", ".Bg")


def test_text_is_hashed_as_utf8_in_lower_case_hex() -> None:
    assert sha256_hex("valéry") == sha256("valéry".encode()).hexdigest()


def test_an_empty_text_has_no_digest() -> None:
    with pytest.raises(ValueError, match="leave the field out"):
        sha256_hex("")


@pytest.mark.parametrize("suffix", ["", *SUFFIXES])
def test_a_ready_made_digest_is_taken_in_lower_case_without_suffix(suffix: str) -> None:
    given_digest = f" {DIGEST.upper()}{suffix} "
    assert is_digest(given_digest)
    assert accept_digest(given_digest) == DIGEST


@pytest.mark.parametrize(
    "text",
    [
        "",
        DIGEST[:-1],
        DIGEST + "0",
        "g" + DIGEST[1:],
        DIGEST + ".toolong12",
        DIGEST + ".",
        "0" * 32,
    ],
)
def test_what_is_no_sha256_is_not_taken_for_one(text: str) -> None:
    assert not is_digest(text)
    assert accept_digest(text) is OmitReason.NOT_A_DIGEST


@pytest.mark.parametrize("nothing", ["", " ", "undefined", "null"])
def test_the_digest_of_nothing_is_refused(nothing: str) -> None:
    digest = sha256(nothing.encode()).hexdigest()
    assert accept_digest(digest.upper()) is OmitReason.DIGEST_OF_NOTHING


@given(st.text())
def test_any_text_is_a_digest_or_has_a_reason(text: str) -> None:
    assert is_digest(text) == (accept_digest(text) is not OmitReason.NOT_A_DIGEST)
