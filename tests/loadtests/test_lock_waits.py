"""What a database's sessions wait for is seen, told apart, and named as the bridge names it."""

import threading
from typing import Any

import psycopg

from bridge.outbox.turns import Turn
from loadtests.load.waits import EVERY, TURNS, LockWaits


def test_each_turn_of_the_bridge_has_its_name() -> None:
    assert {Turn(number): name for number, name in TURNS.items()} == {
        turn: turn.name.lower() for turn in Turn
    }


def test_one_who_waits_for_another_is_seen(empty_postgres_url: Any) -> None:
    take = f"SELECT pg_advisory_xact_lock({int(Turn.REQUEST)}, 1)".encode()

    def second() -> None:
        with psycopg.connect(empty_postgres_url) as connection:
            connection.execute(take)

    with LockWaits(empty_postgres_url) as waits, psycopg.connect(empty_postgres_url) as first:
        first.execute(take)
        waiting = threading.Thread(target=second)
        waiting.start()
        while not waits.looks["request"]:
            waiting.join(EVERY)
        first.rollback()
        waiting.join()
    numbers = waits.numbers(requests=2)
    assert waits.looks.keys() == {"request"}
    assert numbers["lock_wait_s"] == numbers["lock_wait_s_request"] > 0
    assert numbers["lock_wait_ms"] == 500 * numbers["lock_wait_s"]


def test_sqlite_has_no_such_waits() -> None:
    with LockWaits(None) as waits:
        pass
    assert waits.numbers(requests=2) == {}
