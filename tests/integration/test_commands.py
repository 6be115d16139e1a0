"""What operators type, on a real database."""

import json
import socket
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bridge.cli import COMMANDS, main
from bridge.outbox.records import Sending, Settlement
from bridge.outbox.states import State
from bridge.wiring import Installation

Run = Callable[..., Result]
MakeOrder = Callable[..., dict[str, Any]]

VECTORS = Path(__file__).parent.parent / "vectors/normalisation.json"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """The command line on the installation in tmp_path, without a settings file."""
    monkeypatch.delenv("BRIDGE_CONFIG", raising=False)
    monkeypatch.setenv("BRIDGE_DATA_DIR", str(tmp_path))
    runner = CliRunner()
    return lambda *arguments, **options: runner.invoke(main, arguments, **options)


@pytest.fixture
def rejected(installation: Installation, caller: Any, make_order: MakeOrder) -> int:
    """One order the platform refused; answers its delivery's number."""
    placed_at = datetime.now(UTC) - timedelta(hours=1)
    caller.clock.at = datetime.now(UTC)
    caller.send(make_order(placed_at=placed_at.isoformat()))
    store, lease = installation.store, timedelta(minutes=1)
    (claim,) = store.claim("meta", limit=1, owner="test", lease=lease)
    sending = Sending(delivery_id=claim.delivery_id, fence=claim.fence, payload=b"sealed")
    store.mark_sending([sending], at=installation.clock(), lease=lease)
    end = Settlement(
        delivery_id=claim.delivery_id,
        fence=claim.fence,
        state=State.REJECTED,
        reason="meta:100/2804009",
        detail="Missing Value for Purchase Event",
    )
    store.settle([end])
    return claim.delivery_id


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    told = run(command, "--help")

    assert told.exit_code == 0
    assert len(told.output) > 100


def test_hash_answers_the_vectors_line_by_line(run: Run) -> None:
    rows = [row for row in json.loads(VECTORS.read_bytes()) if row["platform"] == "meta"]
    assert len(rows) > 100
    lines = "\n".join(json.dumps(row) for row in rows)

    answers = [json.loads(line) for line in run("hash", input=lines).output.splitlines()]

    expected = [(row["normalised"], row["sha256"]) for row in rows]
    assert [(answer["normalised"], answer["sha256"]) for answer in answers] == expected
    assert all(answer["reason"] for answer in answers if answer["sha256"] is None)


def test_hash_of_one_value_names_the_country_and_field(run: Run) -> None:
    told = run(*"hash --platform meta --field ph --country US (650)555-1212 --json".split())

    assert json.loads(told.output)["normalised"] == "16505551212"


def test_hash_of_an_unknown_field_lists_the_known_ones(run: Run) -> None:
    told = run(*"hash --platform meta --field mail a@example.com".split())

    assert told.exit_code == 2
    assert "email" in told.output
    assert "Traceback" not in told.output


def test_one_unreadable_field_costs_its_own_line_only(run: Run) -> None:
    lines = [
        '{"platform":"meta","field":"no","raw":"x"}',
        "not json",
        '{"platform":"meta","field":"ph","raw":"0650","country":5}',
        '{"platform":"meta","field":"em","raw":"x"}',
    ]

    told = run("hash", input="\n".join(lines)).output

    answers = [json.loads(line) for line in told.splitlines()]

    assert [answer["sha256"] for answer in answers] == [None] * 4
    assert "Unknown field" in answers[0]["reason"]
    assert "JSON" in answers[1]["reason"]
    assert "country" in answers[2]["reason"]


def test_preview_shows_the_event_and_touches_no_disk(
    run: Run, make_order: MakeOrder, tmp_path: Path
) -> None:
    now = datetime.now(UTC).isoformat()
    orders = [
        make_order(placed_at=now),
        make_order(placed_at=now, consent={"ad_user_data": "denied"}),
    ]
    lines = "\n".join(json.dumps(order) for order in orders)

    sent, skipped = (
        json.loads(line) for line in run("preview", "-", input=lines).output.split("\n")[:2]
    )

    assert sent["deliveries"][0]["event"]["custom_data"]["value"] == 123.45
    assert skipped["deliveries"][0]["reason"] == "consent_denied"
    assert list(tmp_path.iterdir()) == []


