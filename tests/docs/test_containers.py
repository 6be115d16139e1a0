"""The image and the composition: no engine runs them here, so they are held to the code."""

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from bridge.cli import main as bridge
from bridge.operate.settings import load_settings
from mock_platform.cli import main as mock_platform

PROGRAMS: dict[str, click.Command] = {"bridge": bridge, "mock-platform": mock_platform}
SERVICES_OF_OURS = {"migrate", "hook-1", "hook-2", "sender", "mock"}


@pytest.fixture
def composition(root: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((root / "compose.yaml").read_text())
    return loaded


@pytest.fixture
def dockerfile(root: Path) -> list[list[str]]:
    """The image's instructions, as words."""
    text = (root / "Dockerfile").read_text().replace("\\\n", " ")
    return [shlex.split(line) for line in text.splitlines() if line and not line.startswith("#")]


def parse(command: list[str]) -> click.Command:
    """Parse a command line without running it; whatever is wrong with it raises."""
    program, *words = command
    found, context = PROGRAMS[program], click.Context(PROGRAMS[program])
    while isinstance(found, click.Group):
        name, found, words = found.resolve_command(context, words)
        assert found is not None, name
    found.make_context(program, list(words))
    return found


def test_every_service_runs_a_command_that_exists(composition: dict[str, Any]) -> None:
    commands = {
        name: service["command"]
        for name, service in composition["services"].items()
        if "command" in service
    }
    assert commands.keys() == SERVICES_OF_OURS
    assert all(parse(command) for command in commands.values())


def test_the_hooks_settings_load_and_name_only_secrets_that_are_mounted(
    composition: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BRIDGE_CONFIG", raising=False)
    for name in ("hook-1", "hook-2", "sender", "migrate"):
        service = composition["services"][name]
        for variable, value in service["environment"].items():
            monkeypatch.setenv(variable, value)
        settings = load_settings()
        references = [
            *settings.encryption_keys,
            *(secret for site in settings.sites for secret in site.secrets),
            settings.database_password or "",
        ]
        mounted = {f"file:/run/secrets/{secret}" for secret in service["secrets"]}
        assert set(references) == mounted
        assert settings.shares_database
        assert {one.base_url for one in settings.destinations} == {"http://mock:8090"}


def test_everything_a_service_refers_to_is_declared(composition: dict[str, Any]) -> None:
    services = composition["services"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= services.keys()
        assert set(service.get("secrets", [])) <= composition["secrets"].keys()
        assert {one.split(":")[0] for one in service.get("volumes", [])} <= composition[
            "volumes"
        ].keys()
        published = service.get("ports", [])
        assert all(port.startswith("127.0.0.1:") for port in published)


def test_no_secret_stands_in_the_composition(composition: dict[str, Any], root: Path) -> None:
    assert all(one["file"].startswith("./secrets/") for one in composition["secrets"].values())
    assert "secrets/" in (root / ".gitignore").read_text().splitlines()


def test_the_image_copies_what_is_there_and_is_built_by_our_uv(
    dockerfile: list[list[str]], root: Path
) -> None:
    copied = [
        source
        for word, *words in dockerfile
        if word == "COPY" and not words[0].startswith("--")
        for source in words[:-1]
    ]
    assert copied
    assert [source for source in copied if not (root / source).exists()] == []
    pinned = re.search(r"UV_VERSION=(\S+)", (root / ".ci/setup").read_text())
    assert pinned
    assert f"uv=={pinned[1]}" in (root / "Dockerfile").read_text()


def test_the_image_runs_as_nobody_in_particular(dockerfile: list[list[str]]) -> None:
    last = {words[0]: words[1:] for words in dockerfile}
    assert last["USER"] == ["bridge"]
    assert parse(["bridge", "up"])
    assert "".join(last["CMD"]) == "[bridge,up]"
