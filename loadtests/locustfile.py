"""Storefronts under load, for Locust: signed single orders, signed batches, and a mix of both.

By hand, beside a bridge and a mock platform that run already:

    locust -f loadtests/locustfile.py --host http://127.0.0.1:8080

and the page at http://localhost:8089 says how many users there are. `make load` runs it without
the page, by a profile (`LOAD_PROFILE`), and keeps every answer (`LOAD_RECORD`).
"""

import contextlib
import os
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from secrets import randbelow
from typing import Any

import gevent  # type: ignore[import-untyped]  # ships no types
import orjson
import requests
from locust import FastHttpUser, LoadTestShape, events, task
from locust.env import Environment

from loadtests.chance import seeded
from loadtests.hook_client import BATCH_PATH, ONE_PATH, HookClient, SignedCall
from loadtests.load.follow import Owed
from loadtests.load.pace import Pace
from loadtests.load.profile import SOURCE, Choice
from loadtests.load.record import BATCH, ONE, Call, Recorder, orders_of
from loadtests.load.supply import Parcel, parcels
from loadtests.load.watch import backlog
from loadtests.site_secrets import site_secrets
from loadtests.stage import SITES
from mock_platform.client import MockWorkspace

PLANNED = SOURCE in os.environ
PROFILE = Choice.of_environment(os.environ, otherwise="smoke").profile()
RECORD = os.environ.get("LOAD_RECORD")
SEED = PROFILE.seed if RECORD else randbelow(10**6)
"""By hand every start brings new orders: the bridge may still know the last ones."""
MOCK = os.environ.get("MOCK_PLATFORM_URL", "http://127.0.0.1:8090")
HOOKS = os.environ.get("LOAD_HOOKS", "").split() or [""]
"""Where the hooks are; nothing for the host given to Locust."""
TAKEN = (200, 202)
LOOK_EVERY = 1.0
LOST_AFTER = 60.0
AT_ONCE = 0.5
"""Share of repetitions that come at once, as from a checkout that had no answer in time."""
GATHERED = 10
"""The others come in batches of so many, as from a job that sweeps up."""


