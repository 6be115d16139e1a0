"""The sweep: the guarantee that no order is lost."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from cartridge_spec.rig.instance import services
from cartridge_spec.rig.rhino import CARTRIDGES, Rhino

Json = dict[str, Any]
NO_GRACE = {"GraceMinutes": 0}


def state(core: Rhino, number: str) -> Json:
    return dict(core.call("rig/cases", "state", number))


def batches(core: Rhino) -> list[int]:
    return [len(json.loads(call["body"])) for call in core.call("rig/world", "readCalls")]


def ago(**time: float) -> str:
    return (datetime.now(UTC) - timedelta(**time)).isoformat(timespec="milliseconds")


def test_orders_no_hook_saw_are_sent_in_batches(
    installed: Rhino, sfcc_order: Callable[..., str]
) -> None:
    numbers = [sfcc_order() for _ in range(5)]

    ended = installed.call("rig/cases", "run", "sweep", NO_GRACE | {"BatchSize": 2})

    assert (ended["error"], ended["code"], ended["counts"]["sent"]) == (False, "OK", 5)
    assert batches(installed) == [2, 2, 1]
    assert {state(installed, number)["cbStatus"] for number in numbers} == {"sent"}


def test_each_order_of_a_batch_gets_its_own_answer(
    installed: Rhino, sfcc_order: Callable[..., str]
) -> None:
    good, bad = sfcc_order(), sfcc_order({"productLineItems": []})

    ended = installed.call("rig/cases", "run", "sweep", NO_GRACE)

    assert ended["code"] == "WITH_FAILURES"
    assert state(installed, good)["cbStatus"] == "sent"
    refused = state(installed, bad)
    assert (refused["cbStatus"], refused["cbReason"]) == (
        "failed",
        "http_400 contract_violated $.lines minItems",
    )


def test_an_order_just_placed_is_left_to_its_checkout(
    installed: Rhino, sfcc_order: Callable[..., str]
) -> None:
    fresh, older = sfcc_order(), sfcc_order({"creationDate": ago(minutes=11)})

    installed.call("rig/cases", "run", "sweep", {})

    assert state(installed, fresh)["cbStatus"] is None
    assert state(installed, older)["cbStatus"] == "sent"


def test_what_the_index_still_finds_is_judged_by_the_order_itself(
    installed: Rhino, sfcc_order: Callable[..., str]
) -> None:
    number = sfcc_order()
    installed.call("rig/cases", "run", "sweep", NO_GRACE)

    ended = installed.call("rig/cases", "sweepOnly", "net", [number])

    assert ended["code"] == "NOTHING_TO_DO"
    assert batches(installed) == [1]


def test_an_order_confirmed_later_by_hand_is_sent_then(
    installed: Rhino, sfcc_order: Callable[..., str]
) -> None:
    number = sfcc_order({"enums.confirmationStatus": 0})
    assert installed.call("rig/cases", "run", "sweep", NO_GRACE)["counts"]["waiting"] == 1

    installed.call("rig/orders", "change", number, {"confirmationStatus": 2})
    installed.call("rig/cases", "run", "sweep", NO_GRACE)

    assert state(installed, number)["cbStatus"] == "sent"


def test_an_order_that_waited_too_long_says_so(
    installed: Rhino, sfcc_order: Callable[..., str]
) -> None:
    number = sfcc_order({"creationDate": ago(hours=169), "enums.confirmationStatus": 0})
    installed.call("rig/cases", "run", "sweep", NO_GRACE)
    kept = state(installed, number)
    assert (kept["cbStatus"], kept["cbReason"]) == ("skipped", "too_old")


def test_no_preference_no_sweep(installed: Rhino, sfcc_order: Callable[..., str]) -> None:
    number = sfcc_order()
    installed.call("rig/world", "change", {"preferences": {}})
    assert installed.call("rig/cases", "run", "sweep", NO_GRACE)["code"] == "DISABLED"
    assert state(installed, number)["cbStatus"] is None


def test_a_bridge_that_is_away_halts_the_run_and_waits_longer_each_time(
    installed: Rhino, sfcc_order: Callable[..., str], secret: str, hook: tuple[str, Any]
) -> None:
    numbers = [sfcc_order() for _ in range(5)]
    installed.call("rig/world", "change", {"services": services("http://127.0.0.1:1", secret)})

    ended = installed.call("rig/cases", "run", "sweep", NO_GRACE | {"BatchSize": 1})

    assert (ended["code"], ended["counts"]["pending"]) == ("HALTED", 3)
    tried = [n for n in numbers if state(installed, n)["cbStatus"] == "pending"]
    assert [state(installed, n)["cbReason"] for n in tried] == ["unreachable"] * 3
    assert len(batches(installed)) == 3
    installed.call("rig/world", "change", {"services": services(hook[0], secret)})
    installed.call("rig/cases", "waitUntilDue")
    installed.call("rig/cases", "run", "sweep", NO_GRACE)
    assert {state(installed, number)["cbStatus"] for number in numbers} == {"sent"}


def test_the_wait_doubles_up_to_eight_hours(core: Rhino) -> None:
    waits = [
        core.call("*/cartridge/scripts/conversionBridge/orderState", "waitAfter", attempts)
        for attempts in (1, 2, 3, 7, 8, 50)
    ]
    assert [milliseconds / 60_000 for milliseconds in waits] == [5, 10, 20, 320, 480, 480]


def test_an_order_that_cannot_be_built_stops_no_other(
    installed: Rhino, sfcc_order: Callable[..., str]
) -> None:
    broken, good = sfcc_order(), sfcc_order()
    installed.call("rig/cases", "breakOrder", broken, "totalGrossPrice")

    installed.call("rig/cases", "run", "sweep", NO_GRACE)

    kept = state(installed, broken)
    assert (kept["cbStatus"], kept["cbReason"]) == ("pending", "call_failed")
    assert kept["cbNextAttemptAt"] is not None
    assert state(installed, good)["cbStatus"] == "sent"


def test_a_run_takes_no_more_orders_than_it_may(
    installed: Rhino, sfcc_order: Callable[..., str]
) -> None:
    for _ in range(3):
        sfcc_order()
    ended = installed.call("rig/cases", "run", "sweep", NO_GRACE | {"MaxOrders": 2})
    assert ended["counts"]["sent"] == 2


def test_a_batch_over_the_bridges_limit_is_halved_until_it_fits(
    installed: Rhino, sfcc_order: Callable[..., str], hook: tuple[str, Any]
) -> None:
    numbers = [sfcc_order() for _ in range(3)]
    limits = hook[1].settings.hook
    object.__setattr__(limits, "max_batch_body", 3000)
    try:
        installed.call("rig/cases", "run", "sweep", NO_GRACE)
    finally:
        object.__setattr__(limits, "max_batch_body", 16 * 1024 * 1024)
    assert {state(installed, number)["cbStatus"] for number in numbers} == {"sent"}
    assert batches(installed) == [3, 2, 1, 1, 1]


def test_what_differs_from_the_first_call_is_shown_on_the_order(
    installed: Rhino, sfcc_order: Callable[..., str]
) -> None:
    number = sfcc_order()
    installed.call("rig/cases", "run", "sweep", NO_GRACE)
    installed.call("rig/orders", "change", number, {"gross": 99})
    installed.call("rig/cases", "requeueAll")

    installed.call("rig/cases", "run", "sweep", NO_GRACE)

    assert state(installed, number)["cbReason"] == "duplicate differs:totals.gross"


def test_each_site_signs_with_the_credential_its_preference_names(
    installed: Rhino, sfcc_order: Callable[..., str], hook: tuple[str, Any], other_secret: str
) -> None:
    number = sfcc_order()
    change = {
        "siteId": "RefArchGlobal",
        "credentials": {"global": {"url": hook[0] + "/", "password": other_secret}},
        "preferences": {"cbEnabled": True, "cbCredentialId": "global"},
    }
    installed.call("rig/world", "change", change)

    installed.call("rig/cases", "run", "sweep", NO_GRACE)

    assert state(installed, number)["cbReason"] == "accepted"
    assert installed.call("rig/world", "readCalls")[-1]["headers"]["bridge-site"] == "RefArchGlobal"


def test_the_step_types_declare_every_code_a_step_ends_with() -> None:
    core = CARTRIDGES / "int_conversion_bridge"
    ending = core / "cartridge/scripts/conversionBridge/ending.js"
    used = set(re.findall(r"'([A-Z_]+)'", ending.read_text()))
    for step in json.loads((core / "steptypes.json").read_text())["step-types"][
        "script-module-step"
    ]:
        if "Purge" not in step["@type-id"]:
            assert used <= {code["@code"] for code in step["status-codes"]["status"]}
