"""Whether a token is good for a dataset: asks /me, /debug_token and the dataset itself.

Documents: Graph API, access tokens and debugging them; Conversions API, get started. Nothing is
sent to the dataset.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from bridge.aftermath.doctor.finding import Finding, advice, fine, problem
from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.http_answer import is_success, read_document
from bridge.operate.meta_destination import MetaDestination

SCOPES = frozenset({"ads_management", "business_management"})
"""Either lets a system user send to a dataset it was given (Conversions API, get started)."""

RENEW = "Generate a new access token in Events Manager and put it where `token` points."


def me_url(destination: MetaDestination) -> str:
    """Where to ask whose the token is."""
    return f"{destination.base_url}/{destination.api_version}/me"


def debug_url(destination: MetaDestination, token: str) -> str:
    """Where to ask what the token may do."""
    asked = urlencode({"input_token": token})
    return f"{destination.base_url}/{destination.api_version}/debug_token?{asked}"


def dataset_url(destination: MetaDestination) -> str:
    """Where to ask for the dataset."""
    return f"{destination.base_url}/{destination.api_version}/{destination.dataset}?fields=id,name"


def check_token(subject: str, answer: Answer) -> Finding:
    """Read the answer to /me."""
    if is_success(answer.status):
        return fine(subject, "token", "Meta knows the token.")
    return problem(subject, "token", f"Meta refuses the token: {code_of(answer)}.", RENEW)


def check_scopes(subject: str, answer: Answer | NoAnswer) -> Iterator[Finding]:
    """Read the answer to /debug_token; some tokens may not ask it, which says nothing of them."""
    data = read_document(answer.body).get("data") if isinstance(answer, Answer) else None
    if not isinstance(data, dict):
        yield advice(
            subject,
            "scopes",
            "Meta does not tell this token's scopes.",
            "Look at the token in Meta's Access Token Debugger.",
        )
        return
    if data.get("is_valid") is False:
        yield problem(subject, "scopes", "Meta calls the token invalid.", RENEW)
        return
    yield _scopes(subject, data.get("scopes"))
    expires_at = data.get("expires_at")
    if isinstance(expires_at, int) and expires_at:
        yield advice(
            subject,
            "expiry",
            "The token expires.",
            "Use a system user's token: it lasts until it is revoked.",
        )


def _scopes(subject: str, scopes: Any) -> Finding:
    given = {scope for scope in scopes if isinstance(scope, str)} if _is_list(scopes) else set()
    if given & SCOPES:
        return fine(subject, "scopes", f"The token has {', '.join(sorted(given & SCOPES))}.")
    return problem(
        subject,
        "scopes",
        f"The token has none of {', '.join(sorted(SCOPES))}.",
        "Give the system user ads_management and make a new token.",
    )


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def check_dataset(subject: str, answer: Answer | NoAnswer, dataset: str) -> Finding:
    """Read the answer to the dataset's own node."""
    if isinstance(answer, Answer) and is_success(answer.status):
        if str(read_document(answer.body).get("id")) == dataset:
            return fine(subject, "dataset", "The token reaches the dataset.")
        return problem(
            subject,
            "dataset",
            "The id is no dataset's.",
            "Copy the dataset's id from Events Manager.",
        )
    said = code_of(answer) if isinstance(answer, Answer) else answer.kind.value
    return problem(
        subject,
        "dataset",
        f"The token does not reach the dataset: {said}.",
        "Check `dataset`, and assign the dataset to the token's system user.",
    )


def code_of(answer: Answer) -> str:
    """Meta's error code as our reasons write it, or the status; never Meta's own text."""
    error = read_document(answer.body).get("error")
    members = error if isinstance(error, dict) else {}
    numbers = [members.get(name) for name in ("code", "error_subcode")]
    known = [str(number) for number in numbers if isinstance(number, int)]
    return f"meta:{'/'.join(known)}" if known else f"http:{answer.status}"
