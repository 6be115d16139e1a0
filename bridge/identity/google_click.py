"""The one Google click an order is credited to."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from bridge.identity.remainder import Remainder


class GoogleClickId(StrEnum):
    """A kind of Google click id, most telling first (Data Manager API: AdIdentifiers)."""

    GCLID = "gclid"
    WBRAID = "wbraid"
    GBRAID = "gbraid"


_MOST_TELLING_FIRST: Final = tuple((kind.value, kind) for kind in GoogleClickId)


class GoogleClick(Struct, frozen=True, kw_only=True, gc=False):
    """One click id, byte for byte as it came; `at` is its time as in `Click`."""

    kind: GoogleClickId
    value: str
    at: str | None = None

    def __repr__(self) -> str:
        return f"GoogleClick(kind={self.kind!r})"


def google_click(kept: Remainder) -> GoogleClick | None:
    """Answer the newest click that Google knows, by its most telling id alone.

    A braid stands only where there is no gclid, and never two of them: Google wants one id.
    """
    for click in reversed(kept.clicks):
        for name, kind in _MOST_TELLING_FIRST:
            value = getattr(click, name)
            if value:
                return GoogleClick(kind=kind, value=value, at=click.at)
    return None
