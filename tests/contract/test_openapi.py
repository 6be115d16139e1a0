import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from flask import Flask
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from bridge.intake.hook import hook

SIGNED = {"200", "400", "401", "403", "413", "415", "429", "503"}
STATUSES = {
    ("/v1/orders", "post"): SIGNED | {"202"},
    ("/v1/orders/batch", "post"): SIGNED,
    ("/health/live", "get"): {"200"},
    ("/health/ready", "get"): {"200", "503"},
    ("/metrics", "get"): {"200"},
}


@pytest.fixture
def api(contract_directory: Path) -> dict[str, Any]:
    text = (contract_directory / "openapi.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def test_it_is_openapi_3_1(api: dict[str, Any]) -> None:
    assert re.fullmatch(r"3\.1\.\d+", api["openapi"])
    assert {"title", "version"} <= api["info"].keys()


def test_every_route_documents_its_status_codes(api: dict[str, Any]) -> None:
    documented = {
        (path, method): set(operation["responses"])
        for path, operations in api["paths"].items()
        for method, operation in operations.items()
    }
    assert documented == STATUSES


def test_it_documents_the_routes_the_hook_has(api: dict[str, Any]) -> None:
    app = Flask("routes", static_folder=None)
    app.register_blueprint(hook)
    routes = {
        (rule.rule, method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == STATUSES.keys()


def test_every_reference_resolves(api: dict[str, Any], contract_directory: Path) -> None:
    found = list(references(api))
    assert found.count("order.schema.json") == 2
    for reference in found:
        if reference.startswith("#/"):
            at: Any = api
            for step in reference.removeprefix("#/").split("/"):
                at = at[step]
        else:
            json.loads((contract_directory / reference).read_bytes())


def test_every_refusal_is_a_problem(api: dict[str, Any]) -> None:
    problems = api["components"]["responses"].values()
    assert all(list(answer["content"]) == ["application/problem+json"] for answer in problems)


def test_answers_that_ask_to_wait_say_how_long(api: dict[str, Any]) -> None:
    answers = api["components"]["responses"]
    for name in ("TooManyRequests", "Unavailable"):
        assert "Retry-After" in answers[name]["headers"]


def test_signed_routes_ask_for_the_four_headers(api: dict[str, Any]) -> None:
    parameters = api["components"]["parameters"]
    for path in ("/v1/orders", "/v1/orders/batch"):
        asked = [
            parameters[found["$ref"].rpartition("/")[2]]
            for found in api["paths"][path]["post"]["parameters"]
        ]
        assert [parameter["name"] for parameter in asked] == [
            *("bridge-site", "webhook-id", "webhook-timestamp", "webhook-signature")
        ]
        assert all(parameter["required"] for parameter in asked)


@pytest.mark.parametrize(("sample", "name"), [(1, "Accepted"), (2, "BatchResult"), (3, "Problem")])
def test_the_samples_of_the_transport_page_are_answers_of_these_shapes(
    api: dict[str, Any], contract_directory: Path, sample: int, name: str
) -> None:
    page = (contract_directory / "transport.md").read_text(encoding="utf-8")
    texts = re.findall(r"^```json\n(.*?)\n```$", page, re.MULTILINE | re.DOTALL)
    answer = json.loads(texts[sample])
    validator = component(api, name)
    for one in answer if isinstance(answer, list) else [answer]:
        validator.validate(one)


def component(api: dict[str, Any], name: str) -> jsonschema.Draft202012Validator:
    whole = Resource.from_contents(api, default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:openapi", whole)
    reference = {"$ref": f"urn:openapi#/components/schemas/{name}"}
    return jsonschema.Draft202012Validator(reference, registry=registry)


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for below in value.values():
            yield from references(below)
    elif isinstance(value, list):
        for below in value:
            yield from references(below)
