"""Who sent this body, and when? Standard Webhooks, version v1 (HMAC-SHA256), as pure functions.

Signed is `{webhook-id}.{webhook-timestamp}.` followed by the body's bytes as they were sent.
Specification: standardwebhooks.com; our own page: cartridge_spec/contract/transport.md.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol
from urllib.parse import quote

from bridge.errors import SettingsInvalid, SignatureInvalid

ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"

_FORMS: Final[dict[str, tuple[re.Pattern[str], str]]] = {
    # header -> what it must match in full, and the same in words
    ID: (
        re.compile(r"[!-~]{1,1024}"),
        "1 to 1024 visible ASCII characters, others percent-encoded",
    ),
    TIMESTAMP: (re.compile(r"[1-9][0-9]{0,11}"), "whole seconds since 1970-01-01 UTC"),
    SIGNATURE: (
        re.compile(r"[A-Za-z0-9]+,[!-+\--~]+(?: [A-Za-z0-9]+,[!-+\--~]+)*"),
        "a list such as v1,<base64> separated by single spaces",
    ),
}
_PREFIX: Final = "whsec_"
_SHORTEST_SECRET: Final = 16
_DIGEST_SIZE: Final = 32
_UNRESERVED: Final = "!~*'()"  # with letters, digits and -_. what encodeURIComponent leaves alone


class Headers(Protocol):
    """Headers looked up without regard to case, or a dict with lower-case names."""

    def get(self, name: str, /) -> str | None:
        """Return the header's value, None when it is missing."""
        ...


def verify(
    headers: Headers, body: bytes, secrets: Sequence[bytes], now: datetime, tolerance: timedelta
) -> None:
    """Return when one signature matches one live secret and the call is fresh.

    Raises:
        SignatureInvalid: for anything else; the message names the header and what to do.
    """
    message_id, timestamp, listed = (_header(headers, name) for name in _FORMS)
    if abs(now.timestamp() - int(timestamp)) > tolerance.total_seconds():
        raise SignatureInvalid(
            f"{TIMESTAMP} is more than {tolerance.total_seconds():.0f} s away from the bridge's"
            " clock: sign each attempt anew and check the clocks."
        )
    given = _v1_digests(listed)
    expected = [_digest(secret, message_id, timestamp, body) for secret in secrets]
    if not any(hmac.compare_digest(mine, theirs) for mine in expected for theirs in given):
        raise SignatureInvalid(
            f"{SIGNATURE} matches no live secret of the site: check the secret, and that exactly"
            " the bytes that were signed are sent."
        )


def sign(message_id: str, timestamp: datetime, body: bytes, secret: bytes) -> dict[str, str]:
    """Return the three headers that sign `body`; `message_id` is percent-encoded here."""
    encoded = quote(message_id, safe=_UNRESERVED)
    seconds = str(int(timestamp.timestamp()))
    signature = base64.b64encode(_digest(secret, encoded, seconds, body)).decode()
    return {ID: encoded, TIMESTAMP: seconds, SIGNATURE: f"v1,{signature}"}


def parse_secret(text: str, *, origin: str = "the signing secret") -> bytes:
    """Return the key in `whsec_<base64>` or plain base64, with or without padding.

    `origin` says where the text comes from, for the error message.

    Raises:
        SettingsInvalid: no base64, or shorter than 16 bytes; the message shows none of it.
    """
    encoded = text.strip().removeprefix(_PREFIX).rstrip("=")
    try:
        secret = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except ValueError:
        raise SettingsInvalid(f"{origin} must be base64, best as whsec_<base64>") from None
    if len(secret) < _SHORTEST_SECRET:
        raise SettingsInvalid(f"{origin} must hold at least {_SHORTEST_SECRET} bytes, best 32")
    return secret


def _header(headers: Headers, name: str) -> str:
    form, words = _FORMS[name]
    value = headers.get(name)
    if value is None or not form.fullmatch(value):
        raise SignatureInvalid(f"{name} is missing or malformed: it must be {words}.")
    return value


def _v1_digests(listed: str) -> list[bytes]:
    """Return the v1 signatures of the list; other versions are for other verifiers."""
    entries = (entry.partition(",") for entry in listed.split(" "))
    return [_decoded(value) for version, _, value in entries if version == "v1"]


def _decoded(signature: str) -> bytes:
    try:
        digest = base64.b64decode(signature, validate=True)
    except binascii.Error:
        digest = b""
    if len(digest) != _DIGEST_SIZE:
        raise SignatureInvalid(f"{SIGNATURE} holds a v1 entry that is not base64 of 32 bytes.")
    return digest


def _digest(secret: bytes, message_id: str, timestamp: str, body: bytes) -> bytes:
    signed = hmac.new(secret, f"{message_id}.{timestamp}.".encode(), "sha256")
    signed.update(body)
    return signed.digest()
