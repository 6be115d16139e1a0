"""How a Meta request enters the journal: cut to length, and without its tokens."""

import re

from flask import Request

from mock_platform import current
from mock_platform.entries import RequestEntry

_NAMES = (b"access_token", b"appsecret_proof", b"input_token")
_SECRET = b"|".join(_NAMES)
_SECRETS = (
    re.compile(rb'("(?:%s)"\s*:\s*)"(?:[^"\\]|\\.)*"?' % _SECRET),
    re.compile(rb"(?<![^&?\s])((?:%s)=)[^&\s]*" % _SECRET),
    re.compile(rb'(name="(?:%s)"(?:\r?\n[^\r\n]+)*\r?\n\r?\n)[^\r\n]*' % _SECRET),
)


def request_entry(  # noqa: PLR0913 - one parameter a column
    request: Request,
    *,
    api: str,
    dataset: str,
    kept: int,
    status: int | None,
    response_body: bytes = b"",
    fault: str | None = None,
) -> RequestEntry:
    """The entry of `request`, with the first `kept` bytes of its body."""
    body = request.get_data(cache=True)
    return RequestEntry(
        platform="meta",
        api=api,
        method=request.method,
        path=without_secrets(request.full_path.encode()).decode().removesuffix("?"),
        dataset=dataset,
        # Cut first: looking for tokens through a thousand events would cost more than the rules.
        request_body=without_secrets(body[:kept]),
        request_bytes=len(body),
        status=status,
        response_body=response_body,
        fault=fault,
        content_type=request.content_type or "",
        milliseconds=current.milliseconds(),
    )


def without_secrets(text: bytes) -> bytes:
    """`text` (a URL, or a body that may be cut anywhere) with every access token taken out."""
    if not any(name in text for name in _NAMES):
        return text  # as nearly always, and found out much faster
    for pattern in _SECRETS:
        text = pattern.sub(rb"\1[secret]", text)
    return text
