"""Click and browser ids: recognised, or built from a real click, never invented.

Meta: "fbc and fbp parameters": `fb.{subdomain index}.{creation time in ms}.{fbclid or random}`.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from bridge.identity.normalise.text import PLACEHOLDERS

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)

# Ten digits for the time is the known mistake of writing seconds; Meta then sees a click of 1970.
_FBC: Final = re.compile(r"fb\.[0-9]\.[1-9][0-9]{12}\.([!-~]+)")
_FBP: Final = re.compile(
    r"fb\.[0-9]\.[1-9][0-9]{12}\.[0-9]{1,20}(?:\.(?:[A-Za-z0-9_-]{8}|A[Qgw]|B[Qg]))?"
)
# Letters, digits, `-` and `_` today; other visible ASCII is let through lest a new form be lost.
_CLICK_ID: Final = re.compile(r"[!-~]{1,2000}")
_SESSION_ATTRIBUTES: Final = re.compile(r"[!-~]{1,8000}")
_MILLISECOND_DIGITS: Final = 13


def usable_click_id(text: str) -> str | None:
    """Answer a click id with bytes and case untouched, or None when it cannot be one."""
    if _CLICK_ID.fullmatch(text) is None or text.lower() in PLACEHOLDERS:
        return None
    return text


def usable_fbc(text: str) -> str | None:
    """Answer the `_fbc` cookie's value untouched if it is well-formed and names a click."""
    match = _FBC.fullmatch(text)
    return None if match is None or usable_click_id(match[1]) is None else text


def usable_fbp(text: str) -> str | None:
    """Answer the `_fbp` cookie's value untouched if it is well-formed."""
    return text if _FBP.fullmatch(text) else None


def usable_session_attributes(text: str) -> str | None:
    """Answer Google's session attributes untouched, or None when they cannot be any.

    What stands in them is the tag's business alone (Data Manager API: AdIdentifiers).
    """
    if _SESSION_ATTRIBUTES.fullmatch(text) is None or text.lower() in PLACEHOLDERS:
        return None
    return text


def build_fbc(fbclid: str, clicked_at: datetime) -> str | None:
    """Write `fbc` for a click at its own time, or None when either cannot be used.

    The subdomain index is 1, as documented for a server that stores no cookie.
    """
    milliseconds = str((clicked_at - _EPOCH) // _MILLISECOND)
    if len(milliseconds) != _MILLISECOND_DIGITS or usable_click_id(fbclid) is None:
        return None
    return f"fb.1.{milliseconds}.{fbclid}"
