"""Holding the journal against expectations: by API, from Python, and as a command."""

import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import requests
from click.testing import CliRunner, Result

from mock_platform.cli import main
from mock_platform.client import MockPlatformError, MockWorkspace
from mock_platform.expectation import place
from mock_platform.server import MockServer

from .meta_cases import AGENT, DIGEST

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]
Run = Callable[..., Result]


@pytest.fixture
def books(workspace: MockWorkspace, event: EventFactory, post: Post) -> MockWorkspace:
    """Orders 1 and 2 counted, 2 again, and 3 with an odd digest."""

    def order(number: int, **changes: Any) -> Event:
        data = {"value": number, "currency": "USD", "order_id": str(number)}
        return event(event_id=str(number), custom_data=data, **changes)

    post(order(1), order(2))
    post(order(2))
    post(order(3, user_data={**AGENT, "em": [DIGEST.upper()]}))
    return workspace


GOOD: dict[str, Event] = {
    "one order": {"where": {"order_id": "1"}},
    "a repeated one": {"where": {"order_id": "2", "verdict": "deduplicated"}, "count": 1},
    "a pattern": {"where": {"event_name": "Purch*"}, "count": 4},
    "none of these": {"where": {"verdict": "rejected"}, "count": 0},
    "a payload": {"where": {"order_id": "3"}, "payload": {"custom_data.value": 3}},
    "a place in a list": {"payload": {"user_data.em[0]": DIGEST}, "count": 3},
    "no findings": {"where": {"order_id": "1"}, "findings": []},
    "a finding": {"findings": ["hash.*"], "count": 1},
    "a currency and a value": {"where": {"currency": "USD", "value": 1.0}, "count": 1},
    "a verdict by a pattern, and no rule": {
        "where": {"verdict": "count*", "dedup_rule": None},
        "count": 3,
    },
    "bounds": {"where": {"verdict": "counted"}, "at_least": 2, "at_most": 3},
    "at most": {"where": {"verdict": "counted"}, "at_most": 3},
}
BAD: dict[str, Event] = {
    "too few": {"where": {"order_id": "1"}, "count": 2},
    "too many": {"where": {"order_id": "2"}, "count": 1},
    "another value": {"where": {"order_id": "1"}, "payload": {"custom_data.value": 2}},
    "a member too few": {"where": {"order_id": "1"}, "payload": {"custom_data.tax": None}},
    "a finding too many": {"where": {"order_id": "3"}, "findings": []},
    "a finding too few": {"where": {"order_id": "1"}, "findings": ["hash.*"]},
    "none of a currency that is there": {"where": {"currency": "USD"}, "count": 0},
    "beyond the bounds": {"where": {"verdict": "counted"}, "at_most": 2},
    "a mark that is no pattern": {"where": {"order_id": "?"}},
}


@pytest.mark.parametrize(
    ("expectation", "holds"),
    [*((each, True) for each in GOOD.values()), *((each, False) for each in BAD.values())],
    ids=[*GOOD, *BAD],
)
def test_an_expectation_holds_or_not(books: MockWorkspace, expectation: Event, holds: bool) -> None:
    answer = books.verify([expectation])
    assert answer["passed"] is holds
    assert answer["checks"][0]["passed"] is holds


def test_what_is_missing_is_told_with_what_came_nearest(books: MockWorkspace) -> None:
    where = {"order_id": "3", "verdict": "counted"}
    answer = books.verify([{"where": where, "payload": {"custom_data.value": 4}, "findings": []}])
    nearest = answer["checks"][0]["near_misses"][0]
    assert nearest["event"] == 4
    assert nearest["differs"] == [
        {"path": "payload.custom_data.value", "expected": 4, "found": 3},
        {"path": "findings", "expected": [], "found": ["meta.hash.uppercase"]},
    ]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (7, "expected an object of expectations, orders"),
        ({"expect": []}, "expected an object of expectations, orders"),
        ({"expectations": {}}, "expectations: expected a list"),
        ({"expectations": [7]}, r"expectations\[0\]: expected an object"),
        ([{"were": {}}], r"expectations\[0\]: unknown member 'were'"),
        ([{"where": {"order": "1"}}], r"expectations\[0\].where: unknown member 'order'"),
        ([{"where": 1}], r"expectations\[0\].where: expected an object"),
        ([{"count": -1}], r"expectations\[0\].count: expected a whole number"),
        ([{"findings": 1}], r"expectations\[0\].findings: expected a list of rules"),
        ([{"where": {"verdict": "rejcted"}, "count": 0}], r"\[0\].where.verdict: expected one of"),
        ([{"where": {"platform": "facebook"}}], r"where.platform: expected one of meta, google"),
        ([{"where": {"api": 7}}], r"where.api: expected one of conversions_api"),
        ([{"where": {"source": "app"}}], r"where.source: expected one of browser, server"),
        ([{"where": {"dedup_rule": "meta.dedup.x"}}], r"where.dedup_rule: no rule is called"),
        ([{"findings": ["hsh.*"], "count": 0}], r"\[0\].findings: no rule is called 'hsh"),
        ({"orders": [{}]}, "orders: expected order numbers"),
        ({"platforms": ["tiktok"]}, "platforms: expected some of meta, google"),
        ({"timeout": 61}, "timeout: expected seconds"),
    ],
)
def test_what_cannot_be_expected_is_named(
    workspace: MockWorkspace, document: Any, said: str
) -> None:
    with pytest.raises(MockPlatformError, match=said):
        workspace._post("verify", document)


