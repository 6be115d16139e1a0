"""SIGHUP under load: new settings take effect, wrong ones are refused, no call is broken."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from bridge.commands.reloading import require_same_ground
from bridge.errors import SettingsInvalid
from bridge.operate.settings import Settings
from mock_platform.client import MockWorkspace

MakeOrder = Callable[..., dict[str, Any]]
SECOND_SITE = """
        [[sites]]
        id = "Outlet"
        secrets = ["env:SITE_SECRET"]
"""
SECOND_DESTINATION = """
        [[destinations]]
        id = "meta-second"
        platform = "meta_capi"
        dataset = "987654321"
        base_url = "{url}"
        token = "env:META_TOKEN"
        enabled = true
        timeout_seconds = 3
"""


@contextmanager
def steady_calls(bridge: Any, make_order: MakeOrder) -> Iterator[list[int]]:
    """Call without a pause, each call a new order over one kept connection."""
    statuses: list[int] = []
    over = threading.Event()

    def call() -> None:
        while not over.is_set():
            order = make_order(order_no=f"LOAD-{len(statuses)}")
            statuses.append(bridge.send(order).status_code)

    caller = threading.Thread(target=call)
    caller.start()
    try:
        yield statuses
    finally:
        over.set()
        caller.join()


def hang_up(bridge: Any, change: Callable[[str], str]) -> None:
    config = Path(bridge.environment["BRIDGE_CONFIG"])
    config.write_text(change(config.read_text()))
    os.kill(bridge.process.pid, signal.SIGHUP)


def knows_the_outlet(bridge: Any) -> bool:
    """Whether the hook asks the new site for its signature instead of not knowing it."""
    headers = {"content-type": "application/json", "bridge-site": "Outlet"}
    with requests.Session() as fresh:
        answer = fresh.post(f"{bridge.url}/v1/orders", data=b"{}", headers=headers, timeout=30)
    return bool(answer.status_code == 401)


def sender_of(bridge: Any) -> int:
    """Answer the process id of the sender that `bridge up` runs, 0 while it runs none."""
    children = Path(f"/proc/{bridge.process.pid}/task/{bridge.process.pid}/children").read_text()
    for child in children.split():
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended since
            if b"work" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
                return int(child)
    return 0


def log_of(bridge: Any) -> str:
    return (bridge.directory / "bridge.log").read_text()


@pytest.fixture
def bridge(
    bridge_up: Callable[..., Any], workspace: MockWorkspace, monkeypatch: pytest.MonkeyPatch
) -> Any:
    monkeypatch.setenv("BRIDGE_HOOK__STORE_TIMEOUT", "30")  # a busy machine is not the subject
    return bridge_up(workspace.url)


def test_new_settings_take_effect_at_hook_and_sender_without_a_broken_call(
    bridge: Any, workspace: MockWorkspace, make_order: MakeOrder, wait_until: Callable[..., None]
) -> None:
    workspace.set_clock(make_order()["placed_at"])
    with steady_calls(bridge, make_order) as statuses:
        wait_until(lambda: len(statuses) > 5, "calls are coming in")
        added = SECOND_DESTINATION.format(url=workspace.url)
        hang_up(bridge, lambda text: text + SECOND_SITE + added)
        wait_until(lambda: knows_the_outlet(bridge), "the hook knows the new site", 120)
        wait_until(lambda: workspace.events(dataset="987654321"), "both serve the new place", 120)
    assert set(statuses) == {202}


def test_wrong_settings_are_refused_by_name_and_the_old_ones_kept(
    bridge: Any, workspace: MockWorkspace, make_order: MakeOrder, wait_until: Callable[..., None]
) -> None:
    workspace.set_clock(make_order()["placed_at"])
    with steady_calls(bridge, make_order) as statuses:
        wait_until(workspace.events, "the sender runs by the settings there were", 120)
        hang_up(bridge, lambda text: text.replace("lease = 5", "lease = 5\nleese = 6"))
        wait_until(lambda: log_of(bridge).count("settings_refused") == 2, "both parts refuse")
        hang_up(bridge, lambda text: text.replace("leese = 6", "[hook]\nthreads = 3", 1))
        wait_until(lambda: log_of(bridge).count("settings_refused") == 4, "both refuse again")
        so_far = len(statuses)
        wait_until(lambda: len(statuses) > so_far + 5, "calls still come in")
    assert set(statuses) == {202}
    assert "sender.leese" in log_of(bridge)


def test_a_part_that_dies_while_settings_are_wrong_comes_back_once_they_are_mended(
    bridge: Any, workspace: MockWorkspace, make_order: MakeOrder, wait_until: Callable[..., None]
) -> None:
    workspace.set_clock(make_order()["placed_at"])
    bridge.send(make_order(order_no="FIRST"))
    wait_until(workspace.events, "the sender runs", 120)
    config = Path(bridge.environment["BRIDGE_CONFIG"])
    right = config.read_text()
    config.write_text(right.replace("lease = 5", "leese = 6"))

    os.kill(sender_of(bridge), signal.SIGKILL)

    wait_until(lambda: log_of(bridge).count("child_died") >= 2, "it is tried more than once", 120)
    assert bridge.send(make_order(order_no="SECOND")).status_code == 202
    config.write_text(right)
    wait_until(lambda: len(workspace.events()) == 2, "the sender is back", 120)


def test_settings_told_to_a_part_that_is_still_starting_do_not_end_it(
    bridge: Any, workspace: MockWorkspace, make_order: MakeOrder, wait_until: Callable[..., None]
) -> None:
    workspace.set_clock(make_order()["placed_at"])
    before = sender_of(bridge)
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: sender_of(bridge) not in {0, before}, "another is being started")
    starting = sender_of(bridge)

    os.kill(starting, signal.SIGHUP)

    bridge.send(make_order())
    wait_until(workspace.events, "the sender runs", 120)
    assert sender_of(bridge) == starting


def test_what_needs_a_restart_is_refused_by_name(settings: Settings) -> None:
    moved = settings.model_copy(update={"hook": settings.hook.model_copy(update={"threads": 3})})
    with pytest.raises(SettingsInvalid, match=r"hook\.threads cannot change while running"):
        require_same_ground(settings, moved)
    require_same_ground(settings, settings.model_copy(update={"destinations": ()}))
