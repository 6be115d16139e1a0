"""One fault: which requests it means, and what happens to them. Knows no platform."""

from collections.abc import Container, Sequence
from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from typing import Any


class FaultKind(StrEnum):
    """What happens to a request."""

    ERROR = "error"  # an error of the platform's catalogue, or an HTTP status
    PLATFORM_REJECTS = "platform_rejects"  # the request is rejected while a matching event is in it
    ANSWER_LOST = "answer_lost"  # the events are taken, then the connection closes unanswered
    RESET = "reset"  # the connection is reset before anything is taken
    HANG = "hang"  # no answer until the client gives up
    DELAY = "delay"  # a correct answer after `seconds`
    SLOW_BODY = "slow_body"  # a correct answer, its body spread over `seconds`
    SLOW_HEADERS = "slow_headers"  # a correct answer, its head spread over `seconds`
    HALF_OPEN = "half_open"  # the head and half the body, then silence
    WRONG_LENGTH = "wrong_length"  # fewer bytes than the head promised, then the end
    TRUNCATED_CHUNK = "truncated_chunk"  # half of what a chunk announced, then the end
    EMPTY = "empty"  # 200 without a body
    GARBAGE = "garbage"  # 200 with bytes that are no text
    MALFORMED_JSON = "malformed_json"  # 200 with half a JSON document
    HTML = "html"  # 200 with a web page
    OTHER_SHAPE = "other_shape"  # 200 with good JSON of a schema nobody knows
    WRONG_COUNT = "wrong_count"  # 200 with another events_received
    HEADERS = "headers"  # a correct answer with `headers` added
    PROCESSING_ERROR = "processing_error"  # a correct answer; `reason` comes with the status


# Kinds after which the platform has the events, unless the fault says otherwise.
_STORES = frozenset(
    {
        FaultKind.ANSWER_LOST,
        FaultKind.DELAY,
        FaultKind.SLOW_BODY,
        FaultKind.SLOW_HEADERS,
        FaultKind.HALF_OPEN,
        FaultKind.WRONG_LENGTH,
        FaultKind.TRUNCATED_CHUNK,
        FaultKind.OTHER_SHAPE,
        FaultKind.WRONG_COUNT,
        FaultKind.HEADERS,
        FaultKind.PROCESSING_ERROR,
    }
)


# No text in any encoding a JSON reader tries.
GARBAGE = bytes(range(0x80, 0x100))


class FaultError(ValueError):
    """A fault that cannot be set; the message names the member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """What a fault can select a request by.

    `errors` and `kinds` are what its API can show, None for whatever is asked. With `aside` a
    request does not carry events: only a fault that names its API means it.
    """

    api: str
    dataset: str
    order_ids: frozenset[str] = frozenset()
    event_ids: frozenset[str] = frozenset()
    event_names: frozenset[str] = frozenset()
    errors: Container[str] | None = None
    kinds: frozenset[FaultKind] | None = None
    aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Each given member must fit; an event member fits when any event of the request has it."""

    api: tuple[str, ...] = ()
    dataset: tuple[str, ...] = ()
    order_id: tuple[str, ...] = ()
    event_id: tuple[str, ...] = ()
    event_name: tuple[str, ...] = ()

    def fits(self, request: RequestFacts) -> bool:
        """Whether `request` is meant."""
        return (
            (request.api in self.api if self.api else not request.aside)
            and (not self.dataset or request.dataset in self.dataset)
            and (not self.order_id or not request.order_ids.isdisjoint(self.order_id))
            and (not self.event_id or not request.event_ids.isdisjoint(self.event_id))
            and (not self.event_name or not request.event_names.isdisjoint(self.event_name))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault as it was asked for.

    Attributes:
        times: how many requests it hits; None for all until it is deleted.
        after: how many requests it lets pass first.
        every: hits only each so-manieth request that it means.
        probability: hits each request that it means with this chance.
        seed: makes chance and spread the same in every run.
        starts_in: seconds from now until it begins, on the workspace's clock.
        lasts: seconds from its beginning until it ends; None for no end.
        store: whether the platform takes the events before the fault shows; None for the kind's
            own way.
        error: a row of the platform's error catalogue, for `error` and `platform_rejects`.
        status: the HTTP status, in place of the catalogue's.
        code: the platform's error code, in place of the catalogue's.
        subcode: the platform's error subcode, in place of the catalogue's.
        retry_after: seconds for a Retry-After header.
        headers: further headers of the answer.
        seconds: how long `delay` waits, `slow_body` and `slow_headers` take,
            `hang` and `half_open` hold at most.
        spread: how far `seconds` varies: the sigma of a log-normal distribution.
        usage: percent of the rate limits used, in the headers Meta tells it by.
        regain_minutes: minutes until a throttled sender may return, in the same headers.
        events_received: what `wrong_count` claims; None for one less than came.
        reason: a processing error of Google's, by its name without prefix.
        named: whether `platform_rejects` and `processing_error` say which events they mean.
        indices: the places in a request of the events that these two mean; () for every place.
    """

    id: str
    kind: FaultKind
    times: int | None = 1
    match: Match = field(default_factory=Match)
    after: int = 0
    every: int = 1
    probability: float | None = None
    seed: int = 0
    starts_in: float = 0.0
    lasts: float | None = None
    store: bool | None = None
    error: str | None = None
    status: int | None = None
    code: int | None = None
    subcode: int | None = None
    retry_after: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float | None = None
    spread: float = 0.0
    usage: int | None = None
    regain_minutes: int | None = None
    events_received: int | None = None
    reason: str | None = None
    named: bool = True
    indices: tuple[int, ...] = ()

    def means(self, request: RequestFacts) -> bool:
        """Whether `request` is meant, and is of an API that can show this fault."""
        return (
            self.match.fits(request)
            and (request.kinds is None or self.kind in request.kinds)
            and (self.error is None or request.errors is None or self.error in request.errors)
        )

    def events_meant(self, alone: Sequence[RequestFacts]) -> list[bool]:
        """Which events of a request are meant, each given as a request of its own."""
        return [
            self.match.fits(facts) and (not self.indices or index in self.indices)
            for index, facts in enumerate(alone)
        ]

    @property
    def stores(self) -> bool:
        """Whether the platform takes the events of the request."""
        return self.kind in _STORES if self.store is None else self.store

    def as_json(self) -> dict[str, Any]:
        """The fault as it was given, with the defaults that apply."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        match = {each.name: getattr(self.match, each.name) for each in fields(self.match)}
        given["match"] = {name: value for name, value in match.items() if value}
        given["headers"] = dict(self.headers)
        given["store"] = self.stores
        always = {"kind", "times", "match", "headers", "store", "named"}
        return {
            name: value for name, value in given.items() if name in always or value != _UNSET[name]
        }


_UNSET: dict[str, Any] = {
    each.name: None if each.default is MISSING else each.default for each in fields(Fault)
}
