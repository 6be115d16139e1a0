"""What an answer, or the want of one, means for the events that were sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The platform took all events of the request.

    `trace_id` is its own name for the request. `warnings` are stable codes of what it left out.
    """

    trace_id: str | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRejected:
    """The platform kept nothing, because at least one event of the request is not acceptable.

    Equal `reason` means the same rejection. `detail` is the platform's own account, scrubbed.
    Many rejections for the same reason point to the destination, unless `of_the_event` says that
    such a one never does.
    """

    reason: str
    detail: str | None
    trace_id: str | None
    of_the_event: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsRejected:
    """The platform kept nothing and names the events that are not acceptable, each with its reason.

    `culprits` has at least one entry; its keys are places in the request, from 0.
    """

    culprits: Mapping[int, RequestRejected]


@dataclass(frozen=True, slots=True, kw_only=True)
class Harmless:
    """The platform refuses the event and nothing is lost by that.

    It counted the event before, or no ad of ours led to it.
    """

    reason: str
    trace_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttled:
    """The platform kept nothing because we ask too often; `after` is how long it wants to rest."""

    reason: str
    after: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """No byte of the request left: the events are certainly not there."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationError:
    """The platform kept nothing: token, permission or account must be put right by somebody."""

    reason: str
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """The platform failed and says so; with `may_be_kept` it may have stored the events first."""

    reason: str
    after: timedelta | None = None
    may_be_kept: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """The request left and no whole answer came: the events may be there."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecognised:
    """An answer nobody has described: the events may be there."""

    reason: str


OfTheDestination = Throttled | Unreachable | DestinationError
"""Verdicts that say nothing about the events: the destination pauses, no attempt is counted."""

OfTheAttempt = Retry | Uncertain | Unrecognised
"""Verdicts after which the same events are tried again later."""

EventVerdict = Accepted | Harmless | RequestRejected | OfTheDestination | OfTheAttempt
"""What can become of one event that is judged by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PerEvent:
    """The platform judged every event by itself; keys are all places in the request, from 0."""

    verdicts: Mapping[int, EventVerdict]

    def groups(self) -> list[tuple[EventVerdict, tuple[int, ...]]]:
        """Answer which places share a verdict; what pauses the destination comes last."""
        places: dict[EventVerdict, list[int]] = {}
        for place, verdict in sorted(self.verdicts.items()):
            places.setdefault(verdict, []).append(place)
        groups = [(verdict, tuple(found)) for verdict, found in places.items()]
        return sorted(groups, key=lambda group: isinstance(group[0], OfTheDestination))


Verdict = EventVerdict | EventsRejected | PerEvent
