"""The contract's files, read once."""

import json
from pathlib import Path
from typing import Any

import pytest

import cartridge_spec

CONTRACT = Path(cartridge_spec.__file__).parent / "contract"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for name in ("example", "counterexample"):
        if name in metafunc.fixturenames:
            paths = sorted((CONTRACT / f"{name}s").glob("*.json"))
            metafunc.parametrize(name, paths, ids=[path.stem for path in paths], indirect=True)


@pytest.fixture
def example(request: pytest.FixtureRequest) -> Any:
    return json.loads(request.param.read_bytes())


@pytest.fixture
def counterexample(request: pytest.FixtureRequest) -> tuple[str, Any]:
    return request.param.stem, json.loads(request.param.read_bytes())


@pytest.fixture
def contract_directory() -> Path:
    return CONTRACT


@pytest.fixture
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((CONTRACT / "order.schema.json").read_bytes())
    return loaded
