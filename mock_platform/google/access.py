"""Who asks: Bearer tokens, scopes and the project, before anything of a request is read.

By default every token is good, issued ones until they expire. Tokens are kept as fingerprints.
"""

import threading
from dataclasses import dataclass

from flask import Request

from mock_platform.google.errors import ERRORS, GoogleError
from mock_platform.google.service_account import ASSERTION_PARTS, assertion_problem
from mock_platform.setting_readers import fingerprint
from mock_platform.settings import Settings

DATA_MANAGER_SCOPE = "https://www.googleapis.com/auth/datamanager"
ADS_SCOPE = "https://www.googleapis.com/auth/adwords"
_EVERY_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_ISSUED_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an issued token is good for; without scopes for everything."""

    expires_at: float
    scopes: frozenset[str]


class IssuedTokens:
    """The tokens /token gave out, in memory only. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._grants: dict[str, Grant] = {}

    def add(self, token: str, grant: Grant) -> None:
        """Remember a token by its fingerprint."""
        with self._lock:
            self._grants[fingerprint(token)] = grant
            while len(self._grants) > _ISSUED_MAX:
                del self._grants[next(iter(self._grants))]

    def find(self, kept: str) -> Grant | None:
        """The grant behind a fingerprint."""
        return self._grants.get(kept)

    def clear(self) -> None:
        """Forget every token."""
        with self._lock:
            self._grants.clear()


def bearer(request: Request) -> str | None:
    """The access token of a request."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    return credentials.strip() or None if scheme.lower() == "bearer" else None


def access_problem(
    token: str | None, scope: str, issued: IssuedTokens, settings: Settings, now: float
) -> GoogleError | None:
    """Why a call with `token` is refused."""
    if token is None:
        return ERRORS["CREDENTIALS_MISSING"]
    kept = fingerprint(token)
    grant = issued.find(kept)
    if kept in settings.expired_tokens or (grant is not None and grant.expires_at <= now):
        return ERRORS["ACCESS_TOKEN_EXPIRED"]
    if kept in settings.invalid_tokens or not _is_good(token, kept, grant, settings, now):
        return ERRORS["UNAUTHENTICATED"]
    scoped = grant is None or not grant.scopes or not grant.scopes.isdisjoint((scope, _EVERY_SCOPE))
    if kept in settings.google.narrow_tokens or not scoped:
        return ERRORS["ACCESS_TOKEN_SCOPE_INSUFFICIENT"]
    return ERRORS["SERVICE_DISABLED"] if settings.google.service_disabled else None


def _is_good(token: str, kept: str, grant: Grant | None, settings: Settings, now: float) -> bool:
    accepted = settings.accepted_tokens
    if grant is not None or (accepted is not None and kept in accepted):
        return True
    # Official clients may send a service account's own JWT in place of an issued token.
    if settings.google.strict_tokens and token.count(".") == ASSERTION_PARTS - 1:
        return assertion_problem(token, now, required=("iss",)) is None
    return accepted is None and not settings.google.strict_tokens
