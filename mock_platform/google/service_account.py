"""The signed assertion of a service account (document: OAuth 2.0 for server to server)."""

import base64
import binascii
import time
from collections.abc import Mapping
from typing import Any

import orjson

ASSERTION_PARTS = 3
LIFETIME_MAX = 3600
_SKEW = 300
_UNREADABLE = "Invalid JWT: it must have a header, claims and a signature"


def claims_of(assertion: str) -> Mapping[str, Any]:
    """The claims, without any check; empty when they cannot be read."""
    parts = assertion.split(".")
    return _json(parts[1]) if len(parts) == ASSERTION_PARTS else {}


def assertion_problem(
    assertion: str, now: float, required: tuple[str, ...] = ("iss", "aud")
) -> str | None:
    """What is wrong with an assertion; the signature is looked at, but not verified.

    The audience is not compared: official clients sign for Google's own URL whatever host they
    then talk to.
    """
    parts = assertion.split(".")
    if len(parts) != ASSERTION_PARTS or not _bytes(parts[2]):
        return _UNREADABLE
    header, claims = _json(parts[0]), _json(parts[1])
    if header.get("alg") != "RS256":
        return "Invalid JWT: the algorithm must be RS256"
    if not all(isinstance(claims.get(name), str) for name in required):
        return f"Invalid JWT: {' and '.join(required)} must be given"
    return _time_problem(claims.get("iat"), claims.get("exp"), now)


def _time_problem(issued: object, expires: object, now: float) -> str | None:
    numbers = (int, float)
    if not isinstance(issued, numbers) or not isinstance(expires, numbers):
        return "Invalid JWT: iat and exp are required, in seconds"
    if expires - issued > LIFETIME_MAX + _SKEW:
        return "Invalid JWT: a token lives for 60 minutes at most"
    # A client signs by the machine's clock, the workspace may live at another time.
    if not any(issued - _SKEW <= at <= expires + _SKEW for at in (now, time.time())):
        return "Invalid JWT: iat and exp must enclose the present time"
    return None


def _json(part: str) -> Mapping[str, Any]:
    try:
        document = orjson.loads(_bytes(part))
    except orjson.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}


def _bytes(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        return b""
