"""The URLs that hold the journal against expectations, and hand it out as a file."""

from flask import Blueprint, Response, request

from mock_platform import current
from mock_platform.admin_request import AdminError, answer, read_document
from mock_platform.export import FORMATS
from mock_platform.verification import read_expectations, verify

VERIFY_MAX_SECONDS = 60.0

asserting = Blueprint("asserting", __name__)


@asserting.post("/verify")
def verify_journal() -> Response:
    """Hold expectations and orders against the journal; `timeout` waits until they hold."""
    document = read_document()
    timeout = document.pop("timeout", 0) if isinstance(document, dict) else 0
    if type(timeout) not in (int, float) or not 0 <= timeout <= VERIFY_MAX_SECONDS:
        raise AdminError(f"timeout: expected seconds from 0 to {VERIFY_MAX_SECONDS:g}")
    asked, journal = read_expectations(document), current.workspace().journal
    verification = journal.wait_for(
        lambda: verify(asked, journal.every()), lambda verification: verification.passed, timeout
    )
    return answer(verification.as_json())


@asserting.get("/export")
def export() -> Response:
    """The requests of the journal with their answers, as NDJSON or HAR."""
    wanted = request.args.get("format", "ndjson")
    if wanted not in FORMATS:
        raise AdminError(f"format: expected one of {', '.join(FORMATS)}")
    written, content_type = FORMATS[wanted]
    requests = current.workspace().journal.requests(0, None)["requests"]
    base = request.root_url.rstrip("/")
    return Response(written(requests, base), content_type=content_type)
