"""Access tokens for Google: asked for with the credentials, kept until shortly before their end."""

import re
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog

from bridge.clock import Clock
from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.google_credentials import (
    GoogleCredentials,
    are_credentials,
    read_credentials,
)
from bridge.delivery.http_answer import is_success, read_document
from bridge.delivery.transport import Transport
from bridge.errors import TokenDelayed, TokenUnavailable
from bridge.operate.destinations import REAL_HOSTS
from bridge.operate.google_access import GoogleAccess

REFRESH_BEFORE_END = timedelta(seconds=225)
"""A token with less left is asked for anew, as Google's own client does."""

USUAL_LIFE = timedelta(hours=1)

# Google Identity: errors that pass by themselves, and the statuses that say the same.
PASSING_ERRORS = frozenset({"temporarily_unavailable", "server_error", "internal_failure"})
PASSING_STATUSES = frozenset({408, 429})

_CODE = re.compile(r"[a-z_]{1,64}", re.ASCII)

log = structlog.get_logger("bridge.delivery")


@dataclass(slots=True)
class _Slot:
    """One set of credentials: its token, and the lock that lets one thread at a time ask."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    token: str | None = None
    ends: datetime | None = None

    def lasts(self, now: datetime, at_least: timedelta) -> bool:
        return self.ends is not None and self.ends - now > at_least


class GoogleTokens:
    """The tokens of a process. Of threads that need the same one, a single one asks for it."""

    def __init__(self, transport: Transport, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock
        self._slots: dict[bytes, _Slot] = {}
        self._guard = threading.Lock()

    def current(self, destination: GoogleAccess, text: str) -> str:
        """Answer a token for the credentials in `text`.

        Raises:
            TokenUnavailable: the credentials cannot be used, or Google refuses them.
            TokenDelayed: the endpoint cannot answer now, and there is no older token that lasts.
        """
        if not are_credentials(text):
            return _for_the_mock(destination, text)
        slot = self._slot(destination, text)
        with slot.lock:
            if slot.token is None or not slot.lasts(self._clock(), REFRESH_BEFORE_END):
                self._refresh(slot, destination, read_credentials(text))
            return str(slot.token)

    def renewable(self, destination: GoogleAccess, text: str, refused: str) -> bool:
        """Answer whether asking again may give another token than the one that was refused.

        That one is forgotten, unless another thread has replaced it meanwhile.
        """
        if not are_credentials(text):
            return False
        slot = self._slot(destination, text)
        with slot.lock:
            if slot.token == refused:
                slot.token = slot.ends = None
        return True

    def _slot(self, destination: GoogleAccess, text: str) -> _Slot:
        # The endpoint is part of the key: what the mock gave must never be shown to Google.
        key = sha256(f"{destination.token_url}\n{destination.scope}\n{text}".encode()).digest()
        with self._guard:
            return self._slots.setdefault(key, _Slot())

    def _refresh(
        self, slot: _Slot, destination: GoogleAccess, credentials: GoogleCredentials
    ) -> None:
        now = self._clock()
        answer = self._transport.post(
            _endpoint(destination, credentials),
            urlencode(credentials.grant(now, destination.scope)).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
            destination.timeout_seconds,
        )
        try:
            slot.token, life = _token(answer)
            slot.ends = now + life
        except TokenDelayed:
            if slot.token is None or not slot.lasts(self._clock(), timedelta()):
                raise
        except TokenUnavailable as error:
            slot.token = slot.ends = None
            log.error("credentials_refused", destination=destination.id, reason=error.reason)  # noqa: TRY400  # a stack trace may show the grant
            raise


def _for_the_mock(destination: GoogleAccess, token: str) -> str:
    if destination.live:
        raise TokenUnavailable(
            f"{destination.id}: a live destination's `credentials` point to the JSON of a service"
            " account or an authorised user"
        )
    return token


def _endpoint(destination: GoogleAccess, credentials: GoogleCredentials) -> str:
    """Answer where to ask; a destination that is not live never shows its secret to Google."""
    url = destination.token_url or credentials.endpoint
    parts = urlsplit(url)
    host = parts.hostname or ""
    real = any(host == one or host.endswith(f".{one}") for one in REAL_HOSTS)
    if parts.scheme not in {"http", "https"} or not host:
        raise TokenUnavailable(f"{destination.id}: `token_url` must be a URL")
    if real and not destination.live:
        raise TokenUnavailable(
            f"{destination.id}: set `token_url` to the mock platform's /token, or `live` if the"
            " real Google is meant"
        )
    if (real or destination.live) and parts.scheme != "https":
        raise TokenUnavailable(f"{destination.id}: `token_url` must be https")
    return url


def _token(answer: Answer | NoAnswer) -> tuple[str, timedelta]:
    """Read a token and how long it lives (RFC 6749, sections 5.1 and 5.2)."""
    if isinstance(answer, NoAnswer):
        raise TokenDelayed(f"The token endpoint does not answer: {answer.kind.value}.")
    document = read_document(answer.body)
    token = document.get("access_token")
    if is_success(answer.status) and isinstance(token, str):
        return token, _life(document.get("expires_in"))
    error = document.get("error")
    code = error if isinstance(error, str) and _CODE.fullmatch(error) else None
    if _passes(answer.status, code):
        raise TokenDelayed(f"The token endpoint answers with {code or answer.status}.")
    said = f"google:{code}" if code else f"token_endpoint:{answer.status}"
    raise TokenUnavailable(f"Google refuses the credentials: {said}.", reason=said)


def _passes(status: int, code: str | None) -> bool:
    odd = is_success(status) or status >= 500  # noqa: PLR2004  # RFC 9110: server errors
    return odd or status in PASSING_STATUSES or code in PASSING_ERRORS


def _life(value: Any) -> timedelta:
    if isinstance(value, str) and re.fullmatch(r"\d{1,6}", value, re.ASCII):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return timedelta(seconds=min(max(value, 0), 24 * 3600))
    return USUAL_LIFE
