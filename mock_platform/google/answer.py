"""What goes back on the wire at Google, or what happens to the connection instead."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson
from flask import Response

from mock_platform.connection import ConnectionEnd, end_with

JSON = "application/json; charset=UTF-8"
_NOT_FOUND = (
    b"<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title>"
    b"<p>The requested URL was not found on this server.</html>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer; with `end` the connection ends that way, after `seconds` at most."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    end: ConnectionEnd | None = None
    seconds: float | None = None

    @property
    def unanswered(self) -> bool:
        """Whether the client gets no answer at all."""
        return self.end is not None and not self.end.answered

    def response(self) -> Response:
        """The Flask response."""
        if self.end is not None:
            end_with(self.end, self.seconds)
        if self.unanswered:
            return Response(status=204)
        response = Response(self.body, self.status, content_type=self.content_type)
        response.headers.update(self.headers)
        return response


def not_found() -> Answer:
    """Google's front end knows no such URL, and answers with a page."""
    return Answer(status=404, body=_NOT_FOUND, content_type="text/html; charset=UTF-8")


def document(
    content: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Answer:
    """`content` as a JSON answer."""
    return Answer(status=status, body=orjson.dumps(content), headers=headers or {})
