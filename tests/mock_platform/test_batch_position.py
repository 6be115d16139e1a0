"""An event is judged alike wherever it stands in a request, whatever stands beside it."""

import copy
from random import Random
from typing import Any

import orjson
import pytest

from mock_platform.meta.events import judge
from mock_platform.meta.request import EVENTS_MAX, GraphCall
from mock_platform.rules.google_events_messages import INGEST_EVENTS
from mock_platform.rules.google_json import read_message
from mock_platform.rules.google_request import examine
from mock_platform.rules.google_world import GoogleWorld
from mock_platform.rules.model import Mode
from mock_platform.settings import Settings

from .google.conftest import destination
from .google.conftest import event as google_event
from .google.forgiven_cases import OPTIONAL
from .meta_cases import ACCEPTED, AGENT, DIGEST, REJECTED

EVENTS = 10_000
NOW_ON_THE_CLOCK = 1_795_330_000.0
INNOCENT = "meta.request.rejected_with_batch"


def sound(number: int) -> dict[str, Any]:
    return {
        "event_name": "Purchase",
        "event_time": int(NOW_ON_THE_CLOCK) - 60,
        "event_id": str(number),
        "action_source": "website",
        "event_source_url": "https://shop.example.com/confirmation",
        "user_data": {"em": [DIGEST], **AGENT},
        "custom_data": {"value": 12.5, "currency": "USD", "order_id": str(number)},
    }


def events(count: int) -> list[dict[str, Any]]:
    """Sound events, half of them with the change of a case, some with two."""
    rng = Random(5)
    changes = [*ACCEPTED.values(), *(case[0] for case in REJECTED.values())]
    made = []
    for number in range(count):
        event = sound(number)
        for change in rng.sample(changes, rng.choice((0, 1, 1, 2))):
            event.update(copy.deepcopy(change))
        made.append({name: value for name, value in event.items() if value is not None})
    return made


def findings(batch: list[dict[str, Any]], mode: Mode) -> list[list[dict[str, Any]]]:
    call = GraphCall(
        api="conversions_api",
        version="v26.0",
        dataset="1",
        token="T",
        parameters={},
        events=tuple(batch),
    )
    judgement = judge(call, Settings(mode=mode), NOW_ON_THE_CLOCK)
    return [
        [each for each in orjson.loads(entry.findings) if each["rule"] != INNOCENT]
        for entry in judgement.entries
    ]


@pytest.mark.parametrize("mode", [Mode.FAITHFUL, Mode.STRICT])
def test_ten_thousand_events_are_judged_alike_alone_and_in_any_batch(mode: Mode) -> None:
    made = events(EVENTS // 2)
    alone = [findings([event], mode)[0] for event in made]
    order = list(range(len(made)))
    Random(7).shuffle(order)
    for start in range(0, len(order), EVENTS_MAX):
        places = order[start : start + EVENTS_MAX]
        judged = findings([made[place] for place in places], mode)
        assert judged == [alone[place] for place in places]
    refused = sum(any(each["severity"] == "error" for each in found) for found in alone)
    assert len(made) / 4 < refused < len(made) * 3 / 4


def test_events_of_google_are_judged_alike_alone_and_in_a_batch() -> None:
    changes: list[dict[str, Any]] = [{}, *(case[0] for case in OPTIONAL.values())]
    rng = Random(5)
    made = [google_event(**rng.choice(changes)) for _ in range(EVENTS // 2)]

    def judged(batch: list[Any]) -> list[Any]:
        request = {"destinations": [destination()], "encoding": "HEX", "events": batch}
        read, problems = read_message(INGEST_EVENTS, request)
        assert problems == []
        found = examine(read, GoogleWorld(), NOW_ON_THE_CLOCK + 86_400 * 365).events
        return [[finding.as_json(Mode.STRICT) for finding in each] for each in found]

    alone = [judged([event])[0] for event in made]
    assert judged(made) == alone
    assert judged(made[::-1]) == alone[::-1]
