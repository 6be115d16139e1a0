"""How long Graph serves a version (documents: graph-api changelog, versions).

A released version without a row is served: the newest ones have no end yet.
"""

from datetime import UTC, datetime

# Version -> the first day on which it is served no more.
_UNTIL = {
    "v16.0": "2025-05-14",
    "v17.0": "2025-09-12",
    "v20.0": "2026-09-24",
    "v21.0": "2027-01-21",
    "v22.0": "2027-05-20",
    "v23.0": "2027-10-08",
    "v24.0": "2028-02-18",
    "v25.0": "2028-07-29",
}
_ENDS = {
    _version: datetime.fromisoformat(_day).replace(tzinfo=UTC).timestamp()
    for _version, _day in _UNTIL.items()
}
_OLDEST_LISTED = 16.0
# The newest one that is out.
LATEST = 26


def is_released(version: str) -> bool:
    """Whether there ever was a version such as v26.0; none that is listed has a point release."""
    number = float(version[1:])
    return number <= LATEST and (number < _OLDEST_LISTED or number.is_integer())


def is_served(version: str, now: float) -> bool:
    """Whether Graph serves `version`, such as v26.0, at the moment `now`."""
    number = float(version[1:])
    if number < _OLDEST_LISTED or not is_released(version):
        return False
    later = [end for listed, end in _ENDS.items() if float(listed[1:]) >= number]
    return not later or now < min(later)
