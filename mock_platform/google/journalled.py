"""How a request to Google enters the journal: cut to length, and without its secrets."""

import re

from flask import Request

from mock_platform import current
from mock_platform.entries import RequestEntry
from mock_platform.google.answer import Answer

_NAMES = (b"assertion", b"refresh_token", b"client_secret", b"access_token", b"id_token", b"key")
_SECRET = b"|".join(_NAMES)
_SECRETS = (
    re.compile(rb'("(?:%s)"\s*:\s*)"(?:[^"\\]|\\.)*"?' % _SECRET),
    re.compile(rb"(?<![^&?\s])((?:%s)=)[^&\s]*" % _SECRET),
)


def request_entry(
    request: Request, answer: Answer, *, api: str, dataset: str, kept: int, fault: str | None
) -> RequestEntry:
    """The entry of `request` and its answer, with the first `kept` bytes of either body."""
    body = request.get_data(cache=True)
    return RequestEntry(
        platform="google",
        api=api,
        method=request.method,
        path=without_secrets(request.full_path.encode()).decode().removesuffix("?"),
        dataset=dataset,
        # Cut first: looking for secrets through thousands of events would cost more than the rules.
        request_body=without_secrets(body[:kept]),
        request_bytes=len(body),
        status=None if answer.unanswered else answer.status,
        response_body=without_secrets(answer.body[:kept]),
        fault=fault,
        content_type=request.content_type or "",
        milliseconds=current.milliseconds(),
    )


def without_secrets(text: bytes) -> bytes:
    """`text` (a URL, or a body that may be cut anywhere) with every secret taken out."""
    if not any(name in text for name in _NAMES):
        return text  # as nearly always, and found out much faster
    for pattern in _SECRETS:
        text = pattern.sub(rb"\1[secret]", text)
    return text
