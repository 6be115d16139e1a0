"""What a platform requires in clear, and only that; it rests sealed and is purged when final."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address
from typing import Any, Final, Self

from msgspec import Struct

from bridge.identity.browser_ids import (
    build_fbc,
    usable_click_id,
    usable_fbc,
    usable_fbp,
    usable_session_attributes,
)
from bridge.identity.normalise.text import is_placeholder, tidy
from bridge.order.model import Browser, Person, Plain, Touch

# The scheme and host, without a user's name and password, and the path up to `?` or `#`.
_PAGE_URL: Final = re.compile(
    r"(https?://)(?:[^/?#\s\\]*@)?([^/?#@\s\\]+)([^?#\s]*)(?:[?#].*)?", re.IGNORECASE | re.DOTALL
)
# Meta's Parameter Builder appends its mark to the whole URL: version byte 1 reads `AQ`.
_BUILDER_MARK: Final = re.compile(r"\.AQ[A-Za-z0-9_-]{6}$")
# Older Meta exports write `l:` before the number, which is sent as a 64-bit integer.
_LEAD_ID: Final = re.compile(r"(?:l:)?([0-9]{1,18})", re.ASCII)
_MADID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TRACKING_LIMITED: Final = "00000000-0000-0000-0000-000000000000"
# Times in milliseconds have 13 digits from 2001 to 2286; no click is older or younger.
_YEARS: Final = range(2002, 2286)
_OCTET: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4: Final = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
_CLICK_IDS: Final = ("fbclid", "gclid", "gbraid", "wbraid", "ctwa_clid")
_NOT_AN_ID: Final = frozenset({"at"})


_GIVEN: Final[dict[str, Callable[[Person], Plain | None]]] = {
    "ip": lambda person: person.browser.ip,
    "page_url": lambda person: person.browser.page_url,
    "fbc": lambda person: person.browser.fbc,
    "fbp": lambda person: person.browser.fbp,
    "session_attributes": lambda person: person.browser.session_attributes,
    "lead_id": lambda person: person.customer.lead_id,
    "madid": lambda person: person.customer.madid,
}
_READ_FROM_DEVICE: Final = frozenset({"fbc", "fbp", "session_attributes", "madid"})


class Click(Struct, frozen=True, kw_only=True, gc=False):
    """One touch's click ids; `at` is UTC in ISO 8601 with milliseconds, None when not known."""

    at: str | None = None
    fbclid: str | None = None
    gclid: str | None = None
    gbraid: str | None = None
    wbraid: str | None = None
    ctwa_clid: str | None = None

    def __repr__(self) -> str:
        return "Click(...)"


class Remainder(Struct, frozen=True, kw_only=True, gc=False):
    """Checked plain values; a member that is unusable or not permitted is None.

    `page_url` has no query string, fragment or user info. `clicks` are oldest first.
    `session_attributes` is opaque and untouched. Google's region and postcode are in the form
    Google takes; `pseudonymise` fills them in, when Google is wanted.
    """

    ip: str | None = None
    user_agent: str | None = None
    page_url: str | None = None
    fbc: str | None = None
    fbp: str | None = None
    lead_id: str | None = None
    madid: str | None = None
    session_attributes: str | None = None
    google_region_code: str | None = None
    google_postal_code: str | None = None
    clicks: tuple[Click, ...] = ()

    def __repr__(self) -> str:
        return "Remainder(...)"

    def to_dict(self, members: frozenset[str] | None = None) -> dict[str, Any]:
        """Answer the members that are set, in JSON types, for sealing.

        `members` narrows it to those of the remainder, and to clicks with those ids.
        """
        plain = _set_members(self, members)
        clicks = [_set_members(click, members) for click in self.clicks]
        if known := [click for click in clicks if click.keys() - _NOT_AN_ID]:
            plain["clicks"] = known
        return plain

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Self:
        """Read what `to_dict` wrote; members another version of the bridge knows are ignored."""
        members = _known_members(cls, plain)
        clicks = tuple(Click(**_known_members(Click, click)) for click in plain.get("clicks", ()))
        return cls(**(members | {"clicks": clicks}))


