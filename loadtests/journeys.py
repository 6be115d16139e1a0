"""How a shopper came to the order, on what device, and what they agreed to."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from loadtests.chance import happens, word
from loadtests.personas import Persona

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHOP = "https://www.shop.example"
_TOUCHES = (0, 0, 1, 1, 1, 2, 3, 5)
_FBC_SHARE = 0.7
_FBP_SHARE = 0.85
_AD_BLOCKED = 0.1

_BROWSERS = tuple(
    f"Mozilla/5.0 {rest}"
    for rest in (
        "(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0",
        "(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.1 Safari/605.1.15",
        "(iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 Version/26.1 Safari/604.1",
        "(Linux; Android 10; K) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36",
        "(X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        "(Linux; Android 15; SM-S928B) AppleWebKit/537.36 SamsungBrowser/29.0 Safari/537.36",
    )
)
_APPS = (
    "RefArch/5.12.0 (iPhone17,1; iOS 26.1) CFNetwork/3860.200.71 Darwin/25.1.0",
    "RefArch/5.12.0 (Android 16; Pixel 10) okhttp/5.3.0",
)


class ConsentCase(StrEnum):
    """What is known of the shopper's consent."""

    ALL_GRANTED = "all_granted"
    MEASUREMENT_ONLY = "measurement_only"
    DENIED = "denied"
    NOT_ASKED = "not_asked"
    PARTLY_KNOWN = "partly_known"
    NULL = "null"
    ABSENT = "absent"


_PURPOSES = ("ad_storage", "ad_user_data", "ad_personalization")
_CONSENT_STATES: dict[ConsentCase, tuple[str | None, str | None, str | None]] = {
    ConsentCase.ALL_GRANTED: ("granted", "granted", "granted"),
    ConsentCase.MEASUREMENT_ONLY: ("granted", "granted", "denied"),
    ConsentCase.DENIED: ("denied", "denied", "denied"),
    ConsentCase.NOT_ASKED: ("unknown", "unknown", "unknown"),
    ConsentCase.PARTLY_KNOWN: ("granted", None, "unknown"),
}


def consent(rng: Random, case: ConsentCase, asked_by: datetime) -> dict[str, Any] | None:
    """The contract's `consent` for a case that has one; None for NULL and ABSENT."""
    states = _CONSENT_STATES.get(case)
    if states is None:
        return None
    asked_at = asked_by - timedelta(minutes=rng.randrange(1, 60 * 24 * 90))
    known = case is not ConsentCase.NOT_ASKED
    return {
        **dict(zip(_PURPOSES, states, strict=True)),
        "source": rng.choice(("OneTrust", "Usercentrics", "SFRA")) if known else None,
        "recorded_at": utc_text(asked_at) if known else None,
    }


def utc_text(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """One way in: which click id it carries and where it lands."""

    entry_point: str
    id_member: str | None
    prefix: str
    length: int
    referrer: str
    source_code: str | None


_CLICKS = (
    Click(entry_point="landing", id_member="fbclid", prefix="IwY2xjaw", length=56,
          referrer="https://l.facebook.com/", source_code=None),
    Click(entry_point="product", id_member="fbclid", prefix="PAZXh0bg", length=60,
          referrer="https://l.instagram.com/", source_code="social-autumn"),
    Click(entry_point="search", id_member="gclid", prefix="EAIaIQob", length=60,
          referrer="https://www.google.com/", source_code=None),
    Click(entry_point="landing", id_member="gbraid", prefix="0AAAAA", length=36,
          referrer="https://www.google.com/", source_code=None),
    Click(entry_point="app", id_member="wbraid", prefix="Cj8KCQ", length=48,
          referrer="", source_code=None),
    Click(entry_point="qr", id_member=None, prefix="", length=0,
          referrer="", source_code="store-window-qr"),
    Click(entry_point="newsletter", id_member=None, prefix="", length=0,
          referrer="https://mail.example/", source_code="nl-week-47"),
)  # fmt: skip
_CHAT_CLICK = Click(
    entry_point="chat",
    id_member="ctwa_clid",
    prefix="ARA",
    length=64,
    referrer="",
    source_code=None,
)
CLICK_IDS = ("fbclid", "gclid", "gbraid", "wbraid")
_CLICK_MEMBERS = ("fbclid", "gclid", "gbraid", "wbraid", "ctwa_clid")


def touches(
    rng: Random, placed_at: datetime, *, by_chat: bool, member: str | None = None
) -> list[dict[str, Any]]:
    """The clicks that led to the order, oldest first; none at all for many shoppers.

    With `member` there is one at least, and each carries that click id.
    """
    number = 1 if by_chat else rng.choice(_TOUCHES)
    clicks = [click for click in _CLICKS if member in (None, click.id_member)]
    if member is not None:
        number = max(1, number)
    moments = sorted(
        placed_at - timedelta(milliseconds=rng.randrange(60_000, 6 * 86_400_000))
        for _ in range(number)
    )
    return [_touch(rng, _CHAT_CLICK if by_chat else rng.choice(clicks), at) for at in moments]


def _touch(rng: Random, click: Click, at: datetime) -> dict[str, Any]:
    click_id = click.prefix + word(rng, click.length)
    query = f"?{click.id_member}={click_id}" if click.id_member else "?src=campaign"
    return {
        "at": utc_text(at),
        "entry_point": click.entry_point,
        **{member: click_id if member == click.id_member else None for member in _CLICK_MEMBERS},
        "landing_url": f"{_SHOP}/{click.entry_point}{query}",
        "referrer": click.referrer,
        "source_code": click.source_code,
    }


def browser(
    rng: Random, persona: Persona, clicks: list[dict[str, Any]], placed_at: datetime
) -> dict[str, Any]:
    """What the browser said at checkout; blockers and lost cookies leave gaps in it."""
    if happens(rng, _AD_BLOCKED):
        return {"ip": persona.ip, "user_agent": rng.choice(_BROWSERS), "page_url": _page_url(rng)}
    return {
        "ip": persona.ip,
        "user_agent": rng.choice(_BROWSERS),
        "page_url": _page_url(rng),
        "fbc": _fbc(rng, clicks),
        "fbp": _fbp(rng, persona, placed_at),
        "session_attributes": None,
    }


def app_device(rng: Random, persona: Persona) -> dict[str, Any]:
    """What an app knows in place of a browser."""
    return {"ip": persona.ip, "user_agent": rng.choice(_APPS)}


def _page_url(rng: Random) -> str:
    """A confirmation page, whose query string is a secret of the shopper's."""
    return f"{_SHOP}/on/demandware.store/Order-Confirm?token={word(rng, 43)}"


def _fbc(rng: Random, clicks: list[dict[str, Any]]) -> str | None:
    """The click cookie as Meta's pixel writes it, for the newest Facebook click."""
    newest = next((click for click in reversed(clicks) if click["fbclid"]), None)
    if newest is None or not happens(rng, _FBC_SHARE):
        return None
    return f"fb.1.{_milliseconds(datetime.fromisoformat(newest['at']))}.{newest['fbclid']}"


def _fbp(rng: Random, persona: Persona, placed_at: datetime) -> str | None:
    if not happens(rng, _FBP_SHARE):
        return None
    first_seen = placed_at - timedelta(days=rng.randrange(1, 90))
    return f"fb.1.{_milliseconds(first_seen)}.{persona.fbp_token}"


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
