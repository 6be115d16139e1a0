"""A scenario: faults and settings under one name, written as YAML.

The shipped ones are in `scenarios/`. A scenario has `description`, and some of `settings`, `clock`
and `faults`, each as the admin API takes it; what lies in time is told by the faults themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from mock_platform.fault_names import known_names
from mock_platform.fault_reading import parse_fault

_MEMBERS = frozenset({"description", "settings", "clock", "faults"})


class ScenarioError(ValueError):
    """A scenario that cannot be played; the message names the member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scenario; its faults can be set, its settings and clock are read when it starts."""

    name: str
    description: str
    settings: Mapping[str, Any]
    clock: Mapping[str, Any]
    faults: Sequence[Mapping[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """What the list of scenarios shows."""
        return {"name": self.name, "description": self.description}


def read_scenario(name: str, text: str) -> Scenario:
    """The scenario that the YAML `text` holds.

    Raises:
        ScenarioError: when it holds none.
        FaultError: for a fault that cannot be set.
    """
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        where = "" if place is None else f" (line {place.line + 1})"
        raise ScenarioError(f"{name}: not YAML{where}") from None
    return scenario_of(name, document)


def scenario_of(name: str, document: object) -> Scenario:
    """The scenario that `document` describes; raises as `read_scenario`."""
    if not isinstance(document, dict) or not document.keys() <= _MEMBERS:
        raise ScenarioError(f"{name}: expected an object of {', '.join(sorted(_MEMBERS))}")
    faults = document.get("faults", [])
    if not isinstance(faults, list):
        raise ScenarioError("faults: expected a list")
    for number, fault in enumerate(faults):
        parse_fault(known_names(fault), f"faults[{number}]")
    return Scenario(
        name=name,
        description=str(document.get("description") or "").strip(),
        settings=_object("settings", document),
        clock=_object("clock", document),
        faults=faults,
    )


def _object(name: str, document: Mapping[str, Any]) -> Mapping[str, Any]:
    value = document.get(name) or {}
    if not isinstance(value, dict):
        raise ScenarioError(f"{name}: expected an object")
    return value


@cache
def shipped() -> Mapping[str, Scenario]:
    """The scenarios that come with the mock, by name."""
    files = sorted(
        resources.files("mock_platform").joinpath("scenarios").iterdir(), key=lambda file: file.name
    )
    named = {file.name.removesuffix(".yaml"): file for file in files if file.name.endswith(".yaml")}
    return {name: read_scenario(name, file.read_text("utf-8")) for name, file in named.items()}
