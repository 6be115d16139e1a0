"""The one Google click an order is credited to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from bridge.identity.remainder import Click, Remainder


class GoogleClickId(StrEnum):
    """A kind of Google click id, most telling first (Data Manager API: AdIdentifiers)."""

    GCLID = "gclid"
    WBRAID = "wbraid"
    GBRAID = "gbraid"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleClick:
    """One click id, byte for byte as it came; `at` is its time as in `Click`."""

    kind: GoogleClickId
    value: str = field(repr=False)
    at: str | None = None


def google_click(kept: Remainder) -> GoogleClick | None:
    """Answer the newest click that Google knows, by its most telling id alone.

    A braid stands only where there is no gclid, and never two of them: Google wants one id.
    """
    clicks = (found for click in reversed(kept.clicks) for found in _known(click))
    return next(clicks, None)


def _known(click: Click) -> Iterator[GoogleClick]:
    ids = ((kind, getattr(click, kind.value)) for kind in GoogleClickId)
    return (GoogleClick(kind=kind, value=value, at=click.at) for kind, value in ids if value)
