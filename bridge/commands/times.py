"""How commands take a time: 12h, 3d, a day, or a time."""

import re
from datetime import UTC, datetime, timedelta

from bridge.errors import SettingsInvalid

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1)}


def instant(option: str, text: str, now: datetime) -> datetime:
    """Answer the moment meant: so long ago, or the day's beginning or time, UTC unless it says."""
    if ago := re.fullmatch(r"([0-9]{1,4})([hd])", text):
        return now - int(ago[1]) * _UNITS[ago[2]]
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise SettingsInvalid(
            f"{option}: write 12h, 3d, 2026-11-20 or a time with its offset"
        ) from None
