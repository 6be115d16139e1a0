"""One request to a Google API: read, and before it is judged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask import Request

from mock_platform.google.access import bearer
from mock_platform.google.errors import GoogleError, not_json, unreadable
from mock_platform.rules.google_json import Unreadable, read_message
from mock_platform.rules.google_proto import Message

# Parameters every Google API takes in the query.
_SYSTEM_PARAMETERS = frozenset(
    {
        "$alt", "alt", "$.xgafv", "$callback", "callback", "$fields", "fields", "$prettyPrint",
        "prettyPrint", "$key", "key", "access_token", "oauth_token", "quotaUser", "uploadType",
        "upload_protocol", "$userProject", "$req", "$ct", "$httpMethod",
    }
)  # fmt: skip
_ENUMS_AS_NUMBERS = "enum-encoding=int"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One decoded request.

    `sent` is the JSON as it came, `read` the message in it; `problem` is the error to answer when
    there is none. `numbers` asks for enumerations as numbers.
    """

    api: str
    token: str | None = field(repr=False)
    sent: Mapping[str, Any] = field(repr=False, default_factory=dict)
    read: Mapping[str, Any] = field(repr=False, default_factory=dict)
    problem: GoogleError | None = None
    numbers: bool = False


def decode(request: Request, message: Message, *, api: str) -> Call:
    """Decode a request with a body; what cannot be decoded becomes the call's `problem`."""
    sent, problem = _body(request)
    read, problems = read_message(message, sent)
    problems = [*_query_problems(request, ()), *problems]
    if problem is None and problems:
        problem = unreadable(problems)
    return Call(
        api=api,
        token=bearer(request),
        sent=sent,
        read=read,
        problem=problem,
        numbers=numbers_asked(request),
    )


def decode_query(request: Request, *, api: str, names: Iterable[str]) -> Call:
    """Decode a request whose message is in the query."""
    problems = _query_problems(request, names)
    return Call(
        api=api,
        token=bearer(request),
        read={name: request.args[name] for name in names if name in request.args},
        problem=unreadable(problems) if problems else None,
        numbers=numbers_asked(request),
    )


def numbers_asked(request: Request) -> bool:
    """Whether the client asks for enumerations as numbers."""
    return any(_ENUMS_AS_NUMBERS in request.args.get(name, "") for name in ("$alt", "alt"))


def _body(request: Request) -> tuple[dict[str, Any], GoogleError | None]:
    try:
        document = orjson.loads(request.get_data(cache=True) or b"{}")
    except orjson.JSONDecodeError:
        return {}, not_json()
    return (document, None) if isinstance(document, dict) else ({}, not_json())


def _query_problems(request: Request, names: Iterable[str]) -> list[Unreadable]:
    known = {*_SYSTEM_PARAMETERS, *names}
    return [
        Unreadable(
            field=name,
            description=f'Invalid JSON payload received. Unknown name "{name}":'
            " Cannot bind query parameter. No such field.",
        )
        for name in request.args
        if name not in known
    ]
