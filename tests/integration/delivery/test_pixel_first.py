"""An order that the browser's pixel reported before the bridge could."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from bridge.operate.destinations import Destination
from bridge.operate.settings import Settings
from mock_platform.client import MockWorkspace

FORGOTTEN_AFTER = 48
"""Hours after which Meta no longer knows what it was told first."""


@pytest.fixture(params=[7, 2], ids=["as_shipped", "two_days"])
def max_age_days(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def settings(
    tmp_path: Path,
    workspace: MockWorkspace,
    site: Any,
    make_destination: Callable[..., Destination],
    max_age_days: int,
) -> Settings:
    destination = make_destination(base_url=workspace.url, max_age_days=max_age_days)
    return Settings(data_dir=tmp_path, sites=(site,), destinations=(destination,))


def test_only_a_shorter_max_age_keeps_an_order_told_by_the_pixel_from_counting_twice(
    sender: Any, max_age_days: int
) -> None:
    placed_at = sender.clock().isoformat()
    for number in ("1", "2"):
        query = {"id": sender.destination.dataset, "ev": "Purchase", "eid": number}
        money = {"cd[currency]": "USD", "cd[value]": "12.50"}
        url = f"{sender.workspace.url}/tr"
        requests.get(url, params=query | money, timeout=60).raise_for_status()
    sender.take(1, placed_at=placed_at)
    sender.rounds()
    sender.take(1, first=2, placed_at=placed_at)
    sender.wait(hours=FORGOTTEN_AFTER, minutes=1)
    sender.rounds()

    counted = Counter(event["event_id"] for event in sender.workspace.counted())
    assert counted == {"1": 1, "2": 1 if max_age_days * 24 <= FORGOTTEN_AFTER else 2}
