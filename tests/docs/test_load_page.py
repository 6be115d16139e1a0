"""The page about load names every profile, member and objective there is."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from loadtests.load.objectives import OBJECTIVES
from loadtests.load.profile import Profile, names


def told(page: Any, heading: str, spans: Callable[[str], list[str]]) -> list[str]:
    return sorted(span for row in page.table(heading) for span in spans(row[0]))


def test_every_profile_is_told(read_page: Any, spans: Callable[[str], list[str]]) -> None:
    assert told(read_page("docs/load.md"), "Profiles", spans) == names()


def test_every_member_of_a_profile_is_told(
    read_page: Any, spans: Callable[[str], list[str]]
) -> None:
    members = {one.name for one in fields(Profile)} - {"name", "description"}
    assert told(read_page("docs/load.md"), "What a profile says", spans) == sorted(members)


def test_every_objective_is_told(read_page: Any, spans: Callable[[str], list[str]]) -> None:
    assert told(read_page("docs/load.md"), "Objectives", spans) == sorted(OBJECTIVES)
