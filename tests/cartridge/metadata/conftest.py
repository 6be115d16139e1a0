"""The metadata as it is imported, beside the code that relies on it."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from cartridge_spec.archive import CARTRIDGES, METADATA
from cartridge_spec.rig.rhino import Rhino

CORE = "int_conversion_bridge/cartridge/scripts/conversionBridge"

Element = ET.Element


def _read(path: Path) -> Element:
    """A metadata file without namespaces: each file has one."""
    text = re.sub(r' xmlns="[^"]+"', "", path.read_text(encoding="utf-8"))
    return ET.fromstring(text)


@pytest.fixture(scope="session")
def metadata() -> Callable[[str], Element]:
    return lambda name: _read(METADATA / name)


@pytest.fixture
def exported(core: Rhino) -> Callable[[str, str], Any]:
    """What a module of the core cartridge exports under a name."""
    return lambda module, name: core.call("rig/exported", "value", f"{CORE}/{module}", name)


@pytest.fixture(scope="session")
def step_types() -> list[dict[str, Any]]:
    text = (CARTRIDGES / "int_conversion_bridge/steptypes.json").read_text(encoding="utf-8")
    steps: list[dict[str, Any]] = json.loads(text)["step-types"]["script-module-step"]
    return steps


@pytest.fixture(scope="session")
def hooks() -> list[tuple[str, str]]:
    """Extension point and script of every hook, as a path of the rig's `require`."""
    return list(_hooks())


def _hooks() -> Iterator[tuple[str, str]]:
    for package in sorted(CARTRIDGES.glob("*/package.json")):
        cartridge = package.parent
        listed = json.loads(package.read_text(encoding="utf-8")).get("hooks")
        if listed:
            for hook in json.loads((cartridge / listed).read_text(encoding="utf-8"))["hooks"]:
                script = (cartridge / hook["script"]).resolve().relative_to(CARTRIDGES)
                yield hook["name"], script.as_posix().removesuffix(".js")


@pytest.fixture(scope="module")
def storefront_scripts() -> Iterator[Rhino]:
    """Both cartridges on one path, to load what hooks and step types name."""
    with Rhino(["int_conversion_bridge_sfra", "int_conversion_bridge"]) as rhino:
        yield rhino
