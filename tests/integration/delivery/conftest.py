"""A real sender on a real database, against the mock platform."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bridge.aftermath.asking import ask
from bridge.clock import Clock
from bridge.delivery.build import build_event
from bridge.delivery.context import DeliveryContext
from bridge.delivery.google_tokens import GoogleTokens
from bridge.delivery.rounds import Rounds
from bridge.delivery.throttle import Pace
from bridge.delivery.tokens import Tokens
from bridge.delivery.transport import HttpTransport
from bridge.delivery.worker import Worker
from bridge.events.event import Built
from bridge.operate.destinations import Destination
from bridge.operate.google_destination import GoogleDestination
from bridge.operate.settings import Settings
from bridge.outbox.queries import DeliveryStatus
from bridge.outbox.records import Claim
from bridge.pipeline import deliver, prepare
from bridge.wiring import Installation
from mock_platform.client import MockWorkspace

MakeOrder = Callable[..., dict[str, Any]]


@dataclass
class Sender:
    """One sender process's worth of parts; `context` may be replaced before a round."""

    installation: Installation
    context: DeliveryContext
    clock: Any
    workspace: MockWorkspace
    make_order: MakeOrder

    @property
    def destination(self) -> Destination:
        return self.installation.settings.destinations[0]

    def take(self, count: int = 1, first: int = 1, **changes: object) -> None:
        """Record orders numbered from `first` on, as the hook would."""
        settings = self.installation.settings
        orders = (
            self.make_order(order_no=str(number), **changes)
            for number in range(first, first + count)
        )
        prepared = [
            prepare(order, settings.sites[0], settings, self.installation.keys, self.clock())
            for order in orders
        ]
        self.installation.store.record([one.record for one in prepared])

    def worker(self) -> Worker:
        return Worker(self.context, self.installation.settings.destinations, deliver, ask)

    def lane(self, destination: Destination | None = None) -> Rounds:
        """One lane of a sender process that has just started."""
        return self.worker().rounds(destination or self.destination)

    def round(self) -> int:
        return self.lane().run_once()

    def rounds(self) -> int:
        """Deliver until nothing is due; answer in how many rounds."""
        rounds = 0
        while self.round():
            rounds += 1
        return rounds

    def wait(self, **time: float) -> None:
        """Let time pass, here and at the platform."""
        self.clock.at += timedelta(**time)
        self.workspace.set_clock(self.clock.at.timestamp())

    def with_builder(self, build: Callable[[Claim, Destination], Built]) -> None:
        self.context = replace(self.context, build=build)

    @property
    def deliveries(self) -> dict[str, DeliveryStatus]:
        """Order number to its delivery at the first destination."""
        with self.installation.queries.snapshot() as snapshot:
            return {
                order.order_no: delivery
                for order in snapshot.orders
                for delivery in order.deliveries
                if delivery.destination == self.destination.id
            }

    @property
    def states(self) -> Counter[tuple[str, str | None]]:
        return Counter((one.state.value, one.reason) for one in self.deliveries.values())

    @property
    def counted(self) -> list[str]:
        """The order numbers the platform counted, one entry each time."""
        return [event["order_id"] for event in self.workspace.counted()]

    @property
    def requests(self) -> int:
        return len(self.workspace.requests())

    @property
    def paused_for(self) -> float | None:
        """Seconds the first destination still rests; None when it is well."""
        states = self.installation.store.destination_states()
        until = next((one.paused_until for one in states), None)
        return None if until is None else (until - self.clock()).total_seconds()


def open_context(
    installation: Installation, clock: Clock, transport: HttpTransport
) -> DeliveryContext:
    """What a sender of an installation works with; chance always says one half."""
    keys = installation.keys

    def build(claim: Claim, destination: Destination) -> Built:
        return build_event(claim, destination, keys.sealer)

    return DeliveryContext(
        store=installation.store,
        sender=installation.settings.sender,
        transport=transport,
        build=build,
        sealer=keys.sealer,
        clock=clock,
        random=lambda: 0.5,
        pace=Pace(installation.settings.sender.pause_base),
        tokens=Tokens(GoogleTokens(transport, clock)),
        stop=threading.Event(),
    )


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text("valid-token")
    return file


@pytest.fixture
def make_google(workspace: MockWorkspace) -> Callable[..., GoogleDestination]:
    """A Data Manager destination at the mock, switched on, with settings replaced."""

    def make(**settings: object) -> GoogleDestination:
        return GoogleDestination.model_validate(
            {
                "id": "google",
                "platform": "google_data_manager",
                "operating_account": "1234567890",
                "conversion_action": "987",
                "base_url": workspace.url,
                "credentials": "plain:mock-token",
                "enabled": True,
                "batch_size": 2000,
            }
            | settings
        )

    return make


@pytest.fixture
def settings(
    tmp_path: Path,
    workspace: MockWorkspace,
    token_file: Path,
    site: Any,
    make_destination: Callable[..., Destination],
) -> Settings:
    destination = make_destination(
        base_url=workspace.url, token=f"file:{token_file}", batch_size=1000
    )
    return Settings(data_dir=tmp_path, sites=(site,), destinations=(destination,))


@pytest.fixture
def sender(
    installation: Installation, clock: Any, workspace: MockWorkspace, make_order: MakeOrder
) -> Iterator[Sender]:
    transport = HttpTransport()
    context = open_context(installation, clock, transport)
    workspace.set_clock(clock().timestamp())
    yield Sender(installation, context, clock, workspace, make_order)
    transport.close()
