"""What fails inside SFCC costs no order, and nothing secret or personal gets out.

What fails between SFCC and the bridge: storefront/test_bridge_away.py.
"""

import json
from collections.abc import Callable
from typing import Any

from cartridge_spec.rig.instance import JOB, REALTIME, services
from cartridge_spec.rig.order_records import capture_of, record_of
from cartridge_spec.rig.rhino import Rhino

from .wrong_server import WrongServer

Json = dict[str, Any]

PROBLEM = {
    "code": "contract_violated",
    "violations": [{"path": "$.totals.gross", "rule": "required", "message": "must be given"}],
}


def test_a_service_that_was_never_imported_leaves_the_checkout_alone(
    installed: Rhino, placed_order: Callable[..., Json]
) -> None:
    installed.call("rig/world", "change", {"services": {}})
    order = placed_order()

    installed.call("rig/cases", "checkout", record_of(order), capture_of(order))

    kept = installed.call("rig/cases", "state", order["order_no"])
    assert (kept["cbStatus"], kept["cbReason"]) == ("pending", "call_failed")


def test_a_snapshot_that_cannot_be_kept_makes_no_call_and_the_sweep_sends_the_order(
    installed: Rhino, placed_order: Callable[..., Json]
) -> None:
    order = placed_order()
    installed.call("rig/world", "change", {"faults": {"transaction": 0}})

    ended = installed.call("rig/cases", "checkout", record_of(order), capture_of(order))

    assert ended["returned"] == "nothing"
    assert installed.call("rig/world", "readCalls") == []
    installed.call("rig/world", "change", {"faults": {}})
    installed.call("rig/cases", "run", "sweep", {"GraceMinutes": 0})
    assert installed.call("rig/cases", "state", order["order_no"])["cbStatus"] == "sent"


def test_a_crash_between_the_call_and_the_mark_makes_one_order(
    installed: Rhino, hook: tuple[str, Any], placed_order: Callable[..., Json]
) -> None:
    order = placed_order()
    installed.call("rig/world", "change", {"faults": {"transaction": 1}})

    installed.call("rig/cases", "checkout", record_of(order), capture_of(order))

    kept = installed.call("rig/cases", "state", order["order_no"])
    assert (kept["cbStatus"], kept["cbAttempts"], kept["cbSentAt"]) == ("pending", None, None)
    installed.call("rig/world", "change", {"faults": {}})
    installed.call("rig/cases", "run", "sweep", {"GraceMinutes": 0})
    kept = installed.call("rig/cases", "state", order["order_no"])
    assert (kept["cbStatus"], kept["cbReason"]) == ("sent", "duplicate")
    assert len(installed.call("rig/world", "readCalls")) == 2


def test_an_open_circuit_of_the_checkout_does_not_stop_the_job(
    installed: Rhino, hook: tuple[str, Any], placed_order: Callable[..., Json], secret: str
) -> None:
    broken = services(hook[0], secret)
    broken[REALTIME] = broken[REALTIME] | {"breaker": 0}
    installed.call("rig/world", "change", {"services": broken})
    order = placed_order()
    installed.call("rig/cases", "checkout", record_of(order), capture_of(order))
    installed.call("rig/cases", "waitUntilDue")

    installed.call("rig/cases", "run", "sweep")

    assert installed.call("rig/cases", "state", order["order_no"])["cbStatus"] == "sent"
    assert {call["service"] for call in installed.call("rig/world", "readCalls")} == {JOB}


def test_the_secret_signs_and_never_travels(
    installed: Rhino,
    placed_order: Callable[..., Json],
    secret: str,
    wrong_server: Callable[..., WrongServer],
) -> None:
    server, order = wrong_server(503), placed_order(order_no="Ä№-7")
    installed.call("rig/world", "change", {"services": services(server.url, secret)})

    installed.call("rig/cases", "checkout", record_of(order), capture_of(order))

    [headers] = server.seen
    assert headers["webhook-id"] == "RefArch.order.%C3%84%E2%84%96-7"
    assert headers["bridge-site"] == "RefArch"
    assert headers["webhook-signature"].startswith("v1,")
    assert "authorization" not in headers
    assert secret[6:] not in str(headers)


def test_nothing_personal_and_no_secret_is_logged(
    installed: Rhino,
    placed_order: Callable[..., Json],
    secret: str,
    wrong_server: Callable[..., WrongServer],
) -> None:
    order = placed_order()
    echo = wrong_server(400, json.dumps(PROBLEM | {"detail": order["customer"]["email"]}))
    for url in (None, echo.url):
        if url:
            installed.call("rig/world", "change", {"services": services(url, secret)})
        order["order_no"] += "x"
        installed.call("rig/cases", "checkout", record_of(order), capture_of(order))

    logs = json.dumps(installed.call("rig/world", "readLogs"), ensure_ascii=False)

    assert order["order_no"] in logs
    personal = (*order["customer"].values(), *order["billing_address"].values(), secret[6:], "v1,")
    found = [p for p in personal if isinstance(p, str) and len(p) > 2 and p in logs]
    assert found == []
