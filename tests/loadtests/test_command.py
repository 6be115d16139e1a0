import json
import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from loadtests.command import orders
from mock_platform.client import MockWorkspace

from .conftest import SECRETS, Hook

BEFORE = ("--placed-before", "2026-11-22T07:00:00Z")


@pytest.fixture(autouse=True)
def empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the command away from a var/site.secret of this project."""
    directory = tmp_path / "here"
    directory.mkdir()
    monkeypatch.chdir(directory)
    return directory


def run(*arguments: str, env: dict[str, str] | None = None) -> Result:
    runner = CliRunner(env={"BRIDGE_SITE_SECRET": None, **(env or {})})
    return runner.invoke(orders, arguments)


def secrets_given() -> list[str]:
    return [f"--secret={site}={secret}" for site, secret in SECRETS.items()]


def report(hook: Hook, *arguments: str) -> dict[str, Any]:
    result = run("--to", hook.url, "--json", *secrets_given(), *BEFORE, *arguments)
    assert result.exit_code == 0, result.output
    parsed: dict[str, Any] = json.loads(result.stdout)
    return parsed


def test_without_a_bridge_orders_are_printed_as_json_lines() -> None:
    result = run("--count", "5", "--seed", "7", *BEFORE)
    numbers = [json.loads(line)["order_no"] for line in result.stdout.splitlines()]
    assert numbers == [f"F7-{number:06d}" for number in range(1, 6)]


def test_the_same_seed_prints_the_same_bytes_all_day() -> None:
    first, second = (run("--count", "40", "--seed", "7").stdout_bytes for _ in range(2))
    assert first == second


def test_without_a_seed_every_run_is_new() -> None:
    numbers = {run("--count", "1").stdout for _ in range(3)}
    assert len(numbers) == 3


def test_sent_orders_are_counted_by_answer(hook: Hook) -> None:
    counted = report(hook, "--count", "40", "--seed", "7", "--duplicates", "0.25")
    assert counted["seed"] == 7
    assert counted["answered"] == 50
    assert counted["accepted"] == 40
    assert counted["duplicate"] == 10
    assert counted["refused"] == 0
    assert counted["deliveries"] == [
        {"destination": "meta", "state": "pending", "reason": None, "count": 40}
    ]
    assert len(hook.orders) == 50


@pytest.mark.parametrize("size", ["1", "7", "500"])
def test_batches_carry_every_order_once(hook: Hook, size: str) -> None:
    counted = report(hook, "--count", "40", "--seed", "7", "--batch", size)
    assert counted["accepted"] == 40
    assert len({order["order_no"] for order in hook.orders}) == 40


def test_refusals_are_counted_by_code_and_first_violation(hook: Hook) -> None:
    problem = {
        "code": "contract_violated",
        "violations": [{"path": "$.currency", "rule": "enum", "message": "must be a currency"}],
    }
    hook.answer = lambda _order, _known: (400, problem)
    counted = report(hook, "--count", "3", "--seed", "7")
    assert counted["refused_by_reason"] == {"contract_violated: $.currency enum": 3}


def test_an_item_refused_in_a_batch_is_counted_by_its_problem(hook: Hook) -> None:
    refused = {"code": 403, "status": "refused", "problem": {"code": "site_mismatch"}}
    hook.answer = lambda _order, _known: (403, refused)
    counted = report(hook, "--count", "3", "--seed", "7", "--batch", "10")
    assert counted["refused_by_reason"] == {"site_mismatch": 3}


def test_a_batch_refused_as_a_whole_counts_for_each_order(hook: Hook) -> None:
    wrong = [f"--secret={SECRETS['RefArch'][:-2]}AA"]
    result = run("--to", hook.url, "--json", "--count", "9", "--batch", "9", *wrong)
    assert json.loads(result.stdout)["refused_by_reason"] == {"signature_invalid": 9}
    assert result.exit_code == 0


def test_an_answer_that_is_no_problem_is_counted_by_its_status(hook: Hook) -> None:
    counted = json.loads(
        run("--to", f"{hook.url}/wrong", "--json", "--count", "2", *secrets_given()).stdout
    )
    assert counted["refused_by_reason"] == {"http_404": 2}


def test_people_get_a_table_and_the_seed(hook: Hook) -> None:
    result = run("--to", hook.url, "--count", "4", "--seed", "7", *secrets_given())
    assert "accepted" in result.stdout
    assert "seed 7" in result.stdout
    assert result.stderr == ""


def test_no_bridge_there_ends_with_one_clear_line() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{held.getsockname()[1]}"
        result = run("--to", address, "--count", "4", *secrets_given())
    assert result.exit_code == 1
    advice = "is a bridge running there? `bridge up` starts one"
    line = f"Error: cannot connect to {address}: {advice} (orders answered before: 0)"
    assert result.stderr.splitlines() == [line]


def test_without_a_secret_the_error_says_where_to_put_one() -> None:
    result = run("--to", "http://127.0.0.1:9")
    assert result.exit_code == 1
    for place in ("--secret", "--secret-file", "BRIDGE_SITE_SECRET", "var/site.secret"):
        assert place in result.stderr


def one_secret(hook: Hook, *arguments: str, env: dict[str, str] | None = None) -> Result:
    site = ("--site", "RefArch", "--json", "--count", "2", "--seed", "7")
    result = run("--to", hook.url, *site, *arguments, env=env)
    assert json.loads(result.stdout)["accepted"] == 2
    return result


def test_a_bare_secret_serves_every_site(hook: Hook) -> None:
    one_secret(hook, "--secret", SECRETS["RefArch"])


def test_the_secret_may_stand_in_the_environment(hook: Hook) -> None:
    one_secret(hook, env={"BRIDGE_SITE_SECRET": SECRETS["RefArch"]})


def test_the_secret_may_stand_in_a_file(hook: Hook, tmp_path: Path) -> None:
    file = tmp_path / "secrets"
    file.write_text(f"Outlet={SECRETS['RefArchGlobal']}\nRefArch={SECRETS['RefArch']}\n")
    one_secret(hook, "--secret-file", str(file))


def test_the_secret_a_bridge_made_here_is_found(hook: Hook, empty_directory: Path) -> None:
    (empty_directory / "var").mkdir()
    (empty_directory / "var/site.secret").write_text(SECRETS["RefArch"])
    one_secret(hook)


def test_a_missing_secret_file_is_named() -> None:
    result = run("--to", "http://127.0.0.1:9", "--secret-file", "nowhere")
    assert "cannot read nowhere" in result.stderr


def test_a_secret_is_never_shown(hook: Hook) -> None:
    result = run("--to", hook.url, "--count", "1", "--secret", "RefArch=whsec_c2VjcmV0IQ!")
    assert result.exit_code == 1
    assert "c2VjcmV0" not in result.output


def test_curl_lines_are_printed_and_nothing_is_sent(hook: Hook) -> None:
    result = run("--to", hook.url, "--count", "2", "--curl", *secrets_given())
    lines = result.stdout.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("curl ") and hook.url in line for line in lines)
    assert hook.orders == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--placed-before", "yesterday"), "2026-11-22T07:00:00Z"),
        (("--placed-before", "2026-11-22T07:00:00"), "offset"),
        (("--duplicates", "0.8", "--broken", "0.8"), "together at most 1"),
        (("--curl",), "--to"),
        (("--batch", "501"), "500"),
    ],
)
def test_wrong_options_are_explained(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_help_teaches_by_example() -> None:
    result = run("--help")
    assert "mock-platform orders --count 3 --seed 7" in result.stdout


def printed(*arguments: str) -> list[dict[str, Any]]:
    result = run("--count", "12", "--seed", "7", *BEFORE, *arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("option", "look", "expected"),
    [
        ("--country=DE", lambda order: order["site_id"], {"RefArchGlobal"}),
        ("--currency=KWD", lambda order: order["currency"], {"KWD"}),
        ("--channel=store", lambda order: order["channel"], {"store"}),
        ("--consent=denied", lambda order: order["consent"]["ad_user_data"], {"denied"}),
        ("--consent=unknown", lambda order: order["consent"]["ad_user_data"], {"unknown"}),
        ("--consent=absent", lambda order: "consent" in order, {False}),
        ("--basket=coupon", lambda order: bool(order["coupons"]), {True}),
        ("--basket=split", lambda order: len({x["shipment"] for x in order["lines"]}), {2}),
    ],
)
def test_orders_are_of_the_kind_asked_for(option: str, look: Any, expected: set[Any]) -> None:
    channel = [] if "channel" in option else ["--channel=storefront"]
    made = printed(option, *channel)
    assert {look(order) for order in made} == expected
    assert {order["instance"] for order in made} == {"production"}


def test_the_shopper_is_a_guest_or_has_an_account() -> None:
    for shopper, numbered in (("guest", False), ("registered", True)):
        made = printed("--channel=storefront", f"--shopper={shopper}")
        assert {bool(order["customer"].get("customer_no")) for order in made} == {numbered}


def test_every_order_has_the_click_asked_for_or_none() -> None:
    made = printed("--channel=storefront", "--click=gclid")
    assert all(touch["gclid"] for order in made for touch in order["touches"])
    assert all(order["touches"] for order in made)
    assert {*map(str, (o["touches"] for o in printed("--channel=app", "--click=none")))} == {"[]"}


def test_an_order_has_the_number_asked_for() -> None:
    assert [order["order_no"] for order in printed("--order-no=QA-1")][:3] == [
        "QA-1",
        "QA-1-2",
        "QA-1-3",
    ]


def test_a_country_without_that_currency_is_refused_with_what_there_is() -> None:
    result = run("--country", "DE", "--currency", "JPY")
    assert result.exit_code == 2
    assert "nobody sells in DE in JPY" in result.stderr
    assert "currencies BRL" in result.stderr


def test_the_mock_hears_of_the_orders_before_they_are_sent(
    workspace: MockWorkspace, hook: Hook
) -> None:
    report(hook, "--count", "5", "--seed", "7", "--mock", workspace.url)
    assert workspace._get("known")["orders"] == 5


def test_a_mock_that_is_not_there_is_named() -> None:
    result = run("--count", "1", "--mock", "http://127.0.0.1:1")
    assert result.exit_code == 1
    assert "no mock could be told at http://127.0.0.1:1" in result.stderr
