"""All rules on one request to events:ingest. The platform lists everything it finds at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mock_platform.rules import google_catalogue as rule
from mock_platform.rules.google_context import Context, Read, context_of
from mock_platform.rules.google_destinations import check_destinations
from mock_platform.rules.google_event import check_event
from mock_platform.rules.google_world import GoogleWorld
from mock_platform.rules.known import NOTHING_KNOWN, Known
from mock_platform.rules.model import Finding, Mode

EVENTS_MAX = 2000
_WITH_USER_DATA = ("user_data", "third_party_user_data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was found: on the request as a whole, and on each event in order."""

    context: Context
    request: Sequence[Finding]
    events: Sequence[Sequence[Finding]]

    def refuses(self, mode: Mode) -> bool:
        """Whether the request is refused."""
        return any(found.rejects(mode) for each in (self.request, *self.events) for found in each)


def examine(
    request: Read, world: GoogleWorld, now: float, known: Known = NOTHING_KNOWN
) -> Examination:
    """Check a request that could be read."""
    context = context_of(request, world, now, known)
    return Examination(
        context=context,
        request=[*_request(request, context), *check_destinations(context)],
        events=[check_event(event, context) for event in request.get("events") or ()],
    )


def _request(request: Read, context: Context) -> Iterator[Finding]:
    events = request.get("events") or ()
    if not events:
        yield Finding(rule=rule.NO_EVENTS, path=("events",))
    if len(events) > EVENTS_MAX:
        yield Finding(rule=rule.TOO_MANY_EVENTS, path=("events",))
    if isinstance(context.encoding, int):
        yield Finding(rule=rule.ENUM_VALUE, path=("encoding",))
    elif context.encoding in (None, "ENCODING_UNSPECIFIED") and _has_user_data(events):
        yield Finding(rule=rule.ENCODING_MISSING, path=("encoding",))
    for name in ("ad_user_data", "ad_personalization"):
        if isinstance((request.get("consent") or {}).get(name), int):
            yield Finding(rule=rule.ENUM_VALUE, path=("consent", name))
    if (request.get("encryption_info") or {}).get("coordinator_key_info") is not None:
        path = ("encryption_info", "coordinator_key_info")
        yield Finding(rule=rule.COORDINATOR_KEY, path=path)


def _has_user_data(events: Sequence[Read]) -> bool:
    return any(event.get(name) for event in events for name in _WITH_USER_DATA)
