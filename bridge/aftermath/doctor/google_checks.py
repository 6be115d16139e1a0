"""Whether a token is good for Google's Data Manager API: asks for a request that never was.

Google then says that it knows no such request, or that the caller may not ask. Nothing is sent to
the conversion action; whether it exists and takes events, only an event can tell.
"""

from urllib.parse import urlencode

from bridge.aftermath.doctor.finding import Finding, fine, problem
from bridge.delivery.answer import Answer
from bridge.delivery.http_answer import is_success, read_document
from bridge.operate.google_destination import GoogleDestination

NEVER_WAS = "00000000-0000-0000-0000-000000000000"
_REFUSED = (401, 403)
_TO_DO = {
    401: "Renew the credentials where `credentials` points.",
    403: "Enable the Data Manager API in the Cloud project, and give the credentials access to the"
    " account and the scope datamanager.",
}


def status_url(destination: GoogleDestination) -> str:
    """Where to ask for what became of a request."""
    asked = urlencode({"requestId": NEVER_WAS})
    return f"{destination.base_url}/v1/requestStatus:retrieve?{asked}"


def check_access(subject: str, answer: Answer) -> Finding:
    """Read the answer: any but a refusal of the caller means that the door is open."""
    if answer.status in _REFUSED:
        return problem(
            subject,
            "token",
            f"Google refuses the token: {status_of(answer)}.",
            _TO_DO[answer.status],
        )
    if is_success(answer.status) or status_of(answer) in ("INVALID_ARGUMENT", "NOT_FOUND"):
        return fine(subject, "token", "Google takes the token.")
    return problem(
        subject,
        "token",
        f"Google answers with {status_of(answer)}.",
        "Check base_url; try again later when it is a server error.",
    )


def status_of(answer: Answer) -> str:
    """Google's name for the error (google.rpc.Code), or the HTTP status; never its text."""
    error = read_document(answer.body).get("error")
    name = error.get("status") if isinstance(error, dict) else None
    known = isinstance(name, str) and name.replace("_", "").isascii() and len(name) < 40  # noqa: PLR2004  # the longest is 19
    return str(name) if known else f"http:{answer.status}"
