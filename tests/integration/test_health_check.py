"""The health check of compose.yaml's hooks, run as a container engine runs it."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
import yaml
from flask import Flask
from werkzeug.serving import make_server

from bridge.operate.settings import Hook
from bridge.wiring import Installation

COMPOSITION = Path(__file__).parents[2] / "compose.yaml"
ADDRESS = f'"127.0.0.1", {Hook().port}'


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server.port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["hook-1", "hook-2"])
def check(request: pytest.FixtureRequest, port: int) -> Callable[[], int]:
    """Run a hook's health check, at the port of ours; answers its exit code."""
    service = yaml.safe_load(COMPOSITION.read_text())["services"][request.param]
    kind, python, option, program = service["healthcheck"]["test"]
    assert (kind, python, option) == ("CMD", "python", "-c")
    assert ADDRESS in program
    ours = program.replace(ADDRESS, f'"127.0.0.1", {port}')
    proxy = {"http_proxy": "http://127.0.0.1:9"}  # an engine may hand one on
    return lambda: subprocess.run([sys.executable, "-c", ours], env=proxy, check=False).returncode


def test_a_hook_is_healthy_while_it_can_take_orders(
    check: Callable[[], int], installation: Installation
) -> None:
    assert check() == 0

    with sqlite3.connect(installation.settings.data_dir / "bridge.sqlite3") as database:
        database.execute("ALTER TABLE orders RENAME TO mislaid")

    assert check() == 1
