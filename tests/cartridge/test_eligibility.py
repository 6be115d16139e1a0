"""Which orders are sent, which wait, and which never are."""

from typing import Any

import pytest

from cartridge_spec.rig.rhino import Rhino

ELIGIBILITY = "*/cartridge/scripts/conversionBridge/eligibility"
NOW, HOUR = 1_800_000_000_000, 3_600_000

FACTS: dict[str, Any] = {
    "state": None,
    "tried": False,
    "instance": "production",
    "channel": "storefront",
    "adUserData": "granted",
    "status": {"order": "new", "confirmation": "confirmed", "payment": "not_paid"},
    "createdAt": NOW - HOUR,
    "nextAttemptAt": None,
    "now": NOW,
}
SETTINGS: dict[str, Any] = {
    "cbEnabled": True,
    "cbAllowNonProduction": False,
    "cbChannels": [],
    "cbConsentMode": "opt_out",
    "cbConfirmedRule": "confirmed",
    "cbLookbackHours": 168,
    "cbOrdersFrom": 0,
}


def status(order: str = "new", confirmation: str = "confirmed", payment: str = "paid") -> Any:
    return {"status": {"order": order, "confirmation": confirmation, "payment": payment}}


CASES: list[tuple[dict[str, Any], dict[str, Any], tuple[str, str | None]]] = [
    ({}, {}, ("send", None)),
    ({}, {"cbEnabled": False}, ("wait", "disabled")),
    ({"state": "pending"}, {}, ("send", None)),
    ({"state": "sent"}, {}, ("done", "sent_already")),
    ({"state": "failed"}, {}, ("done", "sent_already")),
    ({"state": "skipped"}, {}, ("done", "sent_already")),
    ({"instance": "sandbox"}, {}, ("skip", "non_production_instance")),
    ({"instance": "sandbox"}, {"cbAllowNonProduction": True}, ("send", None)),
    ({"channel": "store"}, {"cbChannels": ["storefront"]}, ("skip", "channel_not_selected")),
    ({"channel": "store"}, {"cbChannels": ["storefront", "store"]}, ("send", None)),
    ({"adUserData": "denied"}, {}, ("skip", "consent_denied")),
    ({"adUserData": "denied"}, {"cbConsentMode": "require"}, ("skip", "consent_denied")),
    ({"adUserData": "denied"}, {"cbConsentMode": "off"}, ("send", None)),
    ({"adUserData": "unknown"}, {}, ("send", None)),
    ({"adUserData": "unknown"}, {"cbConsentMode": "require"}, ("skip", "consent_unknown")),
    (status("created"), {}, ("wait", "not_placed")),
    (status("open"), {}, ("send", None)),
    (status("completed"), {}, ("send", None)),
    (status("cancelled"), {}, ("skip", "ended_before_sending")),
    (status("failed"), {}, ("wait", "not_placed")),
    (status("replaced"), {}, ("skip", "ended_before_sending")),
    (status("cancelled") | {"tried": True}, {}, ("send", None)),
    (status("new", "not_confirmed"), {}, ("wait", "not_confirmed")),
    (status("new", "not_confirmed"), {"cbConfirmedRule": "placed"}, ("send", None)),
    (status("new", "confirmed", "not_paid"), {"cbConfirmedRule": "paid"}, ("wait", "not_paid")),
    (status(), {"cbConfirmedRule": "paid"}, ("send", None)),
    ({"createdAt": NOW - 168 * HOUR}, {}, ("send", None)),
    ({"createdAt": NOW - 168 * HOUR - 1}, {}, ("skip", "too_old")),
    (status("new", "not_confirmed") | {"createdAt": 0}, {}, ("skip", "too_old")),
    ({}, {"cbOrdersFrom": NOW}, ("wait", "before_start")),
    ({}, {"cbOrdersFrom": NOW - HOUR}, ("send", None)),
    ({"tried": True}, {"cbOrdersFrom": NOW}, ("send", None)),
    ({"nextAttemptAt": NOW + 1}, {}, ("wait", "not_due")),
    ({"nextAttemptAt": NOW}, {}, ("send", None)),
]


@pytest.mark.parametrize(("facts", "settings", "expected"), CASES)
def test_an_order_is_judged_by_what_is_known_of_it(
    core: Rhino, facts: dict[str, Any], settings: dict[str, Any], expected: tuple[str, str | None]
) -> None:
    judged = core.call(ELIGIBILITY, "judge", FACTS | facts, SETTINGS | settings)
    assert (judged["verdict"], judged["reason"]) == expected
