"""Orders from before the installation, and those that ended failed: the job run by hand."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cartridge_spec.rig.instance import switched_on
from cartridge_spec.rig.rhino import Rhino

Json = dict[str, Any]
NO_GRACE = {"GraceMinutes": 0}


def ago(**some: float) -> str:
    return (datetime.now(UTC) - timedelta(**some)).isoformat(timespec="milliseconds")


def state(installed: Rhino, number: str) -> Json:
    return dict(installed.call("rig/cases", "state", number))


def test_a_backfill_sends_the_orders_of_its_period_however_old(
    installed: Rhino, sfcc_order: Callable[..., str]
) -> None:
    before, within = (
        sfcc_order({"creationDate": ago(days=40)}),
        sfcc_order({"creationDate": ago(days=20)}),
    )
    period = {"From": ago(days=30), "To": ago(days=10)}

    dry = installed.call("rig/cases", "run", "backfill", period | {"DryRun": True})
    assert (dry["counts"]["due"], installed.call("rig/world", "readCalls")) == (1, [])
    installed.call("rig/cases", "run", "backfill", period)

    assert state(installed, within)["cbStatus"] == "sent"
    assert state(installed, before)["cbStatus"] is None


def test_orders_from_before_the_start_are_left_to_the_backfill(
    installed: Rhino, sfcc_order: Callable[..., str], hook: tuple[str, Any], secret: str
) -> None:
    number = sfcc_order({"creationDate": ago(days=1)})
    start = switched_on(hook[0], secret, cbOrdersFrom=ago(hours=1))
    installed.call("rig/world", "change", start)

    swept = installed.call("rig/cases", "run", "sweep", NO_GRACE)
    assert (swept["counts"]["waiting"], swept["counts"]["sent"]) == (1, 0)
    installed.call("rig/cases", "run", "backfill", {"From": ago(days=2)})

    assert state(installed, number)["cbStatus"] == "sent"


def test_a_backfill_tries_failed_orders_again_only_when_told(
    installed: Rhino, sfcc_order: Callable[..., str]
) -> None:
    number = sfcc_order({"productLineItems": []})
    installed.call("rig/cases", "run", "sweep", NO_GRACE)
    installed.call("rig/cases", "mendOrder", number, sfcc_order())
    period = {"From": ago(days=1)}

    installed.call("rig/cases", "run", "backfill", period)
    assert state(installed, number)["cbStatus"] == "failed"
    installed.call("rig/cases", "run", "backfill", period | {"Again": True})
    assert state(installed, number)["cbStatus"] == "sent"


def test_a_backfill_that_is_full_leaves_the_other_failed_orders_as_they_are(
    installed: Rhino, sfcc_order: Callable[..., str]
) -> None:
    numbers = [sfcc_order({"productLineItems": []}) for _ in range(2)]
    installed.call("rig/cases", "run", "sweep", NO_GRACE)
    again = {"From": ago(days=1), "Again": True, "MaxOrders": 1}
    installed.call("rig/cases", "run", "backfill", again)
    assert {state(installed, number)["cbStatus"] for number in numbers} == {"failed"}


def test_a_backfill_leaves_alone_what_it_would_not_send(
    installed: Rhino, sfcc_order: Callable[..., str]
) -> None:
    number = sfcc_order({"productLineItems": [], "enums.paymentStatus": 0})
    installed.call("rig/cases", "run", "sweep", NO_GRACE)
    before = state(installed, number)
    assert before["cbStatus"] == "failed"
    paid = {"cbEnabled": True, "cbConfirmedRule": "paid"}
    installed.call("rig/world", "change", {"preferences": paid})

    installed.call("rig/cases", "run", "backfill", {"From": ago(days=1), "Again": True})

    assert state(installed, number) == before


@pytest.mark.parametrize(
    "period", [{}, {"From": "soon"}, {"From": "2026-02-02T00:00:00Z", "To": "2026-02-01T00:00:00Z"}]
)
def test_a_backfill_without_a_period_says_what_to_change(installed: Rhino, period: Json) -> None:
    ended = installed.call("rig/cases", "run", "backfill", period)
    assert (ended["error"], ended["message"]) == (True, "From must be a time before To")
