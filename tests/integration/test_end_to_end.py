"""Orders through the real hook and sender to the platform, held against its books."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from loadtests.orders import orders
from mock_platform.client import MockWorkspace

from .books import counted_once, nothing_open, owed


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def runs(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() and command_of(pid) != [""]


def answers_health(bridge: Any) -> bool:
    try:
        return requests.get(f"{bridge.url}/health/ready", timeout=5).ok
    except requests.ConnectionError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def kill_all(pid: int) -> None:
    """kill -9 a process and everything it started, children first seen before any dies."""
    family = [pid]
    for member in family:
        family += children_of(member)
    for member in family:
        os.kill(member, signal.SIGKILL)


def test_faker_orders_arrive_correct_and_counted_once(
    bridge_up: Callable[..., Any], workspace: MockWorkspace, wait_until: Callable[..., None]
) -> None:
    bridge = bridge_up(workspace.url)
    made = list(orders(300, 11, datetime.now(UTC), site_id="RefArch"))

    answers = [bridge.send(order) for order in made + made[:50]]

    wait_until(lambda: nothing_open(bridge), "everything is delivered")
    assert [answer.status_code for answer in answers[300:]] == [200] * 50
    counted_once(bridge, workspace, owed(answers))
    severe = [f for event in workspace.counted() for f in event["findings"]]
    assert severe == []


def test_killed_bridge_delivers_after_its_restart_what_it_had_promised(
    bridge_up: Callable[..., Any], workspace: MockWorkspace, wait_until: Callable[..., None]
) -> None:
    workspace.fault("error", error="service_unavailable", times=3)
    workspace.fault("answer_lost", times=2)
    first = bridge_up(workspace.url)
    made = list(orders(120, 12, datetime.now(UTC), site_id="RefArch"))
    answers: list[requests.Response] = []

    def send_until_killed(order: dict[str, Any]) -> None:
        try:
            answers.append(first.send(order))
        except requests.ConnectionError:
            return  # not acknowledged: nothing was promised

    with ThreadPoolExecutor(4) as pool:
        for number, order in enumerate(made):
            pool.submit(send_until_killed, order)
            if number == 60:
                wait_until(lambda: len(answers) > 20, "some orders are taken")
                kill_all(first.process.pid)
    first.process.wait(120)
    second = bridge_up(workspace.url)

    wait_until(lambda: nothing_open(second), "the restarted bridge delivers everything", 90)
    assert answers
    unacknowledged = {order["order_no"] for order in made} - owed(answers)
    counted = {event["event_id"] for event in workspace.counted()}
    counted_once(second, workspace, owed(answers) | (unacknowledged & counted))


def test_killed_hook_is_replaced_and_leaves_nobody_behind(
    bridge_up: Callable[..., Any], workspace: MockWorkspace, wait_until: Callable[..., None]
) -> None:
    bridge = bridge_up(workspace.url)
    made = list(orders(30, 14, datetime.now(UTC), site_id="RefArch"))
    answers = [bridge.send(order) for order in made[:15]]
    serve = next(pid for pid in children_of(bridge.process.pid) if "serve" in command_of(pid))
    workers = children_of(serve)

    os.kill(serve, signal.SIGKILL)

    wait_until(lambda: not any(map(runs, workers)), "the orphaned worker ends")
    wait_until(lambda: answers_health(bridge), "a new hook takes over")
    answers += [bridge.send(order) for order in made[15:]]
    wait_until(lambda: nothing_open(bridge), "everything is delivered")
    counted_once(bridge, workspace, owed(answers))


def test_second_hook_on_the_same_database_is_refused(
    bridge_up: Callable[..., Any], workspace: MockWorkspace
) -> None:
    bridge = bridge_up(workspace.url)
    bridge.environment["BRIDGE_HOOK__PORT"] = str(free_port())

    second = bridge.run("serve")

    assert second.returncode == 2
    assert "another hook runs on this database" in second.stderr


def test_stopping_breaks_no_call_and_loses_nothing(
    bridge_up: Callable[..., Any], workspace: MockWorkspace, wait_until: Callable[..., None]
) -> None:
    bridge = bridge_up(workspace.url)
    made = list(orders(60, 13, datetime.now(UTC), site_id="RefArch"))

    answers = [bridge.send(order) for order in made]

    assert bridge.stop() == 0
    again = bridge_up(workspace.url)
    wait_until(lambda: nothing_open(again), "the next start delivers the rest")
    counted_once(again, workspace, owed(answers))


def test_demo_ends_by_itself_and_every_book_agrees(tmp_path: Path) -> None:
    demo = subprocess.run(
        [sys.executable, "-m", "loadtests.demo"],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert demo.returncode == 0, demo.stdout + demo.stderr
    for told in ("accepted", "duplicate", "refused", "skipped", "counted", "deduplicated", "curl"):
        assert told in demo.stdout
    assert "Every order is accounted for" in demo.stdout
