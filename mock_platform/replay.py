"""Sending the requests of an exported journal again, to a mock or to whatever stands in for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

_SECRET = "[secret]"  # noqa: S105 - what the journal writes in place of a token
_TIMEOUT = 30.0


_NEEDED = frozenset({
    "id", "method", "path", "content_type", "request_body", "request_bytes", "status",
})  # fmt: skip


class ReplayError(ValueError):
    """A line that is no request of an exported journal."""


@dataclass(slots=True)
class Replayed:
    """What became of the requests: how many were sent, and the numbers of the others."""

    sent: int = 0
    cut: list[int] = field(default_factory=list)
    unanswered: list[int] = field(default_factory=list)
    differing: dict[int, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The report of the command."""
        return {
            "sent": self.sent,
            "cut": self.cut,
            "unanswered": self.unanswered,
            "differing": {str(number): told for number, told in self.differing.items()},
        }


def replay(lines: Iterable[Any], base: str, token: str) -> Replayed:
    """Send each request to `base` in order, with `token` in place of what was taken out.

    A request whose body the journal has cut is left out: it would be another one.

    Raises:
        ReplayError: for a line that is no request.
    """
    done = Replayed()
    with requests.Session() as session:
        session.trust_env = False
        for number, line in enumerate(lines, 1):
            if not isinstance(line, dict) or not line.keys() >= _NEEDED:
                raise ReplayError(f"line {number} is no request; export with --format ndjson")
            if len(line["request_body"].encode()) < line["request_bytes"]:
                done.cut.append(line["id"])
            else:
                _send(session, line, base.rstrip("/"), token, done)
    return done


def _send(
    session: requests.Session, line: Mapping[str, Any], base: str, token: str, done: Replayed
) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    if line["content_type"]:
        headers["Content-Type"] = line["content_type"]
    try:
        answer = session.request(
            line["method"],
            base + line["path"].replace(_SECRET, token),
            data=line["request_body"].replace(_SECRET, token).encode(),
            headers=headers,
            timeout=_TIMEOUT,
        )
    except requests.RequestException:
        done.unanswered.append(line["id"])
        return
    done.sent += 1
    if answer.status_code != line["status"]:
        done.differing[line["id"]] = f"{line['status']} then, {answer.status_code} now"
