"""Errors of the Google Ads API as a table (documents: "understand API errors"; ErrorCode).

An error of the whole call carries a GoogleAdsFailure; one of a row stands in one beside the others.
Messages are the mock's own words.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mock_platform.google.answer import Answer, document
from mock_platform.google.errors import COMMON_DOMAIN, ERRORS, GoogleError, service_disabled
from mock_platform.rules.google_ads_catalogue import ADJUSTMENT_ROW_ERRORS, ROW_ERRORS
from mock_platform.rules.model import Path

SERVICE = "googleads.googleapis.com"
LATEST_VERSION = "v26"
OLDEST_VERSION = 23


@dataclass(frozen=True, slots=True, kw_only=True)
class AdsError:
    """One error; `answer` is `group.CODE`, the group being its member of errorCode."""

    answer: str
    message: str
    path: Path = ()
    details: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """The error as it stands in a GoogleAdsFailure."""
        group, _, code = self.answer.partition(".")
        told: dict[str, Any] = {"errorCode": {group: code}, "message": self.message}
        if self.path:
            told["location"] = {"fieldPathElements": path_elements(self.path)}
        if self.details:
            told["details"] = dict(self.details)
        return told


def path_elements(path: Path) -> list[dict[str, Any]]:
    """A path as the API writes it: an index belongs to the field before it."""
    elements: list[dict[str, Any]] = []
    for part in path:
        if isinstance(part, int):
            elements[-1]["index"] = part
        else:
            elements.append({"fieldName": part})
    return elements


def failure(errors: Sequence[AdsError], version: str, request_id: str) -> dict[str, Any]:
    """A GoogleAdsFailure as one of a status's details."""
    return {
        "@type": f"type.googleapis.com/google.ads.googleads.{version}.errors.GoogleAdsFailure",
        "errors": [error.as_json() for error in errors],
        "requestId": request_id,
    }


def new_request_id() -> str:
    """A request id, as the header `request-id` brings it too."""
    return secrets.token_urlsafe(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallError:
    """An error of the whole call."""

    code: int
    status: str
    errors: Sequence[AdsError]

    def answer(self, version: str, headers: Mapping[str, str] | None = None) -> Answer:
        """The error on the wire."""
        request_id = new_request_id()
        status = {
            "code": self.code,
            "message": "Request contains an invalid argument."
            if self.status == "INVALID_ARGUMENT"
            else self.errors[0].message,
            "status": self.status,
            "details": [failure(self.errors, version, request_id)],
        }
        return document({"error": status}, self.code, {**(headers or {}), "request-id": request_id})


def invalid(answer: str, message: str, path: Path = ()) -> CallError:
    """A call that cannot be carried out at all."""
    error = AdsError(answer=answer, message=message, path=path)
    return CallError(code=400, status="INVALID_ARGUMENT", errors=(error,))


def _call(
    code: int, status: str, answer: str, message: str, details: Mapping[str, Any] | None = None
) -> CallError:
    error = AdsError(answer=answer, message=message, details=details)
    return CallError(code=code, status=status, errors=(error,))


_RATE = {"quotaErrorDetails": {"rateScope": "ACCOUNT", "rateName": "Requests", "retryDelay": "60s"}}

# What a fault can answer a whole call with.
CALL_ERRORS: dict[str, CallError] = {
    "RESOURCE_EXHAUSTED": _call(
        429,
        "RESOURCE_EXHAUSTED",
        "quotaError.RESOURCE_EXHAUSTED",
        "Too many requests in too short a time.",
        _RATE,
    ),
    "RESOURCE_TEMPORARILY_EXHAUSTED": _call(
        429,
        "RESOURCE_EXHAUSTED",
        "quotaError.RESOURCE_TEMPORARILY_EXHAUSTED",
        "Too many requests; retry later.",
        _RATE,
    ),
    "INTERNAL": _call(
        500, "INTERNAL", "internalError.INTERNAL_ERROR", "An internal error has occurred."
    ),
    "TRANSIENT_ERROR": _call(
        500, "INTERNAL", "internalError.TRANSIENT_ERROR", "A transient error; retry."
    ),
    "DEADLINE_EXCEEDED": _call(
        504, "DEADLINE_EXCEEDED", "internalError.DEADLINE_EXCEEDED", "It took too long."
    ),
    "CONCURRENT_MODIFICATION": _call(
        409, "ABORTED", "databaseError.CONCURRENT_MODIFICATION", "Something else wrote; retry."
    ),
    "OAUTH_TOKEN_INVALID": _call(
        401,
        "UNAUTHENTICATED",
        "authenticationError.OAUTH_TOKEN_INVALID",
        "The access token is not valid.",
    ),
    "OAUTH_TOKEN_EXPIRED": _call(
        401,
        "UNAUTHENTICATED",
        "authenticationError.OAUTH_TOKEN_EXPIRED",
        "The access token has expired.",
    ),
    "PERMISSION_DENIED": _call(
        403,
        "PERMISSION_DENIED",
        "authorizationError.USER_PERMISSION_DENIED",
        "This user has no access to the account.",
    ),
    "CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION": _call(
        403,
        "PERMISSION_DENIED",
        "authorizationError.CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION",
        "The project may use test accounts only.",
    ),
    "CUSTOMER_NOT_ENABLED": _call(
        403,
        "PERMISSION_DENIED",
        "authorizationError.CUSTOMER_NOT_ENABLED",
        "The account is not enabled, or was closed.",
    ),
}
# Errors of the common front end, which carry no GoogleAdsFailure.
FRONT_END = ("UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED", "SERVICE_DISABLED", "UNAVAILABLE")
ERROR_NAMES = frozenset({*CALL_ERRORS, *FRONT_END, *ROW_ERRORS, *ADJUSTMENT_ROW_ERRORS})


def front_end(error: GoogleError) -> GoogleError:
    """A common error as this service answers it."""
    if error.reason == "SERVICE_DISABLED":
        return service_disabled(SERVICE, "Google Ads API")
    if error.domain != COMMON_DOMAIN:
        return error
    return replace(error, metadata={**error.metadata, "service": SERVICE})


def common(name: str) -> GoogleError:
    """One of `FRONT_END`."""
    return front_end(ERRORS[name])