def remainder(person: Person, *, storage_allowed: bool) -> Remainder:
    """Take from `person` what must stay in clear.

    Without `storage_allowed` (consent purpose ad_storage) everything that was read from the
    shopper's device for advertising is left out: fbc, fbp, Google's session attributes, the mobile
    advertising id, click ids.
    """
    browser, customer = person.browser, person.customer
    stored = browser if storage_allowed else None
    return Remainder(
        ip=_ip(_text(browser.ip)),
        user_agent=_text(browser.user_agent) or None,
        page_url=_page_url(_text(browser.page_url)),
        fbc=usable_fbc(_text(stored.fbc)) if stored else None,
        fbp=usable_fbp(_text(stored.fbp)) if stored else None,
        session_attributes=_session_attributes(stored),
        lead_id=_lead_id(_text(customer.lead_id)),
        madid=_madid(_text(customer.madid)) if storage_allowed else None,
        clicks=_clicks(person.touches) if storage_allowed else (),
    )


def completed(first: Remainder, later: Remainder) -> Remainder:
    """Answer `first` with what only a later call about the same order brought.

    An order that gains a destination later was first kept without what only that one may be sent:
    its kinds of click ids, say. What the first call kept stays.
    """
    kept = {name: getattr(first, name) for name in _NAMES[Remainder] if name != "clicks"}
    missing = {name: getattr(later, name) for name, value in kept.items() if value is None}
    new = frozenset(_CLICK_IDS) - {
        name for click in first.clicks for name in _CLICK_IDS if getattr(click, name)
    }
    known = (_set_members(click, new) for click in later.clicks)
    gained = (Click(**members) for members in known if members.keys() - _NOT_AN_ID)
    clicks = sorted((*first.clicks, *gained), key=lambda click: click.at or "")
    return Remainder(**(kept | missing | {"clicks": tuple(clicks)}))


def unusable(person: Person, kept: Remainder, *, storage_allowed: bool) -> Iterator[str]:
    """Name the members of which something was given that cannot be what it should be.

    `kept` is what `remainder` took with the same `storage_allowed`.
    """
    for name, read in _GIVEN.items():
        given = read(person)
        looked_at = storage_allowed or name not in _READ_FROM_DEVICE
        if given is not None and looked_at and getattr(kept, name) is None:
            yield name


def fbc_of(kept: Remainder) -> str | None:
    """Answer Meta's click id: the browser's own, else built from the newest click with a time.

    The time is the click's and the fbclid is as it came: nothing is made up.
    """
    if kept.fbc is not None and usable_fbc(kept.fbc):
        return kept.fbc
    timed = ((click.at, click.fbclid) for click in reversed(kept.clicks))
    built = (build_fbc(fbclid, datetime.fromisoformat(at)) for at, fbclid in timed if at and fbclid)
    return next((fbc for fbc in built if fbc), None)


def _text(plain: Plain | None) -> str:
    if plain is None:
        return ""
    text = tidy(plain.text)
    return "" if is_placeholder(text) else text


def _ip(text: str) -> str | None:
    if not text or _IPV4.fullmatch(text):  # as `ip_address` reads and writes it, much quicker
        return text or None
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)


def _page_url(text: str) -> str | None:
    match = _PAGE_URL.fullmatch(text)
    return _BUILDER_MARK.sub("", "".join(match.groups())) if match else None


def _lead_id(text: str) -> str | None:
    match = _LEAD_ID.fullmatch(text)
    return match[1] if match else None


def _madid(text: str) -> str | None:
    return text if _MADID.fullmatch(text) and text != _TRACKING_LIMITED else None


def _clicks(touches: tuple[Touch, ...]) -> tuple[Click, ...]:
    """Keep the touches that are clicks, by time; those without one count as the oldest."""
    clicks = [click for touch in touches if (click := _click(touch)) is not None]
    return tuple(sorted(clicks, key=lambda click: click.at or ""))


def _click(touch: Touch) -> Click | None:
    ids = {
        name: usable
        for name in _CLICK_IDS
        if (plain := getattr(touch, name)) is not None and (usable := usable_click_id(plain.text))
    }
    if not ids:
        return None
    at = _iso(touch.at) if touch.at is not None else None
    return Click(at=at, **ids)


def _iso(at: datetime) -> str | None:
    if at.year not in _YEARS:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _session_attributes(stored: Browser | None) -> str | None:
    given = stored.session_attributes if stored is not None else None
    return usable_session_attributes(given.text) if given is not None else None


def _set_members(record: Remainder | Click, wanted: frozenset[str] | None) -> dict[str, Any]:
    return {
        name: value
        for name in _NAMES[type(record)]
        if (wanted is None or name in wanted or name in _NOT_AN_ID)
        and isinstance(value := getattr(record, name), str)
    }


def _known_members(record: type[Remainder | Click], plain: dict[str, Any]) -> dict[str, Any]:
    return {name: plain[name] for name in _NAMES[record] if name in plain}


_NAMES: Final = {record: record.__struct_fields__ for record in (Remainder, Click)}
