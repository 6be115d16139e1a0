"""A hook whose database somebody else keeps locked: it answers, soon, and that it cannot."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing
from typing import Any

import pytest
import requests

MakeOrder = Callable[..., dict[str, Any]]
SOON = 5
"""Seconds; many times the store's timeout here, and less than one wait of a caller may add up to
when every transaction waits for the lock by itself."""


def test_a_locked_store_keeps_nobody_waiting_and_the_hook_alive(
    bridge_up: Callable[..., Any], make_order: MakeOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGE_HOOK__STORE_TIMEOUT", "0.5")
    bridge = bridge_up("http://127.0.0.1:9", command="serve")
    path = bridge.directory / "data" / "bridge.sqlite3"
    orders = [make_order(order_no=str(number)) for number in range(24)]
    with closing(sqlite3.connect(path, isolation_level=None)) as other, ThreadPoolExecutor(24) as p:
        other.execute("BEGIN IMMEDIATE")
        calls = [p.submit(bridge.send, order, timeout=SOON) for order in orders]
        assert requests.get(f"{bridge.url}/health/live", timeout=SOON).ok
        answers = [call.result() for call in calls]
        assert {answer.status_code for answer in answers} == {503}
        assert {answer.json()["code"] for answer in answers} == {"store_unavailable"}
        ready = requests.get(f"{bridge.url}/health/ready", timeout=SOON)
        assert (ready.status_code, ready.json()) == (503, {"status": "store_not_writable"})
        assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
    assert requests.get(f"{bridge.url}/health/ready", timeout=SOON).json() == {"status": "ready"}
    assert bridge.send(orders[0]).ok


def test_a_slow_store_sheds_calls_that_are_certainly_not_stored(
    bridge_up: Callable[..., Any], make_order: MakeOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGE_HOOK__STORE_TIMEOUT", "60")
    monkeypatch.setenv("BRIDGE_HOOK__SHED_AFTER", "0.1")
    bridge = bridge_up("http://127.0.0.1:9", command="serve")
    path = bridge.directory / "data" / "bridge.sqlite3"
    orders = [make_order(order_no=str(number)) for number in range(12)]
    with closing(sqlite3.connect(path, isolation_level=None)) as other, ThreadPoolExecutor(12) as p:
        other.execute("BEGIN IMMEDIATE")
        calls = [p.submit(bridge.send, order) for order in orders]
        wait(calls, return_when=FIRST_COMPLETED)
        other.execute("ROLLBACK")
        answers = [call.result() for call in calls]
    shed = [order for order, a in zip(orders, answers, strict=True) if a.status_code == 503]
    assert shed
    assert len(shed) < len(orders), "who was being stored is told so"
    assert all(a.headers.get("Retry-After") for a in answers if a.status_code == 503)
    assert {bridge.send(order).json()["status"] for order in shed} == {"accepted"}
