"""A bridge with both of Google's interfaces at a mock of its own, made anew for every example."""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bridge.aftermath.asking import ask
from bridge.aftermath.audit import AuditReport, audit
from bridge.delivery.context import DeliveryContext
from bridge.delivery.transport import HttpTransport
from bridge.delivery.worker import Worker
from bridge.operate.destinations import Site
from bridge.operate.settings import Settings
from bridge.outbox.database import migrate, open_database
from bridge.outbox.states import OPEN
from bridge.pipeline import deliver, prepare
from bridge.wiring import Installation, open_installation
from mock_platform.client import MockWorkspace

from .conftest import open_context

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACTIONS = {"google": "987", "google-ads": "988"}
Message = dict[str, Any]


@dataclass
class Dial:
    """A clock that stands still until turned."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at


@dataclass
class World:
    """One bridge and one mock; `order` makes the messages it takes."""

    installation: Installation
    context: DeliveryContext
    dial: Dial
    workspace: MockWorkspace

    def take(self, message: Message) -> None:
        settings = self.installation.settings
        prepared = prepare(
            message, settings.sites[0], settings, self.installation.keys, self.dial()
        )
        self.installation.store.record([prepared.record])

    def deliver(self) -> None:
        """One round at every destination, and a look at what waits for its order."""
        worker = Worker(self.context, self.installation.settings.destinations, deliver, ask)
        for destination in self.installation.settings.destinations:
            worker.rounds(destination).run_once()
        self.installation.store.release_adjustments(self.dial())

    def wait(self, **time: float) -> None:
        """Let time pass, here and at the platform, and ask for the reports that are due."""
        self.dial.at += timedelta(**time)
        self.workspace.set_clock(self.dial.at.timestamp())
        for destination in self.installation.settings.destinations:
            ask(self.context, destination)

    def settle_down(self) -> None:
        """Mend the platform, and go on until nothing is open and no report is awaited."""
        self.workspace.clear_faults()
        for _ in range(60):
            self.deliver()
            if not self.is_open():
                return
            self.wait(hours=1)
        raise AssertionError(f"still open after 60 hours: {self.ends()}")

    def is_open(self) -> bool:
        with self.installation.queries.snapshot() as snapshot:
            return any(
                one.state in OPEN or one.report_until
                for order in snapshot.orders
                for one in order.deliveries
            )

    def ends(self, destination: str = "google") -> dict[str, tuple[str, str | None]]:
        """Each message's end by its reference, else its order number."""
        with self.installation.queries.snapshot() as snapshot:
            return {
                order.reference or order.order_no: (one.state.value, one.reason)
                for order in snapshot.orders
                for one in order.deliveries
                if one.destination == destination
            }

    def values(self, destination: str) -> dict[str, float]:
        """What the platform counts now, by order number; a second count would be an error."""
        counted = self.workspace.counted(dataset=ACTIONS[destination])
        values = {one["order_id"]: one["current_value"] for one in counted}
        assert len(values) == len(counted)
        return values

    def audit(self) -> AuditReport:
        return audit(self.installation.queries, self.dial())


@contextmanager
def open_world(mock_url: str, *destinations: dict[str, Any]) -> Iterator[World]:
    """Make a world with Google's destinations at the mock, or with these."""
    workspace = MockWorkspace(mock_url, uuid.uuid4().hex)
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(Path(folder), workspace.url, destinations)
        Path(folder, "bridge.sqlite3").write_bytes(_migrated())
        dial, transport = Dial(), HttpTransport()
        installation = open_installation(settings, dial)
        event.listen(installation.engine, "connect", _without_waiting_for_the_disk)
        installation.engine.dispose()
        world = World(installation, open_context(installation, dial, transport), dial, workspace)
        world.wait()
        yield world
        transport.close()
        installation.engine.dispose()
        workspace.delete()


def _settings(folder: Path, url: str, destinations: tuple[dict[str, Any], ...]) -> Settings:
    shared = {"base_url": url, "enabled": True}
    return Settings.model_validate(
        {
            "data_dir": folder,
            "sites": (Site(id="RefArch", secrets=("plain:whsec_c2VjcmV0c2VjcmV0c2VjcmV0",)),),
            "destinations": [shared | one for one in destinations or (DATA_MANAGER, GOOGLE_ADS)],
        }
    )


DATA_MANAGER = {
    "id": "google",
    "platform": "google_data_manager",
    "operating_account": "1234567890",
    "conversion_action": ACTIONS["google"],
    "credentials": "plain:mock-token",
}
GOOGLE_ADS = {
    "id": "google-ads",
    "platform": "google_ads",
    "customer_id": "1234567890",
    "conversion_action": ACTIONS["google-ads"],
    "credentials": "plain:mock-token",
}


def _without_waiting_for_the_disk(connection: Any, _: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/bridge.db")
        migrate(engine)
        engine.dispose()
        return Path(folder, "bridge.db").read_bytes()


def message(kind: str = "order", **members: Any) -> Message:
    """Order 1 of 100 dollars, or what adjusts it, with members replaced."""
    plain: Message = {
        "contract": "order/1",
        "kind": kind,
        "site_id": "RefArch",
        "instance": "production",
        "order_no": "1",
        "channel": "storefront",
        "placed_at": (START - timedelta(hours=1)).isoformat(),
    }
    if kind == "order":
        plain |= {
            "currency": "USD",
            "totals": {"gross": 100},
            "lines": [{"product_id": "P1", "quantity": 2, "gross": 100}],
            "customer": {"email": "jane@example.com"},
            "billing_address": {"country": "US"},
            "consent": {"ad_storage": "granted", "ad_user_data": "granted"},
        }
    return plain | members


def refund(reference: str, amount: float, **members: Any) -> Message:
    """A refund of order 1, by its amount."""
    plain = {
        "reference": reference,
        "placed_at": (START - timedelta(minutes=30)).isoformat(),
        "currency": "USD",
        "totals": {"gross": amount},
    }
    return message("refund", **(plain | members))


def cancellation(reference: str = "c", **members: Any) -> Message:
    """A cancellation of order 1."""
    placed = (START - timedelta(minutes=20)).isoformat()
    return message("cancellation", **({"reference": reference, "placed_at": placed} | members))
