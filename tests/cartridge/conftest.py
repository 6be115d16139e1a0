"""Rhino processes with the cartridges' real files in them, and a real hook for them to call."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from bridge.operate.destinations import PlatformApi, Site
from bridge.operate.meta_destination import MetaDestination
from bridge.operate.settings import Settings
from bridge.outbox.database import migrate, open_database
from bridge.wiring import Installation, open_installation
from bridge.wsgi import make_app
from cartridge_spec.rig.instance import switched_on
from cartridge_spec.rig.order_records import record_of
from cartridge_spec.rig.rhino import Rhino

from .wrong_server import WrongServer

SECRET = "whsec_YSBzZWNyZXQgZm9yIHRlc3RzIG9ubHkgMDAwMDAwMDE="

OTHER_SECRET = "whsec_YSBzZWNyZXQgZm9yIHRlc3RzIG9ubHkgMDAwMDAwMDM="

Json = dict[str, Any]
Serve = Callable[[Settings], AbstractContextManager[tuple[str, Installation]]]


@pytest.fixture(scope="session")
def secret() -> str:
    return SECRET


@pytest.fixture(scope="session")
def other_secret() -> str:
    return OTHER_SECRET


@pytest.fixture(scope="session")
def core_process() -> Iterator[Rhino]:
    with Rhino(["int_conversion_bridge"]) as rhino:
        yield rhino


@pytest.fixture
def core(core_process: Rhino) -> Rhino:
    """The core cartridge on an instance where nothing has happened yet."""
    core_process.call("rig/world", "reset", {})
    return core_process


@contextmanager
def _served(settings: Settings) -> Iterator[tuple[str, Installation]]:
    migrate(open_database(settings.database))
    installation = open_installation(settings, lambda: datetime.now(UTC))
    server = make_server("127.0.0.1", 0, make_app(installation), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", installation
    server.shutdown()
    thread.join()
    server.server_close()
    installation.engine.dispose()


@pytest.fixture(scope="session")
def serve() -> Serve:
    """Put a hook over HTTP before an installation with these settings."""
    return _served


@pytest.fixture(scope="session")
def hook(
    tmp_path_factory: pytest.TempPathFactory, serve: Serve
) -> Iterator[tuple[str, Installation]]:
    """A real hook over HTTP, on a database of its own, and the installation behind it."""
    settings = Settings(
        data_dir=Path(tmp_path_factory.mktemp("hook")),
        sites=(
            Site(id="RefArch", secrets=(f"plain:{SECRET}",)),
            Site(id="RefArchGlobal", secrets=(f"plain:{OTHER_SECRET}",)),
        ),
        destinations=(
            MetaDestination.model_validate(
                {
                    "id": "meta",
                    "platform": PlatformApi.META_CAPI,
                    "dataset": "1234567890",
                    "base_url": "http://127.0.0.1:9",
                    "token": "plain:token",
                    "enabled": True,
                }
            ),
        ),
    )
    with serve(settings) as served:
        yield served


@pytest.fixture
def installed(core: Rhino, hook: tuple[str, Installation]) -> Rhino:
    """The core cartridge, switched on and configured for the real hook, with time enough."""
    core.call("rig/world", "change", switched_on(hook[0], SECRET))
    return core


@pytest.fixture
def wrong_server() -> Iterator[Callable[..., WrongServer]]:
    """Start a server that is no bridge; ends with the test."""
    with ExitStack() as running:
        yield lambda *answer, **options: running.enter_context(WrongServer(*answer, **options))


@pytest.fixture
def placed_order(make_order: Callable[..., Json]) -> Callable[..., Json]:
    """An order under the contract, placed just now, with a number of its own."""

    def make(**changes: object) -> Json:
        order = make_order("full", **changes)
        order["order_no"] = changes.get("order_no", uuid.uuid4().hex)
        order["placed_at"] = datetime.now(UTC).isoformat(timespec="milliseconds")
        return order

    return make


@pytest.fixture
def sfcc_order(installed: Rhino, placed_order: Callable[..., Json]) -> Callable[..., str]:
    """Put an order into SFCC behind every cartridge's back; answers its number."""

    def add(changes: Json | None = None, **members: object) -> str:
        record = record_of(placed_order(**members))
        for path, value in (changes or {}).items():
            *parents, member = path.split(".")
            place = record
            for parent in parents:
                place = place[parent]
            place[member] = value
        installed.call("rig/cases", "add", [record])
        return str(record["plain"]["orderNo"])

    return add
