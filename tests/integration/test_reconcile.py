"""`bridge reconcile` as an operator types it, on a real database."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bridge.cli import main
from bridge.outbox.records import Sending, Settlement
from bridge.outbox.states import State
from bridge.wiring import Installation

Run = Callable[..., Result]
MakeOrder = Callable[..., dict[str, Any]]

EXPORT = Path(__file__).parents[1] / "vectors/orders.xml"
HEADER = "order_no,site_id,placed_at,currency,gross\n"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """The command line, with the settings of `installation` in a file."""
    config = tmp_path / "bridge.toml"
    config.write_text(
        f"""
        data_dir = "{tmp_path}"
        [[sites]]
        id = "RefArch"
        secrets = ["env:SITE_SECRET"]
        [[destinations]]
        id = "meta"
        platform = "meta_capi"
        dataset = "1234567890"
        base_url = "http://127.0.0.1:9"
        token = "env:META_TOKEN"
        enabled = true
        """
    )
    monkeypatch.setenv("BRIDGE_CONFIG", str(config))
    runner = CliRunner()
    return lambda *arguments, **options: runner.invoke(main, arguments, **options)


@pytest.fixture
def ended(installation: Installation, caller: Any, make_order: MakeOrder) -> Callable[..., None]:
    """Take an order and have it end at its destination."""

    def end(order_no: str, state: State, reason: str | None = None, **members: Any) -> None:
        caller.send(make_order(order_no=order_no, **members))
        store, lease = installation.store, timedelta(minutes=1)
        for claim in store.claim("meta", limit=1, owner="test", lease=lease):
            sending = Sending(delivery_id=claim.delivery_id, fence=claim.fence, payload=b"sealed")
            store.mark_sending([sending], at=installation.clock(), lease=lease)
            end = Settlement(
                delivery_id=claim.delivery_id, fence=claim.fence, state=state, reason=reason
            )
            store.settle([end])

    return end


def test_all_delivered_or_skipped_is_well(
    run: Run, ended: Callable[..., None], tmp_path: Path
) -> None:
    ended("A-1", State.ACCEPTED)
    ended("A-2", State.ACCEPTED, consent={"ad_user_data": "denied"})
    (tmp_path / "list.csv").write_text(
        HEADER + "A-1,RefArch,2026-11-22T07:00:00Z,USD,123.45\nA-2,RefArch,,USD,123.45\n"
    )

    told = run("reconcile", str(tmp_path / "list.csv"), "--json")

    answer = json.loads(told.output)
    assert (told.exit_code, answer["ok"], answer["findings"]) == (0, True, [])
    assert answer["totals"] | {"delivered": 1, "skipped": 1} == answer["totals"]
    assert answer["reasons"] == [
        {"destination": "meta", "outcome": "skipped", "reason": "consent_denied", "orders": 1}
    ]
    assert answer["days"][0]["delivered"] == {"orders": 1, "value": "123.45"}


def test_what_is_missing_or_rejected_is_told_with_its_day_and_value(
    run: Run, ended: Callable[..., None], tmp_path: Path
) -> None:
    ended("A-1", State.ACCEPTED)
    ended("A-2", State.REJECTED, "meta:100/2804009")
    (tmp_path / "list.csv").write_text(
        HEADER
        + "A-1,RefArch,2026-11-22T07:00:00Z,USD,100\n"
        + "A-2,RefArch,2026-11-22T07:00:00Z,USD,123.45\n"
        + "A-9,RefArch,2026-11-22T23:30:00Z,EUR,9.99\n" * 2
    )
    findings = tmp_path / "look.ndjson"

    told = run(
        *("reconcile", str(tmp_path / "list.csv"), "--timezone", "Europe/Berlin"),
        *("--findings", str(findings)),
        env={"COLUMNS": "200"},
    )

    assert told.exit_code == 1
    lines = [json.loads(line) for line in findings.read_text().splitlines()]
    assert [(one["order_no"], one["outcome"], one["reason"], one["differs"]) for one in lines] == [
        ("A-1", "delivered", None, ["gross"]),
        ("A-2", "rejected", "meta:100/2804009", []),
        ("A-9", "missing", "never_received", []),
    ]
    assert "3 orders listed" in told.output
    assert "2026-11-23" in told.output  # half past eleven in London is tomorrow in Berlin
    assert "9.99" in told.output


def test_what_did_not_arrive_is_told_and_fails_where_that_is_asked_for(
    run: Run, ended: Callable[..., None], tmp_path: Path
) -> None:
    ended("A-1", State.REJECTED, "meta:100/2804009")
    (tmp_path / "list.csv").write_text(HEADER + "A-1,RefArch,2026-11-22,USD,123.45\n")

    told = run("reconcile", str(tmp_path / "list.csv"))
    strict = run("reconcile", str(tmp_path / "list.csv"), "--strict")

    assert (told.exit_code, strict.exit_code) == (0, 1)
    assert "No order is missing, but not all arrived.\nAt their" in told.output
    assert "1 rejected" in told.output


@pytest.mark.parametrize("columns", [80, 120])
def test_no_word_of_the_answer_is_broken_on_a_narrow_screen(
    run: Run, ended: Callable[..., None], tmp_path: Path, columns: int
) -> None:
    ended("00012345", State.REJECTED, "meta:100/2804009")
    (tmp_path / "list.csv").write_text(
        HEADER
        + "00012345,RefArch,2026-11-22T07:00:00Z,EUR,1234567.89\n"
        + "00012346,RefArch,2026-11-22T07:00:00Z,USD,99.5\n"
    )

    told = run("reconcile", str(tmp_path / "list.csv"), env={"COLUMNS": str(columns)}).output

    words = told.replace("│", " ").split()
    assert max(map(len, told.splitlines())) <= columns
    whole = "2026-11-22 destination delivered 1234567.89 meta:100/2804009 never_received"
    assert set(whole.split()) <= set(words)
    assert words.count("00012345") == 1


def test_an_export_of_sfcc_is_read_with_what_was_never_placed(
    run: Run, ended: Callable[..., None]
) -> None:
    ended("X-1", State.ACCEPTED, **{"totals.gross": 104.5})

    told = run("reconcile", str(EXPORT), "--json")

    answer = json.loads(told.output)
    assert (told.exit_code, answer["listed"]) == (0, 2)
    assert [(one["outcome"], one["reason"]) for one in answer["reasons"]] == [
        ("not_due", "not_placed")
    ]
    assert "example.com" not in told.output


def test_a_bad_row_fails_and_shows_no_value(
    run: Run, installation: Installation, tmp_path: Path
) -> None:
    del installation
    (tmp_path / "list.csv").write_text(HEADER + "A-1,RefArch,secret@example.com,USD,1\n")

    told = run("reconcile", str(tmp_path / "list.csv"))

    assert told.exit_code == 1
    assert "placed_at" in told.output
    assert "secret" not in told.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list.txt",), "--format"),
        (("list.csv", "--column", "email=Mail"), "OURS=THEIRS"),
        (("list.csv", "--destination", "metta"), "enabled are meta"),
        (("list.csv", "--timezone", "Berlin"), "Europe/Berlin"),
        (("list.csv", "--site", "Other"), "RefArch"),
    ],
)
def test_a_mistake_in_the_command_is_told_in_one_line(
    run: Run, installation: Installation, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    del installation
    for name in ("list.txt", "list.csv"):
        (tmp_path / name).write_text(HEADER)

    told = run("reconcile", str(tmp_path / arguments[0]), *arguments[1:])

    assert told.exit_code == 2
    assert said in told.output
    assert "Traceback" not in told.output
