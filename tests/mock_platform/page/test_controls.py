"""The switches, pressed as a browser without scripts presses them."""

from collections.abc import Callable

import pytest
import requests

from loadtests.markets import MARKETS
from loadtests.wanted import COUNTRIES
from mock_platform.client import MockWorkspace
from mock_platform.page.controls import MOVES, READY_FAULTS

Get = Callable[..., requests.Response]
Press = Callable[..., requests.Response]


def test_the_clock_is_moved_stopped_set_and_put_back(
    press: Press, workspace: MockWorkspace
) -> None:
    assert press("/controls/clock", move="7 days on").status_code == 303
    assert workspace._get("clock")["offset_seconds"] == pytest.approx(7 * 86_400, abs=60)

    press("/controls/clock", move="Stop it")
    press("/controls/clock", set="2026-11-22T07:00")
    assert workspace._get("clock")["iso"] == "2026-11-22T07:00:00.000Z"

    press("/controls/clock", move="")
    assert workspace._get("clock")["frozen"] is False


def test_every_button_of_the_page_works(press: Press, workspace: MockWorkspace) -> None:
    moved = [press("/controls/clock", move=words).status_code for words, _ in MOVES]
    set_ = [press("/controls/faults", ready=words).status_code for words, _ in READY_FAULTS]

    assert {*moved, *set_} == {303}
    assert len(workspace.faults()) == len(READY_FAULTS)


def test_a_fault_is_described_field_by_field(press: Press, workspace: MockWorkspace) -> None:
    press(
        "/controls/faults",
        kind="error",
        error="token_expired",
        times="all",
        order_id="O-1",
        retry_after="7",
        status="",
    )

    (fault,) = workspace.faults()
    assert (fault["error"], fault["times"], fault["retry_after"]) == ("token_expired", None, 7)
    assert fault["match"] == {"order_id": ["O-1"]}
    press("/controls/faults/remove", id=fault["id"])
    assert workspace.faults() == []


@pytest.mark.parametrize(
    ("path", "form", "named"),
    [
        ("/controls/faults", {"kind": "nonsense"}, "kind"),
        ("/controls/faults", {}, "kind"),
        ("/controls/faults", {"kind": "error", "error": "nobody_knows"}, "error"),
        ("/controls/faults", {"kind": "processing_error", "reason": "NOBODY"}, "reason"),
        ("/controls/faults", {"kind": "error", "times": "inf"}, "times"),
        ("/controls/faults", {"kind": "delay", "seconds": "-1"}, "seconds"),
        ("/controls/settings", {"mode": "kind"}, "mode"),
        ("/controls/settings", {"mode": "strict", "delay": "nan"}, "delay"),
        ("/controls/clock", {"set": "noon"}, "set"),
    ],
)
def test_what_cannot_be_done_is_said_on_the_page(
    press: Press, workspace: MockWorkspace, path: str, form: dict[str, str], named: str
) -> None:
    answer = press(path, **form)

    assert answer.status_code == 400
    assert f'role="alert">{named}' in answer.text
    assert workspace.faults() == []


def test_every_scenario_is_played_and_stopped(
    press: Press, get: Get, workspace: MockWorkspace
) -> None:
    names = [each["name"] for each in workspace._get("scenarios")["shipped"]]

    for name in names:
        press("/controls/scenarios", name=name)
        assert workspace._get("scenarios")["running"]["name"] == name
        assert f'aria-label="Stop {name.replace("-", " ")}"' in get("/controls").text
    press("/controls/scenarios", name="")

    assert workspace._get("scenarios")["running"] is None
    assert len(names) > 3


def test_mode_and_delay_are_saved(press: Press, workspace: MockWorkspace) -> None:
    press("/controls/settings", mode="strict", delay="5")

    settings = workspace.settings()
    assert (settings["mode"], settings["processing_delay_seconds"]) == ("strict", 5)


def test_one_part_or_everything_is_reset(press: Press, workspace: MockWorkspace) -> None:
    requests.get(f"{workspace.url}/tr?id=1&ev=Purchase&eid=1", timeout=10)
    workspace.fault("reset")

    press("/controls/reset", part="journal")
    assert (workspace.events(), len(workspace.faults())) == ([], 1)
    press("/controls/reset", part="all")
    assert workspace.faults() == []


def test_without_a_bridge_the_page_says_what_to_do(press: Press, get: Get) -> None:
    missing = press("/orders", count="3", to="")
    unreachable = press("/orders", count="3", to="http://127.0.0.1:9")

    assert "MOCK_PLATFORM_URL=" in get("/orders").text
    for answer in (missing, unreachable):
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text


@pytest.mark.parametrize("form", [{"count": "0"}, {"count": "x"}, {"count": "1", "country": "XX"}])
def test_orders_nobody_can_make_are_explained(press: Press, form: dict[str, str]) -> None:
    answer = press("/orders", to="http://127.0.0.1:9", **form)

    assert answer.status_code == 400
    assert "count" in answer.text.partition('role="alert"')[2].partition("</p>")[0]


def test_every_country_with_orders_can_be_asked_for() -> None:
    assert COUNTRIES.keys() == {market.country for market in MARKETS}
