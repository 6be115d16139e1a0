"""What operators type, on a real database."""

import json
import socket
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from bridge.cli import COMMANDS
from bridge.wiring import Installation

Run = Callable[..., Result]
MakeOrder = Callable[..., dict[str, Any]]

VECTORS = Path(__file__).parent.parent / "vectors/normalisation.json"


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


@pytest.mark.parametrize("command", ["status", "audit", "sync", "erase --email jane@example.com"])
def test_commands_ask_for_a_migrated_database(run: Run, tmp_path: Path, command: str) -> None:
    told = run(*command.split())

    assert told.exit_code == 2
    assert "bridge migrate" in told.output
    assert not (tmp_path / "encryption.key").exists()


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


def test_erase_finds_an_order_that_brought_nothing_but_a_digest(
    run: Run, installation: Installation, caller: Any, make_order: MakeOrder
) -> None:
    digest = sha256(b"jane@example.com").hexdigest()
    caller.send(make_order(customer={}, hashed={"google": {"email": [digest]}}, order_no="1"))
    caller.send(make_order(customer={"email": digest}, hashed={}, order_no="2"))

    erased = run("erase", "--email", "Jane@example.com", "--json")

    assert json.loads(erased.output)["forgotten"] == [["RefArch", "1"], ["RefArch", "2"]]


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


@pytest.mark.usefixtures("installation")
def test_erase_without_a_value_it_can_read_is_one_clear_line(run: Run) -> None:
    refused = run("erase", "--phone", "12345")
    assert refused.exit_code == 2
    assert "needs --country" in refused.output
    assert "12345" not in refused.output