def test_preview_of_a_broken_order_lists_its_violations(run: Run, make_order: MakeOrder) -> None:
    told = run("preview", "-", input=json.dumps(make_order(currency="?")))

    assert json.loads(told.output)["violations"][0]["path"] == "$.currency"


def test_one_unreadable_line_costs_preview_only_itself(run: Run, make_order: MakeOrder) -> None:
    lines = f"nope\n{json.dumps(make_order())}\n"

    broken, sent = map(json.loads, run("preview", "-", input=lines).output.splitlines())

    assert broken["code"] == "body_not_json"
    assert sent["order_no"] == "00012345"


def test_an_error_is_json_too_where_json_is_asked_for(run: Run) -> None:
    told = run("status", "--json")

    assert json.loads(told.stdout)["error"]["code"] == "settings_invalid"


def test_missing_site_secret_is_one_clear_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "bridge.toml"
    config.write_text('[[sites]]\nid = "Shop"\nsecrets = ["env:NOT_SET_ANYWHERE"]\n')
    monkeypatch.setenv("BRIDGE_CONFIG", str(config))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("BRIDGE_HOOK__PORT", str(probe.getsockname()[1]))

    told = run("up")

    assert told.exit_code == 2
    assert told.output.startswith("bridge: env:NOT_SET_ANYWHERE")
    assert len(told.output.splitlines()) == 1


def test_commands_ask_for_a_migrated_database(run: Run) -> None:
    told = run("status")

    assert told.exit_code == 2
    assert "bridge migrate" in told.output


def test_migrate_may_be_run_again(run: Run) -> None:
    first, second = (run("migrate", "--json") for _ in range(2))

    assert first.exit_code == second.exit_code == 0
    assert json.loads(first.output) == json.loads(second.output)


def test_status_tells_what_became_of_an_order(run: Run, rejected: int) -> None:
    told = json.loads(run("status", "00012345", "--json").output)

    (delivery,) = told["orders"][0]["deliveries"]
    assert (delivery["id"], delivery["state"]) == (rejected, "rejected")
    assert delivery["reason"] == "meta:100/2804009"


def test_status_of_an_unknown_order_fails_and_names_it(run: Run, rejected: int) -> None:
    told = run("status", "nobody-knows")

    assert told.exit_code == 1
    assert "nobody-knows" in told.output


def test_status_without_an_order_counts_deliveries(run: Run, rejected: int) -> None:
    assert json.loads(run("status", "--json").output)["by_state"] == {"meta": {"rejected": 1}}
    assert "rejected" in run("status").output


def test_dead_letter_is_listed_shown_and_sent_again(run: Run, rejected: int) -> None:
    listed = json.loads(run("dead", "list", "--json").output)["dead_letters"]
    shown = json.loads(run("dead", "show", str(rejected), "--json").output)
    retried = run("dead", "retry", str(rejected))

    assert [letter["delivery"]["id"] for letter in listed] == [rejected]
    assert shown["delivery"]["detail"] == "Missing Value for Purchase Event"
    assert retried.exit_code == 0
    assert json.loads(run("status", "--json").output)["by_state"] == {"meta": {"pending": 1}}
    assert json.loads(run("dead", "list", "--json").output)["dead_letters"] == []


def test_unknown_dead_letter_is_one_clear_line(run: Run, rejected: int) -> None:
    told = run("dead", "show", "999")

    assert told.exit_code == 2
    assert told.output == "bridge: No dead letter has the number 999.\n"


def test_audit_is_content_with_a_sound_outbox(run: Run, rejected: int) -> None:
    told = run("audit", "--json")

    assert told.exit_code == 0
    assert json.loads(told.output)["ok"] is True


def test_audit_fails_when_a_delivery_is_missing(
    run: Run, rejected: int, installation: Installation
) -> None:
    with installation.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM deliveries")

    told = run("audit", "--json")

    assert told.exit_code == 1
    broken = {finding["rule"] for finding in json.loads(told.output)["findings"]}
    assert "deliveries_complete" in broken


def test_port_in_use_is_one_clear_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("BRIDGE_HOOK__PORT", str(taken.getsockname()[1]))

        told = run("up")

    assert told.exit_code == 2
    assert "BRIDGE_HOOK__PORT" in told.output
    assert len(told.output.splitlines()) == 1


