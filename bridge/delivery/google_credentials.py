"""Google's credentials as operators have them, and what each asks the token endpoint with."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bridge.errors import TokenUnavailable

TOKEN_ENDPOINT = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address, not a secret
ASSERTION_LIFETIME = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAccount:
    """A robot of a Cloud project, known by its private key."""

    email: str
    key_id: str
    private_key: RSAPrivateKey = field(repr=False)
    endpoint: str

    def grant(self, now: datetime, scope: str) -> dict[str, str]:
        """Ask with a signed statement (Google Identity: OAuth 2.0 for server to server).

        Its audience is Google's own endpoint even where another one is asked.
        """
        header = {"alg": "RS256", "typ": "JWT", "kid": self.key_id}
        issued = int(now.timestamp())
        claims = {
            "iss": self.email,
            "scope": scope,
            "aud": TOKEN_ENDPOINT,
            "iat": issued,
            "exp": issued + int(ASSERTION_LIFETIME.total_seconds()),
        }
        signed = b".".join(_base64url(orjson.dumps(part)) for part in (header, claims))
        signature = self.private_key.sign(signed, PKCS1v15(), SHA256())
        return {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": b".".join((signed, _base64url(signature))).decode(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisedUser:
    """A person who has allowed it, known by a refresh token."""

    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    endpoint: str = TOKEN_ENDPOINT

    def grant(self, now: datetime, scope: str) -> dict[str, str]:
        """Ask with the refresh token (RFC 6749, section 6) for all that the person allowed."""
        del now, scope
        return {
            "grant_type": "refresh_token",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": self.refresh_token,
        }


GoogleCredentials = ServiceAccount | AuthorisedUser


def are_credentials(text: str) -> bool:
    """Answer whether a text is meant to be credentials; any other is an access token."""
    return text.startswith("{")


def read_credentials(text: str) -> GoogleCredentials:
    """Read the JSON of a service account or an authorised user.

    Raises:
        TokenUnavailable: naming the member to put right, never its content.
    """
    try:
        members: dict[str, Any] = orjson.loads(text)
    except ValueError:
        raise TokenUnavailable("credentials: the JSON cannot be read") from None
    reader = READERS.get(str(members.get("type")))
    if reader is None:
        raise TokenUnavailable(f"credentials: `type` must be one of {', '.join(READERS)}")
    return reader(members)


def _service_account(members: Mapping[str, Any]) -> ServiceAccount:
    try:
        key = load_pem_private_key(_text(members, "private_key").encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise TokenUnavailable("credentials: `private_key` is no RSA key in PEM form")
    return ServiceAccount(
        email=_text(members, "client_email"),
        key_id=_text(members, "private_key_id"),
        private_key=key,
        endpoint=_text(members, "token_uri"),
    )


def _authorised_user(members: Mapping[str, Any]) -> AuthorisedUser:
    return AuthorisedUser(
        client_id=_text(members, "client_id"),
        client_secret=_text(members, "client_secret"),
        refresh_token=_text(members, "refresh_token"),
    )


READERS: dict[str, Callable[[Mapping[str, Any]], GoogleCredentials]] = {
    "service_account": _service_account,
    "authorized_user": _authorised_user,
}


def _text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not value:
        raise TokenUnavailable(f"credentials: `{name}` is missing")
    return value


def _base64url(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
