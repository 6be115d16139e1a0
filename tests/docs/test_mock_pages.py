"""The pages on the mock platform and on what is not verified say what the mock does."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bridge.delivery.meta_errors import ERRORS
from mock_platform.app import create_app
from mock_platform.client import MockWorkspace
from mock_platform.fault import Fault, FaultKind, Match
from mock_platform.journal import FILTERS
from mock_platform.rules.catalogue import all_rules
from mock_platform.rules.model import Mode, Severity
from mock_platform.rules_page import rules_page
from mock_platform.scenario import read_scenario, shipped
from mock_platform.search import NAMES
from mock_platform.settings import Settings
from mock_platform.verification import read_expectations
from mock_platform.workspace import Workspaces

Spans = Callable[[str], list[str]]


@pytest.fixture
def page(read_page: Callable[[str], Any]) -> Any:
    return read_page("docs/testing-with-the-mock.md")


@pytest.fixture
def routes(tmp_path: Path) -> Iterator[set[str]]:
    workspaces = Workspaces(tmp_path)
    yield {
        f"{method} {rule.rule}"
        for rule in create_app(workspaces).url_map.iter_rules()
        if rule.rule.startswith("/_mock")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    workspaces.close()


def test_every_admin_route_stands_there(page: Any, spans: Spans, routes: set[str]) -> None:
    rows = page.table("Looking")

    assert {spans(row[0])[0] for row in rows} == routes
    filters = next(row[1] for row in rows if "/_mock/events" in row[0])
    assert spans(filters)[: len(FILTERS)] == list(FILTERS)


def test_every_name_of_the_search_stands_there(page: Any, spans: Spans) -> None:
    told = [name for row in page.table("Search") for name in spans(row[0])]

    assert sorted(told) == sorted(NAMES)


def test_the_rules_stand_there_as_the_mock_prints_them(root: Path) -> None:
    told = (root / "docs/mock-rules.md").read_text(encoding="utf-8")

    assert told == rules_page(), "run: mock-platform rules --markdown > docs/mock-rules.md"


def test_every_rule_has_a_heading_of_its_own(read_page: Any) -> None:
    text = read_page("docs/mock-rules.md").text
    headings = re.findall(r"^### (.+)$", text, re.MULTILINE)

    assert sorted(headings) == sorted(all_rules())


def test_every_fault_stands_there(page: Any, spans: Spans) -> None:
    rows, members = page.tables("Breaking")

    assert {name for row in members for name in spans(row[0])} <= Fault.__dataclass_fields__.keys()
    assert [spans(row[0])[0] for row in rows] == [str(kind) for kind in FaultKind]
    assert set(Match.__dataclass_fields__) <= set(spans(page.under("Breaking")))


def test_every_shipped_scenario_stands_there(page: Any, spans: Spans) -> None:
    assert [spans(row[0])[0] for row in page.table("Scenarios")] == list(shipped())


def test_the_scenario_shown_can_be_played(page: Any) -> None:
    (shown,) = (block for block in page.blocks("yaml") if "faults:" in block)

    assert len(read_scenario("shown", shown).faults) == 2


def test_the_expectations_shown_can_be_read(page: Any, spans: Spans) -> None:
    (shown,) = (block for block in page.blocks("yaml") if "expectations:" in block)

    asked = read_expectations(yaml.safe_load(shown))

    told = {name for row in page.table("Asserting") for name in spans(row[0])}
    members = {name for each in yaml.safe_load(shown)["expectations"] for name in each}
    assert len(asked.expectations) == 4
    assert members <= told


def test_every_mode_stands_there(page: Any, spans: Spans) -> None:
    assert [spans(row[0])[0] for row in page.table("Modes")] == list(Mode)


def test_every_setting_stands_there_with_its_default(page: Any) -> None:
    rows = page.table("Settings of a workspace")

    told = {row[0].strip("`"): json.loads(row[1].strip("`")) for row in rows}

    assert told == json.loads(json.dumps(Settings().as_json()))


def test_the_event_shown_has_the_members_of_a_real_one(page: Any, workspace: MockWorkspace) -> None:
    (shown,) = page.blocks("json")
    workspace._session.get(f"{workspace.url}/tr?id=1&ev=Purchase&eid=1", timeout=10)

    (real,) = workspace.events()

    assert json.loads(shown)["events"][0].keys() == real.keys()


def test_the_faults_shown_can_be_set(page: Any, workspace: MockWorkspace) -> None:
    shown = [
        json.loads(body)
        for block in page.blocks("sh")
        for body in re.findall(r"_mock/faults -d '(.+)'", block)
    ]

    for fault in shown:
        workspace.fault(**fault)

    assert len(workspace.faults()) == len(shown) >= 4


def test_the_clock_and_settings_shown_can_be_changed(page: Any, workspace: MockWorkspace) -> None:
    blocks = "".join(page.blocks("sh"))

    for body in re.findall(r"_mock/clock -d '(.+)'", blocks):
        workspace._post("clock", json.loads(body))
    for body in re.findall(r"_mock/settings -d '(.+)'", blocks):
        workspace.settings(**json.loads(body))

    assert workspace.settings()["mode"] == Mode.STRICT


def test_the_pytest_example_passes(page: Any, workspace: MockWorkspace) -> None:
    plugin, example = page.blocks("python")
    names: dict[str, Any] = {}
    exec(example, names)

    names["test_an_order_is_counted_once"](workspace)

    assert "mock_platform.pytest_plugin" in plugin
    assert all(hasattr(workspace, name) for name in names_of(page.prose))


def names_of(text: str) -> list[str]:
    sentence = text.partition("`workspace` has")[2].partition("## ")[0]
    return re.findall(r"`(\w+)[(`]", sentence)


def test_every_stand_in_that_rejects_is_named(
    read_page: Callable[[str], Any], spans: Spans
) -> None:
    rows = read_page("docs/verify-on-a-sandbox.md").table("The mock platform")

    stand_ins = {
        rule.id
        for rule in all_rules().values()
        if not rule.verified and rule.severity is Severity.ERROR
    }

    assert {name for row in rows for name in spans(row[0])} == stand_ins
    assert {name for row in rows for name in spans(row[1])} <= Settings().as_json().keys()


def test_every_unverified_error_code_is_named(read_page: Callable[[str], Any]) -> None:
    page = read_page("docs/verify-on-a-sandbox.md")

    unverified = {rule.first for rule in ERRORS if "unverified" in rule.reference}

    row = next(row for row in page.table("Meta") if row[0].startswith("Codes"))
    assert {int(number) for number in re.findall(r"\d+", row[0])} == unverified
