"""Reads Google Ads' account of what failed (Google Ads API: GoogleAdsFailure, GoogleAdsError)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bridge.delivery.google_ads_errors import AdsTreatment, treatment_of
from bridge.delivery.google_json import enum_name, objects, request_id, type_name
from bridge.delivery.json_values import integer
from bridge.delivery.scrub import LONGEST, scrub
from bridge.delivery.throttle import LONGEST_WAIT

_ROWS = frozenset({"conversions", "conversion_adjustments"})
_CATEGORY = re.compile(r"[a-z][A-Za-z]{0,99}", re.ASCII)
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,99}", re.ASCII)
_DURATION = re.compile(r"(\d{1,9})(?:\.\d{1,9})?s", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdsError:
    """One error: `place` is the conversion's in the request, None where it names none.

    `detail` is fit to be kept. `retry_delay` is what a quota asks for.
    """

    category: str | None
    code: str
    place: int | None
    detail: str
    retry_delay: timedelta | None

    @property
    def treatment(self) -> AdsTreatment | None:
        """What it asks for; None when nobody has described it."""
        return treatment_of(self.category, self.code)

    @property
    def reason(self) -> str:
        """Its stable code."""
        return f"google_ads:{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Everything that failed in one request, and Google's own name for the request."""

    errors: tuple[AdsError, ...] = ()
    trace_id: str | None = None


def read_failure(status: dict[str, Any]) -> Failure:
    """Read the failures among the details of a google.rpc.Status."""
    failures = [
        detail
        for detail in objects(status.get("details"))
        if type_name(detail).endswith(".GoogleAdsFailure")
    ]
    names = (request_id(failure.get("requestId")) for failure in failures)
    return Failure(
        errors=tuple(_error(one) for failure in failures for one in objects(failure.get("errors"))),
        trace_id=next((name for name in names if name), None),
    )


def _error(members: dict[str, Any]) -> AdsError:
    category, code = _code(members.get("errorCode"))
    path = list(objects(_member(members, "location").get("fieldPathElements")))
    message = members.get("message")
    said = (_shown(path), scrub(message) if isinstance(message, str) else "")
    return AdsError(
        category=category,
        code=code,
        place=_place(path),
        detail=": ".join(part for part in said if part)[:LONGEST],
        retry_delay=_delay(members),
    )


def _code(error_code: object) -> tuple[str | None, str]:
    """Read `{"conversionUploadError": "EXPIRED_EVENT"}`."""
    known = error_code if isinstance(error_code, dict) else {}
    category, code = next(iter(known.items()), (None, None))
    named = isinstance(category, str) and _CATEGORY.fullmatch(category)
    return (category if named else None), enum_name(code) or "UNSPECIFIED"


def _place(path: list[dict[str, Any]]) -> int | None:
    rows = (one for one in path[:1] if one.get("fieldName") in _ROWS)
    return next((integer(one.get("index")) for one in rows), None)


def _shown(path: list[dict[str, Any]]) -> str:
    """Answer the field within the conversion, or within the request where it names none."""
    named = _place(path) is not None
    return ".".join(_fields(path[1:] if named else path))


def _fields(path: list[dict[str, Any]]) -> Iterator[str]:
    for one in path:
        name = one.get("fieldName")
        if isinstance(name, str) and _FIELD.fullmatch(name):
            yield name


def _delay(members: dict[str, Any]) -> timedelta | None:
    quota = _member(_member(members, "details"), "quotaErrorDetails")
    delay = _DURATION.fullmatch(str(quota.get("retryDelay")))
    return min(timedelta(seconds=int(delay[1])), LONGEST_WAIT) if delay else None


def _member(members: dict[str, Any], name: str) -> dict[str, Any]:
    value = members.get(name)
    return value if isinstance(value, dict) else {}
