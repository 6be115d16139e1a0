"""The admin API describes itself: every route, and what it answers."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator

from mock_platform.app import create_app
from mock_platform.client import MockWorkspace
from mock_platform.journal import FILTERS, PAGING
from mock_platform.workspace import PARTS, Workspaces

Event = dict[str, Any]


@pytest.fixture
def api(workspace: MockWorkspace) -> Event:
    document: Event = requests.get(f"{workspace.url}/_mock/openapi.json", timeout=10).json()
    return document


@pytest.fixture
def routes() -> Iterator[set[tuple[str, str]]]:
    workspaces = Workspaces()
    rules = create_app(workspaces).url_map.iter_rules()
    yield {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in rules
        if rule.rule.startswith(("/_mock", "/healthz"))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    workspaces.close()


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (each for name, each in value.items() if name == "$ref")
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_every_route_is_in_it(api: Event, routes: set[tuple[str, str]]) -> None:
    told = {(path, method) for path, methods in api["paths"].items() for method in methods}
    assert told == routes
    assert re.fullmatch(r"3\.1\.\d+", api["openapi"])


def test_every_reference_leads_somewhere(api: Event) -> None:
    for reference in set(references(api)):
        place = api
        for name in reference.removeprefix("#/").split("/"):
            place = place[name]
        assert place


def test_it_names_every_filter_and_every_part(api: Event) -> None:
    asked = {each["name"] for each in api["paths"]["/_mock/events"]["get"]["parameters"]}
    assert asked == {*FILTERS, *PAGING}
    body = api["paths"]["/_mock/reset"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"]["properties"]["parts"]["items"]["enum"] == [*PARTS]


def test_events_and_problems_are_as_it_says(
    workspace: MockWorkspace, api: Event, event: Callable[..., Event], post: Callable[..., Any]
) -> None:
    post(event(event_id=None))
    components = api["components"]
    for path, name in (("events", "Events"), ("events?limit=x", "Problem")):
        schema = {"$ref": f"#/components/schemas/{name}", "components": components}
        answer = requests.get(f"{workspace.url}/_mock/{path}", timeout=10).json()
        assert [each.message for each in Draft202012Validator(schema).iter_errors(answer)] == []


def test_a_probe_needs_no_more_than_healthz(workspace: MockWorkspace) -> None:
    answer = requests.get(f"{workspace.url.partition('/ws/')[0]}/healthz", timeout=10)
    assert (answer.status_code, answer.text) == (200, "ok\n")
