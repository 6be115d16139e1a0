"""Google's errors as a table, and the google.rpc.Status they are answered in.

Documents: Data Manager API, guide "understand errors"; Google Cloud APIs, "errors". The messages
for people are the mock's own words. What the front end answers to unreadable JSON, bad tokens and
disabled services is not established for these APIs and follows Google's common front end.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mock_platform.google.answer import Answer, document
from mock_platform.rules.google_json import Unreadable
from mock_platform.rules.google_reasons import ERROR_REASONS

DOMAIN = "datamanager.googleapis.com"
COMMON_DOMAIN = "googleapis.com"
_TYPE = "type.googleapis.com/google.rpc"
Detail = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One entry of fieldViolations; front-end errors have no reason."""

    field: str
    description: str
    reason: str | None = None

    def as_json(self) -> Detail:
        """The entry on the wire."""
        told = {"field": self.field, "description": self.description, "reason": self.reason}
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleError:
    """One error. Without `reason` it carries no ErrorInfo."""

    code: int
    status: str
    message: str
    reason: str | None = None
    domain: str = DOMAIN
    metadata: Mapping[str, str] = field(default_factory=dict)
    violations: Sequence[Violation] = ()
    details: Sequence[Detail] = ()

    def answer(self, headers: Mapping[str, str] | None = None) -> Answer:
        """The error on the wire, under a request id of its own."""
        error: Detail = {"code": self.code, "message": self.message, "status": self.status}
        details = [*self._info(), *self._violations(), *self.details]
        if details:
            error["details"] = details
        return document({"error": error}, self.code, headers)

    def _info(self) -> list[Detail]:
        if self.reason is None:
            return []
        own = self.domain == DOMAIN
        request_id = f"t-{uuid.uuid4()}"
        metadata = {"requestId": request_id} if own else dict(self.metadata)
        info = {"reason": self.reason, "domain": self.domain, "metadata": metadata}
        details = [detail("ErrorInfo", **info)]
        if own:
            details.append(detail("RequestInfo", requestId=request_id))
        return details

    def _violations(self) -> list[Detail]:
        if not self.violations:
            return []
        listed = [violation.as_json() for violation in self.violations]
        return [detail("BadRequest", fieldViolations=listed)]


def detail(kind: str, **members: object) -> Detail:
    """One entry of a status's details."""
    return {"@type": f"{_TYPE}.{kind}", **members}


def refused(violations: Sequence[Violation]) -> GoogleError:
    """What the Data Manager answers to a request it finds fault with."""
    return replace(ERRORS["INVALID_ARGUMENT"], violations=violations)


def unreadable(problems: Sequence[Unreadable]) -> GoogleError:
    """What the front end answers to JSON that is not the message it expects."""
    listed = [Violation(field=each.field, description=each.description) for each in problems]
    message = "\n".join(violation.description for violation in listed)
    return GoogleError(code=400, status="INVALID_ARGUMENT", message=message, violations=listed)


def not_json() -> GoogleError:
    """What the front end answers to a body that is no JSON."""
    message = "Invalid JSON payload received. Unexpected token."
    return GoogleError(code=400, status="INVALID_ARGUMENT", message=message)


def _own(code: int, status: str, message: str, reason: str | None = None) -> GoogleError:
    return GoogleError(code=code, status=status, message=message, reason=reason or status)


def _common(code: int, status: str, message: str, reason: str) -> GoogleError:
    return GoogleError(
        code=code,
        status=status,
        message=message,
        reason=reason,
        domain=COMMON_DOMAIN,
        metadata={"service": DOMAIN},
    )


def service_disabled(service: str, title: str) -> GoogleError:
    """The project of the credentials has not enabled the API."""
    url = f"https://console.developers.google.com/apis/api/{service}/overview"
    text = f"{title} has not been enabled for the project, or was switched off."
    link = {"description": "Google developers console API activation", "url": url}
    return GoogleError(
        code=403,
        status="PERMISSION_DENIED",
        message=text,
        reason="SERVICE_DISABLED",
        domain=COMMON_DOMAIN,
        metadata={
            "service": service,
            "serviceTitle": title,
            "consumer": "projects/100000000001",
            "containerInfo": "100000000001",
            "activationUrl": url,
        },
        details=(
            detail("LocalizedMessage", locale="en-US", message=text),
            detail("Help", links=[link]),
        ),
    )


# Canonical errors and those before any field is read.
ERRORS: dict[str, GoogleError] = {
    "INVALID_ARGUMENT": _own(400, "INVALID_ARGUMENT", "There was a problem with the request."),
    "UNAUTHENTICATED": _common(
        401, "UNAUTHENTICATED", "The access token is not valid.", "ACCESS_TOKEN_TYPE_UNSUPPORTED"
    ),
    "ACCESS_TOKEN_EXPIRED": _common(
        401, "UNAUTHENTICATED", "The access token has expired.", "ACCESS_TOKEN_EXPIRED"
    ),
    "CREDENTIALS_MISSING": _common(
        401, "UNAUTHENTICATED", "The request carries no access token.", "CREDENTIALS_MISSING"
    ),
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": _common(
        403,
        "PERMISSION_DENIED",
        "The access token lacks the scope this API asks for.",
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    ),
    "SERVICE_DISABLED": service_disabled(DOMAIN, "Data Manager API"),
    "PERMISSION_DENIED": _own(403, "PERMISSION_DENIED", "No permission, or no such resource."),
    "NOT_FOUND": _own(404, "NOT_FOUND", "There is no such resource."),
    "ALREADY_EXISTS": _own(409, "ALREADY_EXISTS", "The resource exists already."),
    "ABORTED": _own(409, "ABORTED", "The request was aborted."),
    "RESOURCE_EXHAUSTED": _own(429, "RESOURCE_EXHAUSTED", "Too many requests."),
    "CANCELLED": _own(499, "CANCELLED", "The request was cancelled."),
    "INTERNAL": _own(500, "INTERNAL", "An internal error has occurred.", "INTERNAL_ERROR"),
    "INTERNAL_ERROR": _own(500, "INTERNAL", "An internal error has occurred.", "INTERNAL_ERROR"),
    "UNAVAILABLE": GoogleError(
        code=503, status="UNAVAILABLE", message="The service is currently unavailable."
    ),
    "DEADLINE_EXCEEDED": _own(504, "DEADLINE_EXCEEDED", "The request took too long to answer."),
}
# Every name a fault can ask the Data Manager for: the others are answered as field violations.
ERROR_NAMES = frozenset({*ERRORS, *ERROR_REASONS})
