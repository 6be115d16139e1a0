"""The page about load names every profile, member and objective there is."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from loadtests.load.objectives import OBJECTIVES
from loadtests.load.profile import Profile, names


def told(page: Any, heading: str, spans: Callable[[str], list[str]]) -> list[str]:
    return sorted(span for row in page.table(heading) for span in spans(row[0]))


def test_every_profile_is_told(read_page: Any, spans: Callable[[str], list[str]]) -> None:
    rows = read_page("docs/load.md").table("Profiles")
    assert sorted(spans(row[0])[0] for row in rows if spans(row[0])[0] in names()) == names()


def test_every_member_of_a_profile_is_told(
    read_page: Any, spans: Callable[[str], list[str]]
) -> None:
    text = read_page("docs/load.md").text
    members = {one.name for one in fields(Profile)} - {"name", "description"}
    assert [member for member in members if f"`{member}`" not in text] == []


def test_every_objective_is_told(read_page: Any, spans: Callable[[str], list[str]]) -> None:
    assert told(read_page("docs/load.md"), "Objectives", spans) == sorted(OBJECTIVES)
