"""Every link, file and command that a page names exists."""

import re
import shlex
from collections.abc import Callable, Iterator
from typing import Any

import click
import pytest

from bridge.cli import main as bridge
from mock_platform.cli import main as mock_platform

PROGRAMS: dict[str, click.Command] = {"bridge": bridge, "mock-platform": mock_platform}


def anchor(heading: str) -> str:
    """What a forge makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def test_every_relative_link_resolves(pages: list[Any]) -> None:
    broken = []
    for page in pages:
        for target in re.findall(r"\]\(([^)\s]+)\)", page.prose):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, fragment = target.partition("#")
            file = page.path if not path else (page.path.parent / path).resolve()
            headings = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE) if fragment else []
            if not file.exists() or (fragment and fragment not in map(anchor, headings)):
                broken.append(f"{page.path.name}: {target}")

    assert broken == []


def test_every_file_named_exists(pages: list[Any], root: Any) -> None:
    named = {
        span
        for page in pages
        for span in re.findall(r"`((?:tests|docs|bridge|cartridge_spec|\.ci)/[^`\s]*)`", page.prose)
    }

    assert len(named) > 20
    assert [path for path in named if not (root / path).exists()] == []


def command_lines(text: str) -> Iterator[list[str]]:
    """Calls of our programs in code spans and shell blocks, as words."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    lines = re.findall(r"`([^`\n]+)`", prose) + "".join(blocks).splitlines()
    for call in (call for line in lines for call in line.split(" | ")):
        words = call.split()
        while words and re.match(r"[A-Z_]+=", words[0]):
            words = words[1:]
        if words and words[0] in PROGRAMS:
            yield shlex.split(" ".join(words), comments=True)


def resolve(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words call, and the words that are its own."""
    command, rest = PROGRAMS[words[0]], words[1:]
    context = click.Context(command)
    while isinstance(command, click.Group) and rest:
        found = command.get_command(context, rest[0])
        assert found is not None, f"no such command: {shlex.join(words)}"
        command, rest = found, rest[1:]
    return command, rest


def test_every_command_and_option_named_exists(pages: list[Any]) -> None:
    calls = [words for page in pages for words in command_lines(page.text)]

    for words in calls:
        command, rest = resolve(words)
        options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        unknown = [word for word in rest if word.startswith("--") and word not in options]
        assert unknown == [], shlex.join(words)
    assert len(calls) > 50


def leaves(name: str, command: click.Command) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield name
        return
    context = click.Context(command)
    for child in command.list_commands(context):
        found = command.get_command(context, child)
        assert found is not None
        yield from leaves(f"{name} {child}", found)


def test_the_readme_lists_every_command(
    read_page: Callable[[str], Any], spans: Callable[[str], list[str]]
) -> None:
    rows = read_page("README.md").table("Commands")

    told = sorted(spans(row[0])[0] for row in rows)

    assert told == sorted(
        leaf for name, program in PROGRAMS.items() for leaf in leaves(name, program)
    )


@pytest.mark.parametrize("target", ["demo", "test"])
def test_the_two_commands_are_targets_of_the_makefile(target: str, root: Any) -> None:
    assert re.search(rf"^{target}:", (root / "Makefile").read_text(), re.MULTILINE)


def test_nothing_says_ocapi_alone(pages: list[Any]) -> None:
    """But the glossary, which explains why."""
    lines = [line for page in pages for line in page.text.splitlines() if "OCAPI" in line]

    assert [line for line in lines if not line.startswith("| OCAPI |")] == []
