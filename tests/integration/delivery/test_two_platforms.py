"""Meta and Google side by side: neither waits for the other."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.operate.destinations import Destination
from bridge.operate.google_destination import GoogleDestination
from bridge.operate.settings import Sender, Settings
from mock_platform.client import MockWorkspace


@pytest.fixture
def black_hole() -> Iterator[socket.socket]:
    """Takes connections and requests, and never says a word until it is closed."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.fixture
def dead(request: pytest.FixtureRequest) -> str:
    """The platform that is a black hole."""
    return getattr(request, "param", "none")


@pytest.fixture
def urls(dead: str, workspace: MockWorkspace, black_hole: socket.socket) -> dict[str, str]:
    hole = f"http://127.0.0.1:{black_hole.getsockname()[1]}"
    return {"meta": workspace.url, "google": workspace.url, dead: hole}


@pytest.fixture
def settings(
    tmp_path: Path,
    site: Any,
    urls: dict[str, str],
    make_destination: Callable[..., Destination],
    make_google: Callable[..., GoogleDestination],
) -> Settings:
    return Settings(
        data_dir=tmp_path,
        sites=(site,),
        sender=Sender(idle_wait=0.01),
        destinations=(
            make_destination(base_url=urls["meta"], timeout_seconds=60),
            make_google(base_url=urls["google"], timeout_seconds=60),
        ),
    )


@pytest.mark.parametrize(
    ("dead", "well"), [("meta", "google"), ("google", "meta")], indirect=["dead"]
)
def test_a_platform_that_swallows_everything_delays_no_other(
    sender: Any, black_hole: socket.socket, well: str
) -> None:
    sender.take(5)
    thread = threading.Thread(target=sender.worker().run)
    thread.start()
    try:
        sender.workspace.wait(count=5, platform=well)
        sender.take(5, first=6)
        sender.workspace.wait(count=10, platform=well)
    finally:
        sender.context.stop.set()
        black_hole.close()
        thread.join()
    assert len(sender.workspace.events()) == 10


def test_an_order_goes_to_both_and_each_counts_it_once(sender: Any) -> None:
    sender.take(3)
    for destination in sender.installation.settings.destinations:
        assert sender.lane(destination).run_once() == 3
    sender.wait(minutes=31)
    counted = {(event["platform"], event["order_id"]) for event in sender.workspace.counted()}
    assert counted == {(one, number) for one in ("meta", "google") for number in "123"}
    assert len(sender.workspace.events()) == 6
