"""What comes back from a request: an answer, or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class NoAnswerKind(StrEnum):
    """Why there is no answer."""

    NO_TOKEN = "no_token"  # noqa: S105  # a name, not a secret
    NO_TOKEN_YET = "no_token_yet"  # noqa: S105  # a name, not a secret
    NAME_UNRESOLVED = "name_unresolved"
    REFUSED = "connection_refused"
    UNREACHABLE = "unreachable"
    TLS_FAILED = "tls_failed"
    TIMEOUT = "timeout"
    BROKEN = "connection_broken"
    TRUNCATED = "answer_truncated"
    TOO_LARGE = "answer_too_large"
    UNREADABLE = "answer_unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole HTTP answer. Header names are in lower case; the body is decoded."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """`certain_not_received`: no byte of the request left this machine's hands.

    `reason` is a stable code that says more than the kind, where there is one.
    """

    kind: NoAnswerKind
    certain_not_received: bool
    reason: str | None = None
