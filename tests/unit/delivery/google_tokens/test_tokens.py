"""Tokens for Google: asked for once, before the old one ends, and replaced when refused."""

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from bridge.delivery.tokens import Tokens

from .conftest import ENDPOINT, KEY, ROBOT, USER, Dial, Endpoint, MakeGoogle


def test_a_user_asks_with_the_refresh_token(
    tokens: Tokens, endpoint: Endpoint, credentials: MakeGoogle
) -> None:
    assert tokens.current(credentials(USER)) == "ya29.1"
    assert endpoint.asked == [
        (
            ENDPOINT,
            {
                "grant_type": "refresh_token",
                "client_id": "the-client",
                "client_secret": "the-secret",
                "refresh_token": "the-refresh-token",
            },
        )
    ]


def test_a_service_account_asks_with_a_statement_signed_with_its_key(
    tokens: Tokens, endpoint: Endpoint, credentials: MakeGoogle, dial: Dial
) -> None:
    assert tokens.current(credentials(ROBOT, token_url=None)) == "ya29.1"
    [(url, form)] = endpoint.asked
    assert url == ENDPOINT
    assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    header, claims, signature = form["assertion"].split(".")
    signed = f"{header}.{claims}".encode()
    KEY.public_key().verify(opened(signature), signed, PKCS1v15(), SHA256())
    assert orjson.loads(opened(header)) == {"alg": "RS256", "typ": "JWT", "kid": "key-1"}
    assert orjson.loads(opened(claims)) == {
        "iss": "robot@project.iam.gserviceaccount.com",
        "scope": "https://www.googleapis.com/auth/datamanager",
        "aud": "https://oauth2.googleapis.com/token",
        "iat": dial().timestamp(),
        "exp": dial().timestamp() + 3600,
    }


def test_each_interface_asks_for_its_own_scope_and_has_a_token_of_its_own(
    tokens: Tokens, endpoint: Endpoint, credentials: MakeGoogle, make_google_ads: Callable[..., Any]
) -> None:
    data_manager = credentials(ROBOT)
    google_ads = make_google_ads(credentials=data_manager.credentials, token_url=ENDPOINT)

    assert tokens.current(data_manager) != tokens.current(google_ads)
    scopes = [
        orjson.loads(opened(form["assertion"].split(".")[1]))["scope"] for _, form in endpoint.asked
    ]
    assert scopes == [data_manager.scope, "https://www.googleapis.com/auth/adwords"]


def opened(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@pytest.mark.parametrize("life", [3600, "3600", None, "soon", True], ids=repr)
def test_a_token_is_kept_until_shortly_before_its_end(
    tokens: Tokens, endpoint: Endpoint, credentials: MakeGoogle, dial: Dial, life: object
) -> None:
    endpoint.life = life
    destination = credentials(USER)
    tokens.current(destination)
    dial.turn(seconds=3600 - 226)
    assert tokens.current(destination) == "ya29.1"
    dial.turn(seconds=1)
    assert tokens.current(destination) == "ya29.2"


def test_many_threads_that_need_a_token_ask_once(
    tokens: Tokens, endpoint: Endpoint, credentials: MakeGoogle
) -> None:
    destination = credentials(USER)
    endpoint.gate.clear()
    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(tokens.current, destination) for _ in range(8)]
        endpoint.gate.set()
        assert {answer.result(10) for answer in answers} == {"ya29.1"}
    assert len(endpoint.asked) == 1


def test_a_refused_token_is_replaced_once_for_all_who_hold_it(
    tokens: Tokens, endpoint: Endpoint, credentials: MakeGoogle
) -> None:
    destination = credentials(USER)
    refused = tokens.current(destination)
    assert tokens.renewable(destination, refused)
    assert tokens.current(destination) == "ya29.2"
    assert tokens.renewable(destination, refused)
    assert tokens.current(destination) == "ya29.2"
    assert len(endpoint.asked) == 2


def test_other_credentials_are_used_at_once_and_count_as_rotated(
    tokens: Tokens, credentials: MakeGoogle
) -> None:
    destination = credentials(USER)
    tokens.current(destination)
    tokens.refuse(destination)
    assert not tokens.rotated(destination)
    credentials(USER | {"refresh_token": "another"})
    assert tokens.rotated(destination)
    assert tokens.current(destination) == "ya29.2"