def test_erase_reads_the_value_from_standard_input_and_never_says_it(
    run: Run, installation: Installation, caller: Any, make_order: MakeOrder
) -> None:
    caller.send(make_order(**{"customer.email": "jane@example.com"}))

    erased = run("erase", "--email", "-", "--json", input="Jane@Example.com\n")

    assert json.loads(erased.output) == {
        "orders": 1,
        "cancelled": 1,
        "forgotten": [["RefArch", "00012345"]],
        "left": 0,
    }
    assert "jane" not in erased.output.lower()
    assert json.loads(run("status", "--json").output)["by_state"] == {"meta": {"cancelled": 1}}


def test_erase_finds_what_came_in_before_the_key_was_changed(
    run: Run,
    installation: Installation,
    caller: Any,
    make_order: MakeOrder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caller.send(make_order(**{"customer.email": "jane@example.com"}))
    old = f"file:{installation.settings.key_file}"
    monkeypatch.setenv("NEW_KEY", b64encode(b"a master key for the tests alone").decode())
    monkeypatch.setenv("BRIDGE_ENCRYPTION_KEYS", json.dumps(["env:NEW_KEY", old]))

    erased = run("erase", "--email", "jane@example.com", "--json")

    assert json.loads(erased.output)["orders"] == 1


def test_erase_without_a_value_it_can_read_is_one_clear_line(run: Run) -> None:
    refused = run("erase", "--phone", "12345")
    assert refused.exit_code == 2
    assert "needs --country" in refused.output
    assert "12345" not in refused.output


def test_dead_letter_is_explained(run: Run, rejected: int) -> None:
    told = json.loads(run("dead", "explain", str(rejected), "--json").output)
    assert told["detail"] == "Missing Value for Purchase Event"
    assert told["check"]
    assert "bridge preview" in run("dead", "explain", str(rejected)).output


def test_dead_letters_are_exported_as_lines_of_json(run: Run, rejected: int) -> None:
    exported = [json.loads(line) for line in run("dead", "export").output.splitlines()]
    assert [letter["delivery"]["id"] for letter in exported] == [rejected]
    assert run("dead", "export", "--destination", "other").output == ""


def test_an_edit_lists_what_may_be_corrected(run: Run, rejected: int) -> None:
    told = run("dead", "edit", str(rejected), "--json")

    fields = json.loads(told.output)["fields"]
    assert (fields["currency"], fields["country"]) == ("USD", "US")
    assert fields["totals.gross"] == "123.45"
    assert not {name for name in fields if name.startswith(("customer", "event_id", "browser"))}


def test_what_may_not_be_corrected_is_refused_with_the_reason(run: Run, rejected: int) -> None:
    told = run("dead", "edit", str(rejected), "--set", "customer.email=jane@example.com")

    assert told.exit_code == 2
    assert "nobody's name is kept" in told.output
    assert "totals.gross" in told.output
    assert "jane@" not in told.output


@pytest.mark.parametrize("traceback", ["", "1"])
def test_an_error_nobody_expected_is_one_line_unless_all_of_it_is_asked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch, traceback: str
) -> None:
    def fail() -> None:
        raise KeyError("jane@example.com")

    monkeypatch.setattr("bridge.commands.looking.open_queries", fail)

    told = run("status", "--json", env={"BRIDGE_TRACEBACK": traceback})

    line, shown = told.stderr.split("\n", 1)
    assert told.exit_code == 3
    assert json.loads(told.stdout)["error"]["code"] == "unexpected"
    assert "KeyError at looking.py:" in line
    assert "BRIDGE_TRACEBACK=1" in line
    assert "jane" not in told.stdout + line
    assert ("jane@example.com" in shown) is bool(traceback)


@pytest.mark.usefixtures("rejected")
def test_the_audit_claims_of_books_only_what_it_checked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "books.csv").write_text("event_id\n77\n")
    (tmp_path / "books.ndjson").write_text('{"event_id": "77", "source": "browser"}\n')
    books = ("audit", "--destination", "meta-mock", "--books")

    csv = run(*books, str(tmp_path / "books.csv"))
    rows = run(*books, str(tmp_path / "books.ndjson"), "--since", "2d")
    later = run(*books, str(tmp_path / "books.csv"), "--since", "2999-01-01")

    assert (csv.exit_code, rows.exit_code, later.exit_code) == (0, 0, 2)
    assert "Not checked: what is counted and was not sent" in csv.output
    assert "missing" not in csv.output
    assert "None is counted that was not sent." in rows.output
    assert "None is missing that was placed from" in rows.output
    assert "--since: write a time that has passed" in later.output
