from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace

from .meta_cases import ACCEPTED, ADVISED, AGENT, DAY, DIGEST, DOCUMENTED, REJECTED, WEBSITE, ago

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]


@pytest.mark.parametrize(("changes", "subcode", "rule"), REJECTED.values(), ids=REJECTED)
def test_a_broken_rule_rejects(
    workspace: MockWorkspace,
    event: EventFactory,
    post: Post,
    changes: Event,
    subcode: int | None,
    rule: str,
) -> None:
    answer = post(event(**changes))
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["code"] == 100
    assert answer.json()["error"].get("error_subcode") == subcode
    assert rule in [each["rule"] for each in workspace.events(verdict="rejected")[0]["findings"]]


@pytest.mark.parametrize("mode", ["faithful", "strict"])
@pytest.mark.parametrize("changes", ACCEPTED.values(), ids=ACCEPTED)
def test_a_sound_event_counts_without_findings_in_both_modes(
    workspace: MockWorkspace, event: EventFactory, post: Post, changes: Event, mode: str
) -> None:
    workspace.settings(mode=mode)
    answer = post(event(**changes))
    assert answer.status_code == 200, answer.text
    assert workspace.counted()[0]["findings"] == []


@pytest.mark.parametrize(("user_data", "rule", "path"), DOCUMENTED.values(), ids=DOCUMENTED)
def test_a_documented_format_warns_when_faithful_and_rejects_when_strict(
    workspace: MockWorkspace,
    event: EventFactory,
    post: Post,
    user_data: Event,
    rule: str,
    path: str,
) -> None:
    broken = event(user_data={**AGENT, **user_data})
    assert post(broken).status_code == 200
    finding = workspace.counted()[0]["findings"][0]
    assert (finding["rule"], finding["severity"], finding["path"]) == (rule, "warning", path)

    workspace.settings(mode="strict")
    answer = post(broken)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == 100
    finding = workspace.events(verdict="rejected")[0]["findings"][0]
    assert (finding["rule"], finding["severity"]) == (rule, "error")


@pytest.mark.parametrize(("changes", "rule"), WEBSITE.values(), ids=WEBSITE)
def test_what_an_action_source_needs_warns_when_faithful_and_rejects_when_strict(
    workspace: MockWorkspace, event: EventFactory, post: Post, changes: Event, rule: str
) -> None:
    assert post(event(**changes)).status_code == 200
    assert [each["rule"] for each in workspace.counted()[0]["findings"]] == [rule]
    workspace.settings(mode="strict")
    assert post(event(**changes)).status_code == 400


@pytest.mark.parametrize("mode", ["faithful", "strict"])
@pytest.mark.parametrize(("changes", "rule"), ADVISED.values(), ids=ADVISED)
def test_what_only_costs_matching_is_pointed_out_and_counts(
    workspace: MockWorkspace, event: EventFactory, post: Post, changes: Event, rule: str, mode: str
) -> None:
    workspace.settings(mode=mode)
    answer = post(event(**changes))
    assert answer.status_code == 200, answer.text
    assert [each["rule"] for each in workspace.counted()[0]["findings"]] == [rule]


@pytest.mark.parametrize(
    "keys",
    [
        ["ct"],
        ["st", "zp"],
        ["country", "ge", "ct"],
        ["db"],
        ["fn"],
        ["ln", "ge"],
        ["fn", "ge"],
        ["db", "client_user_agent"],
    ],
)
def test_too_broad_combinations_are_refused(
    event: EventFactory, post: Post, keys: list[str]
) -> None:
    user_data = {key: "agent" if key == "client_user_agent" else DIGEST for key in keys}
    error = post(event(user_data=user_data)).json()["error"]
    assert error["error_subcode"] == 2804050


@pytest.mark.parametrize("keys", [["em"], ["ph"], ["fn", "ln"], ["db", "zp"], ["fn", "ct"],
                                  ["client_ip_address"], ["fbp"], ["external_id"]])  # fmt: skip
def test_narrow_combinations_are_taken(event: EventFactory, post: Post, keys: list[str]) -> None:
    plain = {"client_ip_address": "192.0.2.1", "fbp": "fb.1.1795418257000.1"}
    user_data = {key: plain.get(key, DIGEST) for key in keys}
    assert post(event(user_data=user_data)).status_code == 200


def test_age_is_reported_before_weak_customer_information(event: EventFactory, post: Post) -> None:
    error = post(event(event_time=1, user_data={})).json()["error"]
    assert error["error_subcode"] == 2804003


def test_an_unknown_member_is_named_with_its_place(event: EventFactory, post: Post) -> None:
    error = post(event(), event(brand="x")).json()["error"]
    expected = (
        """Server Side Api Parameter Error: Unexpected key "brand" on param "$['data'][1]\""""
    )
    assert error["message"] == expected


def test_findings_never_repeat_a_value(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    post(event(user_data={"em": "jane@example.com", "ph": "+1 555 0100", **AGENT}))
    assert "jane" not in str(workspace.events()[0]["findings"])
    assert "0100" not in str(workspace.events()[0]["findings"])


def test_an_event_that_is_no_object_is_refused(workspace: MockWorkspace, post: Post) -> None:
    assert post(["no object"]).json()["error"]["code"] == 100
    assert post(7).json()["error"]["code"] == 100
    rules = {each["rule"] for shown in workspace.events() for each in shown["findings"]}
    assert rules == {"meta.event.not_an_object"}


@pytest.mark.parametrize(("days", "status"), [(7, 400), (62, 200)])
def test_the_store_window_is_a_setting(
    workspace: MockWorkspace, event: EventFactory, post: Post, days: int, status: int
) -> None:
    workspace.settings(physical_store_max_age_days=days)
    old = event(action_source="physical_store", event_time=ago(30 * DAY))
    assert post(old).status_code == status


def test_the_tolerance_for_the_future_is_a_setting(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.settings(future_tolerance_seconds=600)
    assert post(event(event_time=ago(-300))).status_code == 200


def test_a_missing_action_source_may_pass_by_setting(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.settings(action_source_required=False)
    assert post(event(action_source=None)).status_code == 200
    rules = [each["rule"] for each in workspace.counted()[0]["findings"]]
    assert rules == ["meta.action_source.absent"]


def test_the_workspaces_clock_moves_the_window(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    sent = event()
    workspace.advance(7 * DAY + 120)
    assert post(sent).json()["error"]["error_subcode"] == 2804003
