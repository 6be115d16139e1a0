"""Tokens for Google: asked for once, before the old one ends, and without telling secrets."""

import base64
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import orjson
import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bridge.delivery.answer import Answer, NoAnswer, NoAnswerKind
from bridge.delivery.google_tokens import GoogleTokens
from bridge.delivery.tokens import Tokens
from bridge.errors import TokenDelayed, TokenUnavailable
from bridge.operate.google_destination import GoogleDestination

MakeGoogle = Callable[..., GoogleDestination]
ENDPOINT = "http://127.0.0.1:9/token"
USER = {
    "type": "authorized_user",
    "client_id": "the-client",
    "client_secret": "the-secret",
    "refresh_token": "the-refresh-token",
}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: Any) -> str:
    text: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return text.decode()


ROBOT = {
    "type": "service_account",
    "client_email": "robot@project.iam.gserviceaccount.com",
    "private_key_id": "key-1",
    "private_key": pem(KEY),
    "token_uri": ENDPOINT,
}


@dataclass
class Dial:
    """A clock that stands still until turned."""

    time: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def turn(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class Endpoint:
    """Gives tokens numbered from 1 on, or the answers it was told to give first."""

    life: object = 3600
    answers: list[Answer | NoAnswer] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], deadline_seconds: float
    ) -> Answer | NoAnswer:
        assert headers == {"Content-Type": "application/x-www-form-urlencoded"}
        assert deadline_seconds > 0
        self.gate.wait(10)
        self.asked.append((url, dict(parse_qsl(body.decode(), strict_parsing=True))))
        if self.answers:
            return self.answers.pop(0)
        return said(200, access_token=f"ya29.{len(self.asked)}", expires_in=self.life)

    def get(self, *_: Any) -> Answer | NoAnswer:
        raise AssertionError

    def close(self) -> None:
        raise AssertionError


def said(status: int, **members: object) -> Answer:
    return Answer(status=status, headers={}, body=orjson.dumps(members))


@pytest.fixture
def dial() -> Dial:
    return Dial()


@pytest.fixture
def endpoint() -> Endpoint:
    endpoint = Endpoint()
    endpoint.gate.set()
    return endpoint


@pytest.fixture
def tokens(endpoint: Endpoint, dial: Dial) -> Tokens:
    return Tokens(GoogleTokens(endpoint, dial))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "credentials.json"


@pytest.fixture
def credentials(file: Path, make_google: MakeGoogle) -> Callable[..., GoogleDestination]:
    """A destination whose credentials stand in `file`."""

    def write(members: Mapping[str, object], **settings: object) -> GoogleDestination:
        file.write_bytes(orjson.dumps(members))
        return make_google(credentials=f"file:{file}", **({"token_url": ENDPOINT} | settings))

    return write


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


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
