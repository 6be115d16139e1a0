import base64
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace

from .conftest import Ingest, Upload, conversion, event

SCOPE = "https://www.googleapis.com/auth/datamanager"
ADS_SCOPE = "https://www.googleapis.com/auth/adwords"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
REFRESH = {
    "grant_type": "refresh_token",
    "client_id": "id",
    "client_secret": "SECRET",
    "refresh_token": "REFRESH",
}
Form = dict[str, str]
Ask = Callable[..., requests.Response]


def part(document: object) -> str:
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def assertion(header: object = None, signature: bytes = b"signed", **changes: Any) -> str:
    """A service account's assertion; claims can be replaced, None removes."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": "bridge@project.iam.gserviceaccount.com",
        "scope": SCOPE,
        "aud": "https://oauth2.googleapis.com/token",
        "iat": now,
        "exp": now + 3600,
        **changes,
    }
    given = {name: value for name, value in claims.items() if value is not None}
    header = {"alg": "RS256", "typ": "JWT"} if header is None else header
    return ".".join((part(header), part(given), part(signature)))


@pytest.fixture
def ask(workspace: MockWorkspace, connection: requests.Session) -> Ask:
    def send(**form: str) -> requests.Response:
        return connection.post(f"{workspace.url}/token", data=form, timeout=10)

    return send


def signed(**changes: Any) -> Form:
    return {"grant_type": JWT_BEARER, "assertion": assertion(**changes)}


def test_a_service_account_is_given_a_token_for_the_scope_it_signed(ask: Ask) -> None:
    answer = ask(**signed())
    assert answer.status_code == 200
    token = answer.json().pop("access_token")
    assert token.startswith("ya29.")
    told = {name: answer.json()[name] for name in ("expires_in", "token_type", "scope")}
    assert told == {"expires_in": 3599, "token_type": "Bearer", "scope": SCOPE}


def test_a_refresh_token_is_given_a_new_access_token_each_time(ask: Ask) -> None:
    first, second = ask(**REFRESH).json(), ask(**REFRESH).json()
    assert first["access_token"] != second["access_token"]


NOW = int(time.time())
REFUSED: dict[str, tuple[Form, int, str]] = {
    "no grant type": ({}, 400, "unsupported_grant_type"),
    "password": ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    "no assertion": ({"grant_type": JWT_BEARER}, 400, "invalid_grant"),
    "two parts": ({"grant_type": JWT_BEARER, "assertion": "a.b"}, 400, "invalid_grant"),
    "no JSON": ({"grant_type": JWT_BEARER, "assertion": "!.a.YQ"}, 400, "invalid_grant"),
    "no signature": (signed(signature=b""), 400, "invalid_grant"),
    "another algorithm": (signed(header={"alg": "HS256"}), 400, "invalid_grant"),
    "header that is a list": (signed(header=[]), 400, "invalid_grant"),
    "no issuer": (signed(iss=None), 400, "invalid_grant"),
    "no audience": (signed(aud=None), 400, "invalid_grant"),
    "no expiry": (signed(exp=None), 400, "invalid_grant"),
    "expired": (signed(iat=NOW - 7200, exp=NOW - 3600), 400, "invalid_grant"),
    "signed for tomorrow": (signed(iat=NOW + 86_400, exp=NOW + 90_000), 400, "invalid_grant"),
    "two hours": (signed(exp=NOW + 7200), 400, "invalid_grant"),
    "no scope": (signed(scope=None), 400, "invalid_scope"),
    "no client secret": ({**REFRESH, "client_secret": ""}, 401, "invalid_client"),
    "no refresh token": ({**REFRESH, "refresh_token": ""}, 400, "invalid_request"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_an_unusable_grant_is_refused_as_oauth_says(ask: Ask, case: tuple[Form, int, str]) -> None:
    form, status, error = case
    answer = ask(**form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]


def test_an_assertion_is_good_by_the_machines_or_the_workspaces_clock(
    workspace: MockWorkspace, ask: Ask
) -> None:
    workspace.set_clock("2030-01-01T00:00:00Z")
    there = 1_893_456_000
    assert ask(**signed()).status_code == 200
    assert ask(**signed(iat=there, exp=there + 3600)).status_code == 200


def test_a_token_may_come_as_a_web_page(workspace: MockWorkspace, ask: Ask) -> None:
    workspace.fault("html", match={"api": "oauth_token"}, status=502)
    answer = ask(**REFRESH)
    assert (answer.status_code, answer.headers["Content-Type"][:9]) == (502, "text/html")
    assert ask(**REFRESH).status_code == 200


def test_a_setting_refuses_every_token_until_it_is_taken_back(
    workspace: MockWorkspace, ask: Ask
) -> None:
    workspace.settings(token_error="invalid_grant")
    assert {ask(**REFRESH).status_code, ask(**signed()).status_code} == {400}
    workspace.settings(token_error=None)
    assert ask(**REFRESH).status_code == 200


def test_secrets_and_tokens_are_not_kept(workspace: MockWorkspace, ask: Ask) -> None:
    given = assertion()
    issued = [
        ask(**REFRESH).json()["access_token"],
        ask(grant_type=JWT_BEARER, assertion=given).json()["access_token"],
    ]
    kept = str(workspace.requests())
    for secret in ("SECRET", "REFRESH", given, *issued):
        assert secret not in kept
    assert {each["api"] for each in workspace.requests()} == {"oauth_token"}


def code_of(answer: requests.Response) -> tuple[int, str]:
    error = answer.json()["error"]
    return answer.status_code, error["details"][0]["reason"]


def test_any_token_is_good_by_default_but_none_is_not(ingest: Ingest) -> None:
    assert ingest(event(), token="anything").status_code == 200
    answer = ingest(event(), token=None)
    assert code_of(answer) == (401, "CREDENTIALS_MISSING")
    assert answer.json()["error"]["status"] == "UNAUTHENTICATED"


def test_only_issued_and_accepted_tokens_are_good_when_tokens_are_strict(
    workspace: MockWorkspace, ask: Ask, ingest: Ingest
) -> None:
    workspace.settings(strict_tokens=True, accepted_tokens=["MINE"])
    issued = ask(**signed()).json()["access_token"]
    assert ingest(event(), token="anything").status_code == 401
    assert ingest(event(), token=issued).status_code == 200
    assert ingest(event(), token="MINE").status_code == 200


def test_a_service_accounts_own_assertion_is_a_good_token(
    workspace: MockWorkspace, ingest: Ingest
) -> None:
    workspace.settings(strict_tokens=True)
    assert ingest(event(), token=assertion()).status_code == 200
    expired = assertion(iat=NOW - 7200, exp=NOW - 3600)
    assert ingest(event(), token=expired).status_code == 401


def test_an_issued_token_expires_by_the_workspaces_clock(
    workspace: MockWorkspace, ask: Ask, ingest: Ingest
) -> None:
    workspace.settings(token_seconds=60)
    answer = ask(**signed()).json()
    assert answer["expires_in"] == 60
    assert ingest(event(), token=answer["access_token"]).status_code == 200
    workspace.advance(61)
    refused = ingest(event(), token=answer["access_token"])
    assert code_of(refused) == (401, "ACCESS_TOKEN_EXPIRED")


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("invalid_tokens", (401, "ACCESS_TOKEN_TYPE_UNSUPPORTED")),
        ("expired_tokens", (401, "ACCESS_TOKEN_EXPIRED")),
        ("narrow_tokens", (403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT")),
    ],
)
def test_tokens_can_be_refused_by_a_setting_that_keeps_fingerprints(
    workspace: MockWorkspace, ingest: Ingest, setting: str, told: tuple[int, str]
) -> None:
    shown = workspace.settings(**{setting: ["BAD"]})
    assert "BAD" not in str(shown)
    assert code_of(ingest(event(), token="BAD")) == told
    assert ingest(event(), token="GOOD").status_code == 200
    assert len(workspace.events()) == 1


def test_a_token_for_one_api_is_not_good_for_the_other(
    ask: Ask, ingest: Ingest, convert: Upload
) -> None:
    data_manager = ask(**signed()).json()["access_token"]
    ads = ask(**signed(scope=ADS_SCOPE)).json()["access_token"]
    assert ingest(event(), token=data_manager).status_code == 200
    assert convert(conversion(orderId="order-2"), token=ads).status_code == 200
    assert code_of(ingest(event(), token=ads)) == (403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
    refused = convert(conversion(), token=data_manager)
    assert code_of(refused) == (403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT")


def test_a_project_without_the_api_is_told_where_to_enable_it(
    workspace: MockWorkspace, ingest: Ingest
) -> None:
    workspace.settings(service_disabled=True)
    answer = ingest(event())
    assert code_of(answer) == (403, "SERVICE_DISABLED")
    kinds = [each["@type"].rpartition(".")[2] for each in answer.json()["error"]["details"]]
    assert kinds == ["ErrorInfo", "LocalizedMessage", "Help"]