class Shop:
    """What all users share: parcels, the signer, and who listens to the answers."""

    def __init__(self) -> None:
        sites = {site: self._parcels(site) for site in SITES}
        self._sites = list(sites.values())
        self._next = 0
        given = [text for text in (os.environ.get("BRIDGE_SITE_SECRET"),) if text]
        secrets = site_secrets(given, None, SITES)
        self._signers = cycle([HookClient(url, secrets) for url in HOOKS])
        self.recorder = Recorder(Path(RECORD)) if RECORD else None
        self.owed = Owed()
        self.duplicates = 0
        self.each = PROFILE.orders_per_user
        self._chance = seeded("duplicates", SEED)
        self.moments = seeded("moments", SEED)

    def signed(self, path: str, parcel: Parcel, name: str, body: bytes) -> SignedCall:
        """Sign a call of the hooks in turn."""
        return next(self._signers).signed_bytes(path, parcel.site, name, body)

    def remember(self, call: Call) -> None:
        """Keep an answer: in the record, or for the page."""
        if self.recorder is not None:
            self.recorder.add(call)
            return
        self.owed.add(call)
        self.duplicates += sum(order.get("status") == "duplicate" for order in call.orders)

    def one(self) -> Parcel:
        """Take the next order, of the sites in turn."""
        return next(self._site())

    def batch(self) -> list[Parcel]:
        """Take the next orders of one site."""
        return list(islice(self._site(), PROFILE.batch_orders))

    def repetitions(self) -> list[bool]:
        """Draw how often an order is told again; of each, whether at once."""
        whole, rest = divmod(PROFILE.duplicates, 1)
        times = int(whole) + (self._chance.random() < rest)
        return [self._chance.random() < AT_ONCE for _ in range(times)]

    def _site(self) -> Iterator[Parcel]:
        self._next += 1
        return self._sites[self._next % len(self._sites)]

    @staticmethod
    def _parcels(site: str) -> Iterator[Parcel]:
        seed = SEED + SITES.index(site)
        placed_before = datetime.now(UTC) - timedelta(minutes=1)
        return parcels(max(1, PROFILE.persons // len(SITES)), seed, placed_before, site)


SHOP = Shop()


class Storefront(FastHttpUser):
    """Calls as often as the profile says, at moments of its own."""

    abstract = True
    network_timeout = 10.0
    connection_timeout = 10.0
    orders_a_call = 1

    def on_start(self) -> None:
        """Begin at a moment of its own, too."""
        self._pace = Pace(SHOP.moments, time.monotonic())
        gevent.sleep(self.wait_time())

    def wait_time(self) -> float:
        """Wait until the next call is due at the rate that is wanted now."""
        return self._pace.wait(SHOP.each / self.orders_a_call, time.monotonic())

    def send(self, call: SignedCall, name: str, sent: Sequence[Parcel]) -> None:
        """Make one call; what is neither new nor known to the bridge counts as a failure."""
        with self.client.post(
            call.url,
            data=call.body,  # type: ignore[arg-type]  # bytes are taken as they are
            headers=call.headers,
            name=name,
            catch_response=True,
        ) as response:
            status = response.status_code or 0
            body = _json(response.content)
            if status in TAKEN:
                response.success()
            else:
                response.failure(f"{status} {_code(body)}")
        seconds = (response.request_meta["response_time"] or 0) / 1000
        SHOP.remember(
            Call(
                ended=time.time(),
                seconds=seconds,
                name=name,
                status=status,
                sent=tuple(parcel.order_no for parcel in sent),
                orders=tuple(orders_of(name, status, body, len(sent))),
            )
        )

    def send_one(self, parcel: Parcel) -> None:
        """Send one order in a call of its own."""
        name = f"order.{parcel.order_no}"
        call = SHOP.signed(ONE_PATH, parcel, name, parcel.body)
        self.send(call, ONE, [parcel])

    def send_batch(self, batch: Sequence[Parcel]) -> None:
        """Send several orders in one call."""
        body = b"[" + b",".join(parcel.body for parcel in batch) + b"]"
        name = f"batch.{batch[0].order_no}"
        call = SHOP.signed(BATCH_PATH, batch[0], name, body)
        self.send(call, BATCH, batch)


class SingleOrders(Storefront):
    """Checkouts: one order a call."""

    weight = PROFILE.users.single

    @task
    def checkout(self) -> None:
        """Confirm one order."""
        self.send_one(SHOP.one())


class Batches(Storefront):
    """Jobs: many orders a call."""

    weight = PROFILE.users.batch
    orders_a_call = PROFILE.batch_orders

    @task
    def job(self) -> None:
        """Export the orders of a while."""
        self.send_batch(SHOP.batch())


class MixedTraffic(Storefront):
    """Checkouts of which some are told again: at once, or later in a small batch of a job."""

    weight = PROFILE.users.mixed

    def on_start(self) -> None:
        """Begin with nothing to repeat."""
        super().on_start()
        self._gathered: defaultdict[str, list[Parcel]] = defaultdict(list)

    @task
    def checkout(self) -> None:
        """Confirm one order, and tell it again as often as the profile says."""
        parcel = SHOP.one()
        self.send_one(parcel)
        for at_once in SHOP.repetitions():
            if at_once:
                self.send_one(parcel)
            else:
                self._gather(parcel)

    def _gather(self, parcel: Parcel) -> None:
        batch = self._gathered[parcel.site]
        batch.append(parcel)
        if len(batch) == GATHERED:
            self.send_batch(batch)
            batch.clear()


class Planned(LoadTestShape):
    """As many users as the profile's steps ask for."""

    abstract = not PLANNED

    def tick(self) -> tuple[int, float] | None:
        """Answer how many users there should be now, and how many more a second."""
        rate = PROFILE.rate_at(self.get_run_time())  # type: ignore[no-untyped-call]  # Locust types its users only
        if rate is None:
            return None
        users, SHOP.each = PROFILE.crew(rate)
        return users, max(users, 1)


@events.init.add_listener  # type: ignore[untyped-decorator]  # as above
def follow_when_nobody_records(environment: Environment, **_: Any) -> None:
    """For the page: show how long orders take from the hook to the platforms' books."""
    if SHOP.recorder is None:
        gevent.spawn(_follow, environment, MockWorkspace(MOCK))


@events.test_start.add_listener  # type: ignore[untyped-decorator]  # as above
def let_the_weather_come(**_: Any) -> None:
    """Set the profile's faults, whose times count from here."""
    for fault in PROFILE.weather if PLANNED else ():
        MockWorkspace(MOCK).fault(**{"times": None, **fault})


@events.quit.add_listener  # type: ignore[untyped-decorator]  # as above
def close_record(**_: Any) -> None:
    """Write what is not written yet."""
    if SHOP.recorder is not None:
        SHOP.recorder.close()


def _follow(environment: Environment, mock: MockWorkspace) -> None:
    cursor: object = None
    known = 0
    while True:
        gevent.sleep(LOOK_EVERY)
        with contextlib.suppress(requests.RequestException):
            page = mock.page(since=cursor)
            cursor = page["cursor"]
            for arrival in SHOP.owed.arrived(page["events"]):
                _tell(environment, f"accepted to counted, {arrival.platform}", arrival.seconds)
            metrics = requests.get(f"{environment.host}/metrics", timeout=5)
            _tell(environment, "backlog: deliveries that wait", backlog(metrics.text) / 1000)
        for platform in SHOP.owed.overdue(time.time() - LOST_AFTER):
            lost = TimeoutError(f"not counted within {LOST_AFTER:g} s")
            _tell(environment, f"accepted to counted, {platform}", LOST_AFTER, lost)
        for _ in range(SHOP.duplicates - known):
            _tell(environment, "duplicates: orders told again", 0)
        known = SHOP.duplicates


def _tell(
    environment: Environment, name: str, seconds: float, exception: Exception | None = None
) -> None:
    environment.events.request.fire(  # type: ignore[no-untyped-call]  # as above
        request_type="PATH",
        name=name,
        response_time=seconds * 1000,
        response_length=0,
        exception=exception,
        context={},
    )


def _json(content: bytes | None) -> Any:
    try:
        return orjson.loads(content or b"null")
    except orjson.JSONDecodeError:
        return None


def _code(body: Any) -> str:
    return str(body.get("code")) if isinstance(body, dict) else "no answer"
