"""A signed call as a line for a shell, to try the hook by hand."""

import shlex
from pathlib import Path

from loadtests.hook_client import SignedCall


def curl_line(call: SignedCall, *, body_file: Path | None = None) -> str:
    """A `curl` line that makes `call`; the bridge takes it for five minutes from its signing.

    The body stands in the line, or is written to `body_file`, where the line then reads it from:
    better for long orders. It holds the order's personal data either way.
    """
    if body_file is None:
        body = ["--data-raw", call.body.decode()]
    else:
        body_file.write_bytes(call.body)
        body = ["--data-binary", f"@{body_file}"]
    headers = [
        part for name, value in call.headers.items() for part in ("--header", f"{name}: {value}")
    ]
    return shlex.join(
        ["curl", "--silent", "--show-error", "--write-out", r"\n", *headers, *body, call.url]
    )