def test_orders_that_are_missing_twice_or_extra_are_named(
    books: MockWorkspace, event: EventFactory, post: Post
) -> None:
    twice = {"value": 1, "currency": "USD", "order_id": "1"}
    post(event(event_id="another id", custom_data=twice))
    answer = books.verify({"orders": ["1", {"order_no": "2"}, "9"], "platforms": ["meta"]})
    (check,) = answer["checks"]
    assert (check["missing"], check["twice"], check["extra"]) == (["9"], ["1"], ["3"])
    assert answer["passed"] is False


def test_orders_are_conserved_when_each_is_there_once(books: MockWorkspace) -> None:
    assert books.verify({"orders": ["1", "2", "3"], "platforms": ["meta"]})["passed"] is True
    answer = books.verify({"orders": ["1", "2", "3"]})
    assert [each["passed"] for each in answer["checks"]] == [True, False]


def test_verifying_waits_until_it_holds(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    answers: list[Event] = []
    waiting = threading.Thread(
        target=lambda: answers.append(workspace.verify([{"count": 2}], timeout=30))
    )
    waiting.start()
    post(event(event_id="a"))
    post(event(event_id="b"))
    waiting.join()
    assert answers[0]["passed"] is True


def test_what_was_received_is_asserted_and_returned(books: MockWorkspace) -> None:
    (one,) = books.assert_received(order_id="1", verdict="counted", findings=[])
    assert one["payload"]["custom_data"]["value"] == 1
    assert len(books.assert_received(order_id="2", count=2)) == 2
    assert len(books.assert_received(value=1.0, currency="USD")) == 1
    assert books.assert_received(order_id="7", count=0) == []


def test_what_was_not_received_fails_with_the_difference(books: MockWorkspace) -> None:
    with pytest.raises(AssertionError) as failed:
        books.assert_received(order_id="1", payload={"custom_data.value": 2}, timeout=0)
    assert str(failed.value).splitlines() == [
        "FAIL order_id=1",
        "     expected at least 1, found 0",
        "     near: event 1",
        "       payload.custom_data.value: expected 2, found 1",
        *str(failed.value).splitlines()[4:],
    ]


@pytest.mark.parametrize(
    ("path", "found"), [("a.b[1].c", 7), ("a.b[0]", 1), ("d", None), ("a.b[2]", ...), ("x", ...)]
)
def test_a_place_in_a_payload_is_found(path: str, found: Any) -> None:
    payload = {"a": {"b": [1, {"c": 7}]}, "d": None}
    absent = place({}, "nothing")
    assert place(payload, path) == (absent if found is ... else found)


@pytest.fixture
def run(mock_platform: MockServer, books: MockWorkspace) -> Run:
    at = ["--url", mock_platform.url, "--workspace", books.url.rpartition("/")[2]]
    return lambda *words: CliRunner().invoke(main, [*map(str, words), *at])


def test_the_command_tells_by_its_exit_code_and_writes_junit(run: Run, tmp_path: Path) -> None:
    file, report = tmp_path / "expectations.yaml", tmp_path / "junit.xml"
    file.write_text(
        "- {name: first, where: {order_id: '1'}}\n"
        "- {name: ninth, where: {order_id: '9'}, count: 1}\n"
    )
    failed = run("verify", file, "--junit", report)
    assert failed.exit_code == 1
    assert failed.output.splitlines()[:3] == [
        "ok   first",
        "FAIL ninth",
        "     expected 1, found 0",
    ]
    suite = ET.parse(report).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [case.get("name") for case in suite] == ["first", "ninth"]

    file.write_text("expectations:\n- {where: {order_id: '1'}}\n")
    assert run("verify", file).exit_code == 0
    assert json.loads(run("verify", file, "--json").output)["passed"] is True


def test_the_command_holds_a_list_of_orders_against_the_journal(run: Run, tmp_path: Path) -> None:
    file, orders = tmp_path / "expectations.yaml", tmp_path / "orders.ndjson"
    file.write_text("platforms: [meta]\n")
    orders.write_text("".join(json.dumps({"order_no": each}) + "\n" for each in "123"))
    assert run("verify", file, "--orders", orders).exit_code == 0
    orders.write_text('{"order_no": "1"}\n')
    failed = run("verify", file, "--orders", orders)
    assert failed.exit_code == 1
    assert "extra: 2, 3" in failed.output


@pytest.mark.parametrize("text", ["a: [", "7"])
def test_a_file_that_holds_no_expectations_is_said(run: Run, tmp_path: Path, text: str) -> None:
    file = tmp_path / "expectations.yaml"
    file.write_text(text)
    refused = run("verify", file)
    assert refused.exit_code == 2
    assert "the expectations" in refused.output


def test_what_was_not_found_out_is_told_from_what_differs(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "expectations.yaml"
    file.write_text("- {where: {verdict: rejcted}, count: 0}\n")
    misspelt = run("verify", file)
    assert (misspelt.exit_code, "where.verdict: expected one of" in misspelt.output) == (2, True)
    with socket.socket() as nobody:  # bound, and not listening
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        file.write_text("[]\n")
        silent = CliRunner().invoke(main, ["verify", str(file), "--url", url])
    assert (silent.exit_code, "nothing answers" in silent.output) == (2, True)
