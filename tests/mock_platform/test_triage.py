"""Diagnoses that a team muted, or called resolved."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_platform.client import MockPlatformError, MockWorkspace

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]
RULE = "meta.event_id.missing"


@pytest.fixture
def break_rule(event: EventFactory, post: Post) -> Callable[[], object]:
    return lambda: post(event(event_id=None))


def standings(workspace: MockWorkspace) -> dict[str, str]:
    return {each["rule"]: each["standing"] for each in workspace._get("diagnostics")["diagnostics"]}


def decide(workspace: MockWorkspace, standing: str) -> None:
    workspace._post("diagnostics", {"rule": RULE, "standing": standing})


def test_what_is_resolved_opens_again_when_it_recurs(
    workspace: MockWorkspace, break_rule: Callable[[], object]
) -> None:
    break_rule()
    assert standings(workspace) == {RULE: "open"}
    decide(workspace, "resolved")
    assert standings(workspace) == {RULE: "resolved"}
    break_rule()
    assert standings(workspace) == {RULE: "open"}


def test_what_is_muted_stays_so_until_it_is_opened(
    workspace: MockWorkspace, break_rule: Callable[[], object]
) -> None:
    break_rule()
    decide(workspace, "muted")
    break_rule()
    assert standings(workspace) == {RULE: "muted"}
    decide(workspace, "open")
    assert standings(workspace) == {RULE: "open"}


def test_a_diagnosis_tells_how_often_when_and_where(
    workspace: MockWorkspace, break_rule: Callable[[], object]
) -> None:
    break_rule()
    break_rule()
    (told,) = workspace._get("diagnostics")["diagnostics"]
    first, second = workspace.events()
    assert (told["events"], told["paths"]) == (2, ["event_id"])
    assert told["examples"] == [second["id"], first["id"]]
    assert (told["first_seen"], told["last_seen"]) == (first["received_at"], second["received_at"])


def test_resetting_the_journal_forgets_decisions(
    workspace: MockWorkspace, break_rule: Callable[[], object]
) -> None:
    break_rule()
    decide(workspace, "muted")
    workspace.reset("journal")
    break_rule()
    assert standings(workspace) == {RULE: "open"}


@pytest.mark.parametrize(
    ("document", "member"),
    [({"standing": "muted"}, "rule"), ({"rule": "x", "standing": "muted"}, "rule"),
     ({"rule": RULE, "standing": "gone"}, "standing"), ({"rule": RULE}, "standing")],
)  # fmt: skip
def test_a_decision_that_is_none_is_refused(
    workspace: MockWorkspace, document: Event, member: str
) -> None:
    with pytest.raises(MockPlatformError, match=member):
        workspace._post("diagnostics", document)


def test_the_page_mutes_by_a_button_and_shows_what_was_decided(
    workspace: MockWorkspace, break_rule: Callable[[], object], connection: requests.Session
) -> None:
    break_rule()
    page = f"{workspace.url}/diagnostics"
    assert "Muted and resolved" not in connection.get(page, timeout=10).text
    form = {"rule": RULE, "standing": "muted"}
    shown = connection.post(page, data=form, timeout=10)
    assert (shown.status_code, shown.url) == (200, page)
    opened, _, decided = shown.text.partition("Muted and resolved")
    assert RULE not in opened
    assert "Open again" in decided
    assert connection.post(page, data={"rule": "x"}, timeout=10).status_code == 400
