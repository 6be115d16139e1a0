"""Tokens that are their own credentials: read anew each time, and never shown."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.clock import system_clock
from bridge.delivery.google_tokens import GoogleTokens
from bridge.delivery.tokens import Tokens
from bridge.delivery.transport import HttpTransport
from bridge.errors import TokenUnavailable
from bridge.operate.destinations import Destination

MakeDestination = Callable[..., Destination]


def no_google() -> Tokens:
    return Tokens(GoogleTokens(HttpTransport(), system_clock))


def test_a_changed_file_is_seen_at_the_next_request(
    make_destination: MakeDestination, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    destination = make_destination(token=f"file:{file}")
    tokens = no_google()
    file.write_text("first\n")
    assert tokens.current(destination) == "first"
    file.write_text("second\n")
    assert tokens.current(destination) == "second"


@pytest.mark.parametrize("text", ["", "  \n", "two words", "line\nbreak", "sécret"])
def test_what_cannot_stand_in_a_header_is_no_token_and_is_not_shown(
    make_destination: MakeDestination, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "token"
    file.write_text(text)
    with pytest.raises(TokenUnavailable) as caught:
        no_google().current(make_destination(token=f"file:{file}"))
    assert not text.strip() or text.strip() not in str(caught.value)


def test_a_file_that_is_no_text_is_no_token(
    make_destination: MakeDestination, tmp_path: Path
) -> None:
    (tmp_path / "token").write_bytes(b"\xff\xfe")
    with pytest.raises(TokenUnavailable):
        no_google().current(make_destination(token=f"file:{tmp_path / 'token'}"))


def test_only_another_token_than_the_refused_one_counts_as_rotated_and_only_once(
    make_destination: MakeDestination, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    destination = make_destination(token=f"file:{file}")
    tokens = no_google()
    file.write_text("old")
    assert not tokens.rotated(destination)
    tokens.refuse(destination)
    assert not tokens.rotated(destination)
    file.unlink()
    assert not tokens.rotated(destination)
    file.write_text("new")
    assert tokens.rotated(destination)
    assert not tokens.rotated(destination)


def test_a_missing_token_that_appears_counts_as_rotated(
    make_destination: MakeDestination, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    destination = make_destination(token=f"file:{file}")
    tokens = no_google()
    tokens.refuse(destination)
    file.write_text("new")
    assert tokens.rotated(destination)
