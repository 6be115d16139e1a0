"""Ten kills of hook and senders at seeded moments; `make crash` runs hundreds."""

from pathlib import Path

from loadtests.crash.campaign import Campaign
from loadtests.crash.world import World
from mock_platform.client import MockWorkspace


def test_ten_kills_under_load_lose_nothing_double_nothing_and_give_up_nothing(
    tmp_path: Path, workspace: MockWorkspace
) -> None:
    report = Campaign(World(tmp_path, workspace), kills=10, seed=2026).run()

    assert sum(report.killed.values()) == 10
    assert report.acknowledged > 0
    assert report.ok, report
