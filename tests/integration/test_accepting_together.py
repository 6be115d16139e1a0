"""Orders of many calls are prepared and stored together, each answered as if it were alone."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from bridge import pipeline
from bridge.operate.destinations import Site
from bridge.operate.settings import Settings
from bridge.outbox.database import reading
from bridge.outbox.group_commit import GroupCommit
from bridge.outbox.records import Record, Recorded
from bridge.outbox.schema import orders
from bridge.outbox.store import Store
from bridge.wiring import Installation
from bridge.wsgi import make_app

MakeOrder = Callable[..., dict[str, Any]]
PATIENCE = 30


class GatedStore(Store):
    """A store whose transactions wait at a gate, so that a test decides who meets in one."""

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation.engine, installation.clock)
        self.transactions: list[list[str]] = []
        self.entered = Event()
        self.gate = Event()

    def record(self, records: Sequence[Record]) -> list[Recorded]:
        self.transactions.append([record.key.order_no for record in records])
        self.entered.set()
        assert self.gate.wait(PATIENCE)
        return super().record(records)


class Crowd:
    """Callers of one hook: after the first, each comes once the one before stands in the queue."""

    def __init__(self, app: Flask, store: GatedStore, make_caller: Callable[[Flask], Any]) -> None:
        self.store = store
        self._app = app
        self._outbox: GroupCommit[Any, Any] = app.extensions["health"].outbox
        self._make_caller = make_caller
        self._pool = ThreadPoolExecutor(8)

    def call(self, order: object, *path: str, site: str = "RefArch") -> "Future[Any]":
        caller = self._make_caller(self._app)
        return self._pool.submit(caller.send, order, *path, site=site)

    def first(self, order: object) -> "Future[Any]":
        called = self.call(order)
        assert self.store.entered.wait(PATIENCE)
        return called

    def then(self, order: object, *path: str, site: str = "RefArch") -> "Future[Any]":
        with self._outbox._changed:
            queued = len(self._outbox._submissions) + 1
            called = self.call(order, *path, site=site)
            assert self._outbox._changed.wait_for(
                lambda: len(self._outbox._submissions) == queued, timeout=PATIENCE
            )
        return called

    def close(self) -> None:
        self.store.gate.set()
        self._pool.shutdown()
        self._outbox.close()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    own = Site(id="Other", secrets=settings.sites[0].secrets, event_id="{site_id}.{order_no}")
    patient = settings.hook.model_copy(update={"shed_after": PATIENCE, "store_timeout": PATIENCE})
    return settings.model_copy(update={"hook": patient, "sites": (*settings.sites, own)})


@pytest.fixture
def crowd(installation: Installation, make_caller: Callable[[Flask], Any]) -> Iterator[Crowd]:
    store = GatedStore(installation)
    crowd = Crowd(make_app(replace(installation, store=store)), store, make_caller)
    yield crowd
    crowd.close()


@pytest.fixture
def parse(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], None]], None]:
    """Have something done with the number of every order whose preparation begins."""
    real = pipeline.parse

    def begin_with(done: Callable[[str], None]) -> None:
        def parse(members: dict[str, Any], site: Site) -> Any:
            done(members["order_no"])
            return real(members, site)

        monkeypatch.setattr(pipeline, "parse", parse)

    return begin_with


def test_orders_of_two_sites_meet_in_one_transaction_and_stay_their_sites(
    crowd: Crowd, make_order: MakeOrder
) -> None:
    crowd.first(make_order(order_no="0"))
    here = crowd.then(make_order(order_no="1", loyalty_tier="gold"))
    there = crowd.then(
        make_order(order_no="2", site_id="Other", **{"customer.email": "no address"}), site="Other"
    )
    crowd.store.gate.set()
    assert (here.result().json["event_id"], there.result().json["event_id"]) == ("1", "Other.2")
    assert [one["path"] for one in here.result().json["warnings"]] == ["$.loyalty_tier"]
    assert [one["field"] for one in there.result().json["warnings"]] == ["em"]
    assert crowd.store.transactions == [["0"], ["1", "2"]]


def test_each_order_keeps_the_time_at_which_it_came(
    crowd: Crowd, make_order: MakeOrder, installation: Installation, clock: Any
) -> None:
    came = {}
    crowd.first(make_order(order_no="0"))
    for number in ("1", "2"):
        clock.at += timedelta(minutes=1)
        came[number] = clock.at
        crowd.then(make_order(order_no=number))
    clock.at += timedelta(minutes=1)
    crowd.close()
    with reading(installation.engine) as connection:
        wanted = select(orders.c.order_no, orders.c.received_at).where(orders.c.order_no != "0")
        stored = {row.order_no: row.received_at for row in connection.execute(wanted)}
    assert stored == came


def test_an_order_that_cannot_be_prepared_fails_alone(
    crowd: Crowd, make_order: MakeOrder, parse: Callable[[Callable[[str], None]], None]
) -> None:
    def fail(number: str) -> None:
        assert number != "poison"

    parse(fail)
    crowd.first(make_order(order_no="0"))
    called = [crowd.then(make_order(order_no=number)) for number in ("1", "poison", "2")]
    crowd.store.gate.set()
    assert [one.result().status_code for one in called] == [202, 500, 202]
    assert crowd.store.transactions == [["0"], ["1"], ["2"]]


def test_an_order_of_a_batch_that_cannot_be_prepared_fails_alone(
    crowd: Crowd, make_order: MakeOrder, parse: Callable[[Callable[[str], None]], None]
) -> None:
    def fail(number: str) -> None:
        assert number != "poison"

    parse(fail)
    crowd.store.gate.set()
    batch = [make_order(order_no=number) for number in ("1", "poison", "2")]
    answers = crowd.call([*batch, {}], "/v1/orders/batch").result(PATIENCE).json
    assert [one["code"] for one in answers] == [202, 500, 202, 400]
    assert answers[1]["problem"]["code"] == "internal_server_error"


def test_a_checkout_does_not_wait_for_a_batch_to_be_prepared(
    crowd: Crowd, make_order: MakeOrder, parse: Callable[[Callable[[str], None]], None]
) -> None:
    begun, go_on = Event(), Event()

    def hold_up(number: str) -> None:
        if number == "of a batch":
            begun.set()
            assert go_on.wait(PATIENCE)

    parse(hold_up)
    crowd.store.gate.set()
    batch = crowd.call([make_order(order_no="of a batch")], "/v1/orders/batch")
    assert begun.wait(PATIENCE)
    checkout = crowd.call(make_order(order_no="1")).result(PATIENCE)
    go_on.set()
    assert checkout.status_code == 202
    assert [one["code"] for one in batch.result(PATIENCE).json] == [202]
    assert crowd.store.transactions == [["1"], ["of a batch"]]
