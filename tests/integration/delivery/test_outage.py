"""A platform that is down for half a day, and a clock that jumps."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bridge.operate.destinations import Destination
from bridge.operate.settings import Settings
from mock_platform.client import MockWorkspace

DOWN, WELL = "1234567890", "5555555555"
HOURS = 12


@pytest.fixture
def settings(
    tmp_path: Path,
    workspace: MockWorkspace,
    token_file: Path,
    site: Any,
    make_destination: Callable[..., Destination],
) -> Settings:
    shared = {"base_url": workspace.url, "token": f"file:{token_file}", "batch_size": 50}
    first = make_destination(**shared, dataset=DOWN)
    second = make_destination(**shared, id="second", dataset=WELL)
    return Settings(data_dir=tmp_path, sites=(site,), destinations=(first, second))


def counted(sender: Any, dataset: str) -> Counter[str]:
    events = sender.workspace.counted(dataset=dataset)
    return Counter(event["order_id"] for event in events)


def deliver(sender: Any, place: int) -> None:
    destination = sender.installation.settings.destinations[place]
    while sender.lane(destination).run_once():
        pass


def test_half_a_day_of_outage_and_the_flood_after_it_lose_nothing_and_touch_no_other(
    sender: Any,
) -> None:
    sender.workspace.fault(
        "error", error="service_unavailable", times=None, match={"dataset": [DOWN]}
    )
    for hour in range(HOURS):
        sender.take(20, first=1 + 20 * hour, placed_at=sender.clock().isoformat())
        deliver(sender, 1)
        assert len(counted(sender, WELL)) == 20 * (hour + 1)
        for _ in range(4):
            deliver(sender, 0)
            sender.wait(minutes=15)
    assert not counted(sender, DOWN)
    asked = [one for one in sender.workspace.requests() if one["dataset"] == DOWN]
    assert 0 < len(asked) <= HOURS * 60

    sender.workspace.clear_faults()
    for _ in range(20):
        deliver(sender, 0)
        sender.wait(minutes=15)

    everyone = {str(number): 1 for number in range(1, 1 + 20 * HOURS)}
    assert counted(sender, DOWN) == everyone
    assert counted(sender, WELL) == everyone


def test_a_clock_that_steps_back_delays_but_neither_loses_nor_doubles(sender: Any) -> None:
    sender.take(3)
    sender.workspace.fault("answer_lost", match={"dataset": [DOWN]})
    sender.round()
    sender.wait(hours=-1)
    deliver(sender, 0)
    sender.take(1, first=4)
    deliver(sender, 0)
    sender.wait(hours=1, seconds=10)
    deliver(sender, 0)
    assert counted(sender, DOWN) == {"1": 1, "2": 1, "3": 1, "4": 1}
