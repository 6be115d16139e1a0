"""What operators type to look at deliveries, to audit them, and to act on dead letters."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bridge.operate.destinations import Destination
from bridge.wiring import Installation

Run = Callable[..., Result]


@pytest.fixture
def meta_is_sent(
    monkeypatch: pytest.MonkeyPatch, make_destination: Callable[..., Destination]
) -> None:
    """Have `run` know the destination `meta`, switched on."""
    settings = json.dumps([make_destination().model_dump(mode="json", exclude_unset=True)])
    monkeypatch.setenv("BRIDGE_DESTINATIONS", settings)


@pytest.mark.usefixtures("meta_is_sent")
def test_dead_letter_is_listed_shown_and_sent_again(run: Run, rejected: int) -> None:
    listed = json.loads(run("dead", "list", "--json").output)["dead_letters"]
    shown = json.loads(run("dead", "show", str(rejected), "--json").output)
    retried = run("dead", "retry", str(rejected))

    assert [letter["delivery"]["id"] for letter in listed] == [rejected]
    assert shown["delivery"]["detail"] == "Missing Value for Purchase Event"
    assert retried.exit_code == 0
    assert json.loads(run("status", "--json").output)["by_state"] == {"meta": {"pending": 1}}
    assert json.loads(run("dead", "list", "--json").output)["dead_letters"] == []


def test_dead_letter_of_a_destination_that_is_gone_is_not_said_to_be_sent_again(
    run: Run, rejected: int
) -> None:
    told = run("dead", "retry", str(rejected))

    assert told.exit_code == 2
    assert "meta is switched off, or gone from the settings" in told.output
    assert json.loads(run("status", "--json").output)["by_state"] == {"meta": {"rejected": 1}}


@pytest.mark.usefixtures("meta_is_sent")
@pytest.mark.parametrize("act", ["retry", "discard"])
def test_of_several_letters_all_are_acted_on_or_none(run: Run, rejected: int, act: str) -> None:
    told = run("dead", act, str(rejected), "999", "--json")
    left = json.loads(run("status", "--json").output)["by_state"]
    done = run("dead", act, str(rejected), str(rejected), "--json")

    assert told.exit_code == 2
    assert json.loads(told.stdout)["error"]["code"] == "dead_letter_not_found"
    assert "No dead letter has the number 999. None of the 2 was" in told.stdout
    assert left == {"meta": {"rejected": 1}}
    assert list(json.loads(done.stdout).values()) == [[rejected]]


@pytest.mark.usefixtures("installation")
def test_more_letters_than_a_transaction_should_hold_are_a_mistake(run: Run) -> None:
    told = run("dead", "discard", *map(str, range(1001)))

    assert told.exit_code == 2
    assert "at most 1000 at once" in told.output


def test_unknown_dead_letter_is_one_clear_line(run: Run, rejected: int) -> None:
    told = run("dead", "show", "999")

    assert told.exit_code == 2
    assert told.output == "bridge: No dead letter has the number 999.\n"


@pytest.mark.parametrize(
    "command", [("show",), ("explain",), ("edit",), ("retry",), ("discard",), ("list", "--after")]
)
def test_a_number_no_dead_letter_can_have_is_a_mistake_and_no_fault_of_ours(
    run: Run, command: tuple[str, ...]
) -> None:
    told = run("dead", *command, str(2**63))

    assert told.exit_code == 2
    assert f"{2**63} is not in the range" in told.output


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


@pytest.mark.usefixtures("rejected")
def test_what_is_leased_where_nobody_sends_any_more_comes_with_what_to_do(
    run: Run, installation: Installation
) -> None:
    with installation.engine.begin() as connection:  # `meta` is not in the settings of `run`
        connection.exec_driver_sql(
            "UPDATE deliveries SET state = 'leased', lease_until = 1, settled_at = NULL"
        )

    told = run("audit", env={"COLUMNS": "80"})
    examined = run("doctor", "--offline")

    assert told.exit_code == 1
    assert "no_lease_stranded" in told.output
    assert max(map(len, told.output.splitlines()[:-1])) <= 80
    assert "meta is switched off, or gone from the settings. Nobody sends there" in told.output
    assert "meta, waiting: 1 still open there" in examined.output


def test_dead_letter_is_explained(run: Run, rejected: int) -> None:
    told = json.loads(run("dead", "explain", str(rejected), "--json").output)
    assert told["detail"] == "Missing Value for Purchase Event"
    assert told["check"]
    assert "bridge preview" in run("dead", "explain", str(rejected)).output


@pytest.mark.parametrize("columns", [50, 80])
def test_no_word_of_a_dead_letter_is_broken_on_a_narrow_screen(
    run: Run, rejected: int, columns: int
) -> None:
    for command in (("list",), ("show", str(rejected)), ("explain", str(rejected))):
        told = run("dead", *command, env={"COLUMNS": str(columns)}).output

        assert max(map(len, told.splitlines())) <= columns
        assert "meta:100/2804009" in told


def test_dead_letters_are_exported_as_lines_of_json(run: Run, rejected: int) -> None:
    exported = [json.loads(line) for line in run("dead", "export").output.splitlines()]
    assert [letter["delivery"]["id"] for letter in exported] == [rejected]
    assert run("dead", "export", "--destination", "meta-mock").output == ""


@pytest.mark.parametrize("command", ["list", "export"])
def test_letters_of_a_destination_nobody_ever_knew_are_a_mistake_and_not_none(
    run: Run, rejected: int, command: str
) -> None:
    gone = run("dead", command, "--destination", "meta", env={"COLUMNS": "200"})
    mistaken = run("dead", command, "--destination", "mata")

    assert "meta:100/2804009" in gone.output  # not in the settings of `run`, but in the database
    assert mistaken.exit_code == 2
    assert mistaken.output == (
        "bridge: --destination: write one of google-mock, meta, meta-mock; mata is in neither the"
        " settings nor the database.\n"
    )


@pytest.mark.usefixtures("rejected")
@pytest.mark.parametrize(
    "option", ["--destination=meta-mock", "--since=2d", "--until=1d", "--column=id"]
)
def test_what_the_audit_can_ask_of_books_alone_is_refused_without_them(
    run: Run, option: str
) -> None:
    told = run("audit", option)

    assert told.exit_code == 2
    assert told.output.startswith(f"bridge: {option.split('=', maxsplit=1)[0]}: only with --books")


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
