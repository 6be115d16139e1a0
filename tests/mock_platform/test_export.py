"""The journal as a file, and played again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from mock_platform.cli import main
from mock_platform.client import MockPlatformError, MockWorkspace
from mock_platform.server import MockServer

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]


@pytest.fixture
def books(workspace: MockWorkspace, event: EventFactory, post: Post) -> MockWorkspace:
    """A counted order, a refused one, one urlencoded, one of the pixel, one unanswered."""
    post(event(), token="SECRET")
    post(event(event_time=1), token="SECRET")
    form = {"data": json.dumps([event(event_id="form")]), "access_token": "SECRET"}
    requests.post(f"{workspace.url}/v26.0/1/events", data=form, timeout=10)
    pixel = {"id": "1", "ev": "Purchase", "eid": "pixel"}
    requests.get(f"{workspace.url}/tr", params=pixel, timeout=10)
    workspace.fault("answer_lost")
    with pytest.raises(requests.ConnectionError):
        post(event(event_id="lost"), token="SECRET")
    return workspace


def outcome(workspace: MockWorkspace) -> list[tuple[str, str]]:
    return [(each["event_id"], each["verdict"]) for each in workspace.events()]


def test_what_was_sent_can_be_sent_again(
    books: MockWorkspace, mock_platform: MockServer, tmp_path: Path
) -> None:
    file = tmp_path / "journal.ndjson"
    file.write_text(books.export())
    other = MockWorkspace(mock_platform.url, "replayed-here")
    done = CliRunner().invoke(main, ["replay", str(file), "--to", other.url, "--json"])

    assert done.exit_code == 1, "one is answered otherwise"
    assert json.loads(done.output) == {
        "sent": 5,
        "cut": [],
        "unanswered": [],
        "differing": {"5": "None then, 200 now"},
    }
    assert outcome(other) == outcome(books)
    other.delete()


def test_a_body_that_was_cut_is_not_sent_again(
    books: MockWorkspace, event: EventFactory, post: Post, tmp_path: Path
) -> None:
    books.settings(journal_body_bytes=100)
    post(event(event_id="long"))
    file = tmp_path / "journal.ndjson"
    file.write_text(books.export().splitlines()[-1])
    done = CliRunner().invoke(main, ["replay", str(file), "--to", books.url])
    assert done.output.splitlines()[:2] == [
        "0 sent",
        "1 left out, the journal holds part of the body only",
    ]
    assert done.exit_code == 0


def test_nobody_there_is_told(books: MockWorkspace, tmp_path: Path) -> None:
    file = tmp_path / "journal.ndjson"
    file.write_text(books.export().splitlines()[0])
    done = CliRunner().invoke(main, ["replay", str(file), "--to", "http://127.0.0.1:9"])
    assert "1 unanswered" in done.output
    assert done.exit_code == 2
    file.write_text("{")
    refused = CliRunner().invoke(main, ["replay", str(file), "--to", books.url])
    assert (refused.exit_code, "line 1 is not JSON" in refused.output) == (2, True)
    file.write_text('{"id": 1}')
    refused = CliRunner().invoke(main, ["replay", str(file), "--to", books.url])
    assert (refused.exit_code, "line 1 is no request" in refused.output) == (2, True)


@pytest.mark.parametrize("form", ["ndjson", "har"])
def test_no_token_is_in_an_export(books: MockWorkspace, form: str) -> None:
    assert "SECRET" not in books.export(form)


def test_a_har_holds_what_a_browsers_tools_need(books: MockWorkspace) -> None:
    log = json.loads(books.export("har"))["log"]
    assert log["version"] == "1.2"
    assert [each["response"]["status"] for each in log["entries"]] == [200, 400, 200, 200, 0]
    first, _, form, pixel, _ = log["entries"]
    assert first["request"]["url"] == f"{books.url}/v26.0/1234567890/events"
    assert json.loads(first["request"]["postData"]["text"])["data"]
    assert first["request"]["postData"]["mimeType"] == "application/json"
    assert first["startedDateTime"].endswith("Z")
    assert first["time"] >= 0
    assert form["request"]["postData"]["mimeType"] == "application/x-www-form-urlencoded"
    assert {"name": "ev", "value": "Purchase"} in pixel["request"]["queryString"]
    required = {"startedDateTime", "time", "request", "response", "cache", "timings"}
    assert all(required <= entry.keys() for entry in log["entries"])


def test_another_format_is_refused_by_name(books: MockWorkspace) -> None:
    answer = requests.get(f"{books.url}/_mock/export?format=csv", timeout=10)
    assert answer.status_code == 400
    assert answer.json()["detail"] == "format: expected one of ndjson, har"
    with pytest.raises(MockPlatformError, match="format"):
        books._get("export", {"format": "csv"})


def test_the_command_prints_the_export(books: MockWorkspace, mock_platform: MockServer) -> None:
    at = ["--url", mock_platform.url, "--workspace", books.url.rpartition("/")[2]]
    printed = CliRunner().invoke(main, ["export", "--format", "har", *at])
    assert len(json.loads(printed.output)["log"]["entries"]) == 5


def test_every_event_is_told_with_its_verdict(books: MockWorkspace) -> None:
    url, _, name = books.url.partition("/ws/")

    told = CliRunner().invoke(
        main, ["export", "--format", "events", "--url", url, "--workspace", name]
    )

    events = [json.loads(line) for line in told.output.splitlines()]
    assert [(each["event_id"], each["verdict"]) for each in events] == outcome(books)
    assert len(events) == 5
