"""Reading a Graph request in every form official clients send it.

JSON, urlencoded and multipart; the access token in the query, the body or the Authorization
header; `data` as an array of objects, an array of JSON texts, or one JSON text of either.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask import Request

from mock_platform.fault import FaultKind, RequestFacts
from mock_platform.meta.errors import ERRORS, GraphError

EVENTS_MAX = 1000
_FAULT_KINDS = frozenset(FaultKind) - {FaultKind.PROCESSING_ERROR}


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphCall:
    """One decoded request to an edge.

    `events` holds what `data` held, not yet checked; `problem` is the error to answer when there
    is no usable `data`.
    """

    api: str
    version: str
    dataset: str
    token: str | None = field(repr=False)
    parameters: Mapping[str, Any] = field(repr=False)
    events: tuple[Any, ...] = field(repr=False, default=())
    problem: GraphError | None = None

    def facts(self) -> RequestFacts:
        """What a fault can select this request by."""
        return self.facts_of(self.events)

    def facts_of(self, events: Sequence[Any]) -> RequestFacts:
        """The same for some of its events."""
        objects = [event for event in events if isinstance(event, dict)]
        orders = (event["custom_data"] for event in objects if _has_custom_data(event))
        return RequestFacts(
            api=self.api,
            dataset=self.dataset,
            order_ids=_texts(custom_data.get("order_id") for custom_data in orders),
            event_ids=_texts(event.get("event_id") for event in objects),
            event_names=_texts(event.get("event_name") for event in objects),
            errors=ERRORS,
            kinds=_FAULT_KINDS,
        )


def _has_custom_data(event: Mapping[str, Any]) -> bool:
    return isinstance(event.get("custom_data"), dict)


def _texts(values: Iterable[Any]) -> frozenset[str]:
    return frozenset(value for value in values if isinstance(value, str) and value)


def decode(request: Request, *, api: str, version: str, dataset: str) -> GraphCall:
    """Decode `request`; what cannot be decoded becomes the call's `problem`."""
    request.get_data(cache=True)  # before any form is read from it: the journal needs it whole
    parameters: dict[str, Any] = request.args.to_dict()
    try:
        parameters.update(_body(request))
        events, problem = _events(parameters.get("data"))
    except ValueError:
        events, problem = (), ERRORS["parameter"].saying("(#100) The body cannot be parsed")
    return GraphCall(
        api=api,
        version=version,
        dataset=dataset,
        token=_token(request, parameters),
        parameters=parameters,
        events=events,
        problem=problem,
    )


def _body(request: Request) -> dict[str, Any]:
    """The parameters in the body.

    Raises:
        ValueError: when it is no JSON object although it claims to be one.
    """
    if request.mimetype == "application/json":
        document = orjson.loads(request.get_data(cache=True))
        if not isinstance(document, dict):
            raise ValueError("not an object")
        return document
    files = {name: file.read().decode() for name, file in request.files.items()}
    return {**request.form.to_dict(), **files}


def _token(request: Request, parameters: Mapping[str, Any]) -> str | None:
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() in ("bearer", "oauth") and credentials.strip():
        return credentials.strip()
    token = parameters.get("access_token")
    return token if isinstance(token, str) and token else None


def _events(data: object) -> tuple[tuple[Any, ...], GraphError | None]:
    """The events in `data`, or the error to answer."""
    if data is None or data == "":
        return (), ERRORS["parameter"].saying("(#100) The parameter data is required")
    try:
        listed = _parsed(data)
        items = listed if isinstance(listed, list) else None
        events = tuple(
            orjson.loads(item) if isinstance(item, str) else item for item in items or ()
        )
    except ValueError:
        items = None
    if items is None:
        return (), ERRORS["parameter"].saying("(#100) param data must be an array.")
    if not 1 <= len(events) <= EVENTS_MAX:
        message = f"(#100) param data must have 1 to {EVENTS_MAX} elements."
        return events, ERRORS["parameter"].saying(message)
    return events, None


def _parsed(value: object) -> object:
    """A JSON text as what it says; anything else as it is."""
    return orjson.loads(value) if isinstance(value, str) else value
