"""Rhino processes with the cartridges' real files in them."""

from collections.abc import Iterator

import pytest

from cartridge_spec.rig.rhino import Rhino


@pytest.fixture(scope="session")
def core_process() -> Iterator[Rhino]:
    with Rhino(["int_conversion_bridge"]) as rhino:
        yield rhino


@pytest.fixture
def core(core_process: Rhino) -> Rhino:
    """The core cartridge on an instance where nothing has happened yet."""
    core_process.call("rig/world", "reset", {})
    return core_process
