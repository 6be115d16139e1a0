"""The token endpoint (documents: OAuth 2.0 for server to server and for web server applications).

Takes a service account's signed assertion or a refresh token. Client secrets and signatures are
looked at, but none is known and none refused unless a setting says so.
"""

import secrets
from collections.abc import Callable, Mapping

from flask import Blueprint, Response, request

from mock_platform import current
from mock_platform.fault import FaultKind, RequestFacts
from mock_platform.fault_taking import take_fault
from mock_platform.google.access import Grant
from mock_platform.google.answer import Answer, document
from mock_platform.google.breakage import BREAKAGE, EVERYWHERE, extra_headers
from mock_platform.google.journalled import request_entry
from mock_platform.google.service_account import assertion_problem, claims_of
from mock_platform.google.token_errors import TOKEN_ERRORS
from mock_platform.workspace import Workspace

API = "oauth_token"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
Form = Mapping[str, str]

blueprint = Blueprint("token", __name__)


@blueprint.post("/token")
def token() -> Response:
    """Give out an access token."""
    workspace = current.workspace()
    request.get_data(cache=True)  # before the form is read from it: the journal needs it
    facts = RequestFacts(api=API, dataset="", errors=TOKEN_ERRORS, kinds=EVERYWHERE, aside=True)
    fault = take_fault(workspace, facts)
    answer = _answer(request.form.to_dict(), workspace)
    if fault is not None and fault.kind is FaultKind.ERROR:
        answer = _failed(fault.error or "temporarily_unavailable", headers=extra_headers(fault))
    elif fault is not None:
        answer = BREAKAGE[fault.kind](fault, answer)
    _enter(workspace, answer, fault.kind.value if fault else None)
    return answer.response()


def _enter(workspace: Workspace, answer: Answer, fault: str | None) -> None:
    kept = workspace.settings.journal_body_bytes
    entry = request_entry(request, answer, api=API, dataset="", kept=kept, fault=fault)
    workspace.ledger.enter(entry, [], workspace.clock.now(), workspace.settings)


def _answer(form: Form, workspace: Workspace) -> Answer:
    refused = workspace.settings.google.token_error
    if refused is not None:
        return _failed(refused)
    grant = _GRANTS.get(form.get("grant_type", ""))
    if grant is None:
        return _failed("unsupported_grant_type")
    problem = grant(form, workspace.clock.now())
    return problem or _issued(form, workspace)


def _service_account(form: Form, now: float) -> Answer | None:
    problem = assertion_problem(form.get("assertion", ""), now)
    if problem is not None:
        return _failed("invalid_grant", problem)
    if not _scope(form):
        return _failed("invalid_scope")
    return None


def _refresh(form: Form, now: float) -> Answer | None:
    del now
    if not form.get("client_id") or not form.get("client_secret"):
        return _failed("invalid_client")
    return None if form.get("refresh_token") else _failed("invalid_request")


_GRANTS: dict[str, Callable[[Form, float], Answer | None]] = {
    JWT_BEARER: _service_account,
    "refresh_token": _refresh,
}


def _scope(form: Form) -> str:
    asked = claims_of(form.get("assertion", "")).get("scope") or form.get("scope") or ""
    return asked if isinstance(asked, str) else ""


def _issued(form: Form, workspace: Workspace) -> Answer:
    issued = f"ya29.{secrets.token_urlsafe(64)}"
    seconds = workspace.settings.google.token_seconds
    scope = _scope(form)
    expires_at = workspace.clock.now() + seconds
    workspace.tokens.add(issued, Grant(expires_at=expires_at, scopes=frozenset(scope.split())))
    body = {"access_token": issued, "expires_in": seconds, "token_type": "Bearer"}
    return document({**body, **({"scope": scope} if scope else {})})


def _failed(
    error: str, description: str | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    status, usual = TOKEN_ERRORS[error]
    body = {"error": error, "error_description": description or usual}
    return document(body, status, headers)
