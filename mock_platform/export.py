"""The journal's requests as a file: NDJSON to play again, HAR to look at in a browser's tools."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

Request = Mapping[str, Any]


def ndjson(requests: Sequence[Request], base: str) -> bytes:
    """One request a line, as `GET /_mock/requests` shows it."""
    del base
    return b"".join(orjson.dumps(request) + b"\n" for request in requests)


def har(requests: Sequence[Request], base: str) -> bytes:
    """An HTTP Archive 1.2. Bodies may be cut, tokens are taken out."""
    log = {
        "version": "1.2",
        "creator": {"name": "mock-platform", "version": "1"},
        "entries": [_entry(request, base) for request in requests],
    }
    return orjson.dumps({"log": log})


def _entry(request: Request, base: str) -> dict[str, Any]:
    return {
        "startedDateTime": request["received_at"],
        "time": request["milliseconds"],
        "request": _request(request, base),
        "response": _response(request),
        "cache": {},
        "timings": {"send": 0, "wait": request["milliseconds"], "receive": 0},
        "comment": f"{request['api']}, fault: {request['fault'] or 'none'}",
    }


def _request(request: Request, base: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "method": request["method"],
        "url": base + request["path"],
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(request["content_type"]),
        "queryString": _pairs(parse_qsl(urlsplit(request["path"]).query)),
        "headersSize": -1,
        "bodySize": request["request_bytes"],
    }
    if request["request_body"]:
        told["postData"] = {"mimeType": request["content_type"], "text": request["request_body"]}
    return told


def _response(request: Request) -> dict[str, Any]:
    """HAR says status 0 where no answer came."""
    status, body = request["status"] or 0, request["response_body"]
    known = status in HTTPStatus._value2member_map_
    return {
        "status": status,
        "statusText": HTTPStatus(status).phrase if known else "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [],
        "content": {"size": len(body), "mimeType": "application/json", "text": body},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": len(body),
    }


def _headers(content_type: str) -> list[dict[str, str]]:
    return _pairs([("Content-Type", content_type)] if content_type else [])


def _pairs(named: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in named]


FORMATS: Mapping[str, tuple[Callable[[Sequence[Request], str], bytes], str]] = {
    "ndjson": (ndjson, "application/x-ndjson"),
    "har": (har, "application/json"),
}
