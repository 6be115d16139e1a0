"""The upload URLs of the Google Ads API (reference: v26, REST)."""

from flask import Blueprint, Response, request

from mock_platform import current
from mock_platform.entries import RequestEntry
from mock_platform.fault import Fault
from mock_platform.fault_taking import take_fault
from mock_platform.google.ads_answer import answer_rows
from mock_platform.google.ads_errors import LATEST_VERSION, OLDEST_VERSION, invalid
from mock_platform.google.ads_faults import broken, facts_of, forced, stores
from mock_platform.google.ads_upload import ADJUSTMENTS, CONVERSIONS, Kind, judge_rows, refusal
from mock_platform.google.answer import Answer
from mock_platform.google.call import Call, decode
from mock_platform.google.conversions import StoredConversions
from mock_platform.google.journalled import request_entry
from mock_platform.rules.google_ads_row import Upload
from mock_platform.violations import note
from mock_platform.workspace import Workspace

_UNSUPPORTED = "requestError.UNSUPPORTED_VERSION"
_HEADERS = {
    "login-customer-id": "headerError.INVALID_LOGIN_CUSTOMER_ID",
    "linked-customer-id": "headerError.INVALID_LINKED_CUSTOMER_ID",
}

blueprint = Blueprint("google_ads", __name__)


@blueprint.post("/<ads_version:version>/customers/<customer>:uploadClickConversions")
def upload_click_conversions(version: str, customer: str) -> Response:
    """Take click conversions, row by row."""
    return _upload(version, customer, CONVERSIONS)


@blueprint.post("/<ads_version:version>/customers/<customer>:uploadConversionAdjustments")
def upload_conversion_adjustments(version: str, customer: str) -> Response:
    """Take adjustments of conversions, row by row."""
    return _upload(version, customer, ADJUSTMENTS)


def _upload(version: str, customer: str, kind: Kind) -> Response:
    workspace = current.workspace()
    call = decode(request, kind.message, api=kind.api)
    fault = take_fault(workspace, facts_of(call, kind))
    workspace.settle()
    answer = _path_problem(version, customer) or refusal(call, kind, workspace, version)
    if answer is None:
        return _judge(workspace, call, kind, (version, customer), fault).response()
    answer = broken(fault, answer, version)
    entry = _request_entry(workspace, answer, call, kind, fault)
    workspace.ledger.enter(entry, (), workspace.clock.now(), workspace.settings)
    return answer.response()


def _judge(
    workspace: Workspace, call: Call, kind: Kind, path: tuple[str, str], fault: Fault | None
) -> Answer:
    """Judge the rows and enter them in one step: each is judged by what stands before it."""
    version, customer = path
    settings, ledger, now = workspace.settings, workspace.ledger, workspace.clock.now()
    upload = Upload(customer=customer, now=now, world=settings.google, known=workspace.known)
    with ledger.transaction() as connection:
        connection.execute("SAVEPOINT before_rows")
        number = ledger.next_event
        books = (StoredConversions(connection), number)
        rows = judge_rows(call, kind, upload, settings.mode, books, forced(fault, call, kind))
        answer = broken(fault, answer_rows(call, kind, rows, version, number), version)
        kept = [(row.entry, row.judged) for row in rows]
        note([row.entry for row in rows])
        if call.read.get("validate_only") or not stores(fault):
            connection.execute("ROLLBACK TO before_rows")
            kept = []
        entry = _request_entry(workspace, answer, call, kind, fault)
        ledger.enter_judged(entry, kept, now, settings)
    ledger.notify()
    return answer


def _request_entry(
    workspace: Workspace, answer: Answer, call: Call, kind: Kind, fault: Fault | None
) -> RequestEntry:
    return request_entry(
        request,
        answer,
        api=kind.api,
        dataset=facts_of(call, kind).dataset,
        kept=workspace.settings.journal_body_bytes,
        fault=fault.kind.value if fault else None,
    )


def _path_problem(version: str, customer: str) -> Answer | None:
    if int(version[1:]) < OLDEST_VERSION:
        message = "this version is not served any more"
        return invalid(_UNSUPPORTED, message).answer(LATEST_VERSION)
    if int(version[1:]) > int(LATEST_VERSION[1:]):
        return invalid(_UNSUPPORTED, "there is no such version").answer(LATEST_VERSION)
    if not _is_number(customer):
        message = "a customer id has digits only"
        return invalid("requestError.INVALID_CUSTOMER_ID", message).answer(version)
    for name, answer in _HEADERS.items():
        if name in request.headers and not _is_number(request.headers[name]):
            return invalid(answer, f"{name} has digits only").answer(version)
    return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
