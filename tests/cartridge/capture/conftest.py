"""The capture of clicks, in Rhino: each call of a function is a request of its own."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from cartridge_spec.rig.rhino import Rhino

CAPTURE = "*/cartridge/scripts/conversionBridge/capture"

Call = Callable[..., Any]


@pytest.fixture
def capture(core: Rhino) -> Callable[[str], Call]:
    """A module of the capture by its name; calls take a function and its arguments."""
    return lambda module: partial(core.call, f"{CAPTURE}/{module}")
