"""Credentials for Google that are refused or unusable: said why, and without telling secrets."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from bridge.delivery.answer import Answer, NoAnswer, NoAnswerKind
from bridge.delivery.tokens import Tokens
from bridge.errors import TokenDelayed, TokenUnavailable

from .conftest import ENDPOINT, ROBOT, USER, Dial, Endpoint, MakeGoogle, pem, said


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (said(400, error="invalid_grant", error_description="x@y"), "google:invalid_grant"),
        (said(401, error="invalid_client"), "google:invalid_client"),
        (said(403, error="Access_Denied <secret>"), "token_endpoint:403"),
        (said(404), "token_endpoint:404"),
        (said(302), "token_endpoint:302"),
    ],
)
def test_refused_credentials_say_why_and_raise_an_alert(
    tokens: Tokens,
    endpoint: Endpoint,
    credentials: MakeGoogle,
    logged: list[Any],
    answer: Answer,
    reason: str,
) -> None:
    destination = credentials(USER)
    endpoint.answers.append(answer)
    with pytest.raises(TokenUnavailable) as caught:
        tokens.current(destination)
    assert caught.value.reason == reason
    assert logged == [
        {
            "event": "credentials_refused",
            "log_level": "error",
            "destination": "google",
            "reason": reason,
        }
    ]
    assert tokens.current(destination) == "ya29.2"


TROUBLE = [
    said(500),
    said(503, error="temporarily_unavailable"),
    said(429),
    said(400, error="internal_failure"),
    said(200),
    said(200, access_token=7),
    Answer(status=200, headers={}, body=b"<html>"),
    NoAnswer(kind=NoAnswerKind.TIMEOUT, certain_not_received=False),
]


@pytest.mark.parametrize("answer", TROUBLE)
def test_trouble_that_passes_is_no_refusal(
    tokens: Tokens,
    endpoint: Endpoint,
    credentials: MakeGoogle,
    logged: list[Any],
    answer: Answer | NoAnswer,
) -> None:
    endpoint.answers.append(answer)
    with pytest.raises(TokenDelayed):
        tokens.current(credentials(USER))
    assert not logged


def test_a_token_that_still_lasts_bridges_trouble_at_the_endpoint(
    tokens: Tokens, endpoint: Endpoint, credentials: MakeGoogle, dial: Dial
) -> None:
    destination = credentials(USER)
    tokens.current(destination)
    dial.turn(seconds=3599)
    endpoint.answers += [said(503), said(503)]
    assert tokens.current(destination) == "ya29.1"
    dial.turn(seconds=1)
    with pytest.raises(TokenDelayed):
        tokens.current(destination)


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"type": "external_account"}, "type"),
        ({}, "type"),
        (USER | {"refresh_token": ""}, "refresh_token"),
        (USER | {"client_secret": 7}, "client_secret"),
        (ROBOT | {"client_email": None}, "client_email"),
        (ROBOT | {"private_key": "-----BEGIN secret"}, "private_key"),
        (
            ROBOT | {"private_key": pem(ec.generate_private_key(ec.SECP256R1()))},
            "private_key",
        ),
    ],
)
def test_unusable_credentials_name_the_member_and_show_nothing(
    tokens: Tokens,
    endpoint: Endpoint,
    credentials: MakeGoogle,
    members: Mapping[str, object],
    told: str,
) -> None:
    with pytest.raises(TokenUnavailable) as caught:
        tokens.current(credentials(members))
    assert f"`{told}`" in str(caught.value)
    assert "secret" not in str(caught.value).replace("client_secret", "")
    assert caught.value.reason == "token_unavailable"
    assert not endpoint.asked


def test_credentials_that_are_no_json_show_nothing(
    tokens: Tokens, file: Path, make_google: MakeGoogle
) -> None:
    file.write_text('{"refresh_token": "the-refresh-token"')
    with pytest.raises(TokenUnavailable) as caught:
        tokens.current(make_google(credentials=f"file:{file}"))
    assert "the-refresh-token" not in str(caught.value)


def test_a_plain_token_is_used_as_it_stands_and_cannot_be_replaced(
    tokens: Tokens, endpoint: Endpoint, make_google: MakeGoogle
) -> None:
    destination = make_google(credentials="plain:mock-token")
    assert tokens.current(destination) == "mock-token"
    assert not tokens.renewable(destination, "mock-token")
    assert not endpoint.asked


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"token_url": None}, "`token_url`"),
        ({"token_url": "https://oauth2.googleapis.com/token"}, "`token_url`"),
        ({"token_url": "http://mock/token", "live": True}, "https"),
        ({"token_url": "http://oauth2.googleapis.com/token", "live": True}, "https"),
        ({"token_url": "mock/token"}, "URL"),
    ],
)
def test_no_secret_leaves_by_accident(
    tokens: Tokens,
    endpoint: Endpoint,
    credentials: MakeGoogle,
    settings: dict[str, object],
    told: str,
) -> None:
    with pytest.raises(TokenUnavailable, match=told):
        tokens.current(credentials(USER, **settings))
    assert not endpoint.asked


def test_a_live_destination_asks_google_unless_told_otherwise(
    tokens: Tokens, endpoint: Endpoint, credentials: MakeGoogle
) -> None:
    tokens.current(credentials(USER, live=True, token_url=None))
    assert [url for url, _ in endpoint.asked] == ["https://oauth2.googleapis.com/token"]


def test_a_live_destination_takes_no_plain_token(
    tokens: Tokens, file: Path, make_google: MakeGoogle
) -> None:
    file.write_text("ya29.secret")
    with pytest.raises(TokenUnavailable, match="live") as caught:
        tokens.current(make_google(credentials=f"file:{file}", live=True))
    assert "ya29" not in str(caught.value)


def test_one_secret_at_two_endpoints_is_two_tokens(
    tokens: Tokens, endpoint: Endpoint, credentials: MakeGoogle
) -> None:
    first, second = credentials(USER), credentials(USER, token_url=f"{ENDPOINT}/other")
    assert [tokens.current(one) for one in (first, second, first)] == ["ya29.1", "ya29.2", "ya29.1"]
    assert len(endpoint.asked) == 2
