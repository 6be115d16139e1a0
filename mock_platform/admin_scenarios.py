"""The URLs of scenarios: list, start one by name or as YAML, stop."""

from typing import Any

from flask import Blueprint, Response

from mock_platform import current
from mock_platform.admin_request import AdminError, answer, read_object
from mock_platform.scenario import Scenario, read_scenario, scenario_of, shipped

scenarios = Blueprint("scenarios", __name__)


@scenarios.get("/scenarios")
def show() -> Response:
    """The scenario that runs, with its faults, and those that come with the mock."""
    return answer(
        {
            "running": current.workspace().running(),
            "shipped": [scenario.as_json() for scenario in shipped().values()],
        }
    )


@scenarios.post("/scenarios")
def start() -> Response:
    """Start a scenario: `name` of a shipped one, or its `yaml`, or its members themselves."""
    current.workspace().start(_asked(read_object()))
    return answer({"running": current.workspace().running()}, 201)


def _asked(document: dict[str, Any]) -> Scenario:
    name = document.pop("name", "unnamed")
    if "yaml" in document:
        return read_scenario(str(name), str(document["yaml"]))
    if document:
        return scenario_of(str(name), document)
    if name not in shipped():
        raise AdminError(f"name: expected one of {', '.join(shipped())}")
    return shipped()[name]


@scenarios.delete("/scenarios")
def stop() -> Response:
    """Stop the scenario: its faults go, and the settings are as they were before it."""
    current.workspace().stop_scenario()
    return answer({"running": None})
