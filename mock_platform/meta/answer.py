"""What goes back on the wire, or what happens to the connection instead."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson
from flask import Response

from mock_platform.connection import ConnectionEnd, end_with
from mock_platform.meta.errors import GraphError, trace_id

JSON = "application/json; charset=UTF-8"


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

    def response(self, version: str) -> Response:
        """The Flask response with the headers Graph always sends."""
        if self.end is not None:
            end_with(self.end, self.seconds)
        if self.unanswered:
            return Response(status=204)
        response = Response(self.body, self.status, content_type=self.content_type)
        response.headers["facebook-api-version"] = version
        response.headers["x-fb-trace-id"] = trace_id()
        response.headers.update(self.headers)
        return response


def received(events: int) -> Answer:
    """Graph's answer to accepted events. Duplicates count here: the platform never tells."""
    body = {"events_received": events, "messages": [], "fbtrace_id": trace_id()}
    return Answer(status=200, body=orjson.dumps(body))


def failed(error: GraphError, headers: Mapping[str, str] | None = None) -> Answer:
    """Graph's error envelope."""
    return Answer(status=error.status, body=orjson.dumps(error.body()), headers=headers or {})
