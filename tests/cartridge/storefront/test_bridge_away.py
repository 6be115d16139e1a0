"""Whatever stands between SFCC and the bridge, the checkout ends as it does without our cartridges.

Each case goes through CheckoutServices-PlaceOrder, once as SFRA answers it and once as a payment
cartridge redirects it, and is compared with a shop that has no cartridge of ours. Then the sweep
finds the bridge mended.
"""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cartridge_spec.rig.instance import REALTIME, services, switched_on
from cartridge_spec.rig.order_records import record_of
from cartridge_spec.rig.rhino import Rhino

from ..wrong_server import WrongServer, self_signed_certificate  # noqa: TID252 -- tests are no package

Json = dict[str, Any]
Check = Callable[..., None]

BASE = Path(__file__).parent / "app_storefront_base"
BEHAVIOURS = ("places", "redirects after placing")
PROBLEM = {
    "code": "contract_violated",
    "violations": [{"path": "$.totals.gross", "rule": "required", "message": "must be given"}],
}
ANSWERS = {
    "400": (
        400,
        json.dumps(PROBLEM),
        "failed",
        "http_400 contract_violated $.totals.gross required",
    ),
    "400 of a proxy": (400, "<html>", "failed", "http_400"),
    "401": (401, '{"code": "signature_invalid"}', "pending", "http_401 signature_invalid"),
    "403": (403, '{"code": "site_unknown"}', "pending", "http_403 site_unknown"),
    "409": (409, "", "pending", "http_409"),
    "413": (413, '{"code": "body_too_large"}', "failed", "http_413 body_too_large"),
    "429": (429, "", "pending", "http_429"),
    "500": (500, "<h1>oops</h1>", "pending", "http_500"),
    "503": (503, '{"code": "store_unavailable"}', "pending", "http_503 store_unavailable"),
    "redirect": (302, "", "pending", "http_302"),
    "garbage": (200, "<html>welcome to our proxy</html>", "pending", "answer_unreadable"),
    "somebody else's JSON": (200, '{"ok": true}', "pending", "answer_unreadable"),
    "JSON null": (202, "null", "pending", "answer_unreadable"),
}
SETTINGS = {
    "no such host": ({"url": "http://bridge.invalid"}, "unreachable"),
    "no host at all": ({"url": "http://"}, "unreachable|call_failed"),
    "credential missing": ({"url": None}, "call_failed"),
    "secret missing": ({"password": ""}, "call_failed"),
    "service disabled": ({"enabled": False}, "disabled"),
    "circuit open": ({"breaker": 0}, "circuit_broken"),
    "rate limited": ({"rateLimit": 0}, "rate_limited"),
    "quota exceeded": ({"quota": 0}, "call_failed"),
}


@pytest.fixture(scope="module")
def shop_without_us() -> Iterator[Rhino]:
    """The base stands left of our cartridges, which hides every controller of ours."""
    with Rhino([BASE, "int_conversion_bridge_sfra", "int_conversion_bridge"]) as rhino:
        yield rhino


def placed(rhino: Rhino, shopper: Any, record: Json, behaviour: str) -> tuple[Json, Json]:
    """Everything the browser gets, and how the order stands."""
    filled = {"behaviour": behaviour, "carriesOver": True, "record": record}
    rhino.call("rig/world", "change", {"basket": {}, "checkout": filled})
    shopper.rhino = rhino
    answer = shopper.ask("CheckoutServices-PlaceOrder", "POST")
    return answer, rhino.call("rig/storefront", "standingOf", record["plain"]["orderNo"])


@pytest.fixture
def record(placed_order: Callable[..., Json]) -> Callable[[], Json]:
    def make() -> Json:
        made = record_of(placed_order()) | {"custom": {}}
        made["plain"]["orderToken"] = f"token-{made['plain']['orderNo']}"
        return made

    return make


@pytest.fixture
def place(
    storefront: Rhino, shopper: Any, shop_without_us: Rhino, record: Callable[[], Json]
) -> Callable[[str], str]:
    """Place an order in both shops, and find no difference; answers its number."""
    shop_without_us.call("rig/world", "reset", {"templates": []})

    def both(behaviour: str) -> str:
        made = record()
        with_us = placed(storefront, shopper, made, behaviour)
        assert with_us == placed(shop_without_us, shopper, made, behaviour)
        return str(made["plain"]["orderNo"])

    return both


@pytest.fixture
def check(
    storefront: Rhino, place: Callable[[str], str], hook: tuple[str, Any], secret: str
) -> Check:
    """Place orders while the bridge misbehaves, then let the sweep find the bridge mended."""

    def state(order_no: str) -> tuple[str, str]:
        kept = storefront.call("rig/cases", "state", order_no)
        assert (kept["cbNextAttemptAt"] is not None) == (kept["cbStatus"] == "pending")
        return kept["cbStatus"], kept["cbReason"]

    def run(settings: Json, status: str, reason: str, **preferences: object) -> None:
        good = services(settings.get("url", hook[0]), secret)
        wrong = good | {REALTIME: good[REALTIME] | settings}
        told = switched_on(hook[0], secret, **preferences) | {"services": wrong}
        storefront.call("rig/world", "change", told)
        numbers = [place(behaviour) for behaviour in BEHAVIOURS]
        expected = {(status, one) for one in reason.split("|")}
        assert {state(order_no) for order_no in numbers} <= expected

        storefront.call("rig/world", "change", {"services": services(hook[0], secret)})
        storefront.call("rig/cases", "waitUntilDue")
        storefront.call("rig/cases", "run", "sweep")

        ended = {state(order_no) for order_no in numbers}
        assert ended == ({("sent", "accepted")} if status == "pending" else expected)

    return run


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_that_takes_no_order_leaves_the_checkout_alone(
    case: str, check: Check, wrong_server: Callable[..., WrongServer]
) -> None:
    code, body, status, reason = ANSWERS[case]
    server = wrong_server(code, body)
    check({"url": server.url}, status, reason)
    assert len(server.seen) == len(BEHAVIOURS)


@pytest.mark.parametrize("case", SETTINGS)
def test_a_call_that_cannot_be_made_leaves_the_checkout_alone(case: str, check: Check) -> None:
    settings, reason = SETTINGS[case]
    check(settings, "pending", reason)


def test_nobody_listening_leaves_the_checkout_alone(check: Check) -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    check({"url": f"http://127.0.0.1:{port}"}, "pending", "unreachable")


def test_plain_http_where_tls_is_wanted_leaves_the_checkout_alone(
    check: Check, wrong_server: Callable[..., WrongServer]
) -> None:
    url = wrong_server(200).url.replace("http:", "https:")
    check({"url": url}, "pending", "unreachable")


def test_a_certificate_nobody_vouches_for_gets_no_order_and_leaves_the_checkout_alone(
    check: Check, wrong_server: Callable[..., WrongServer], tmp_path: Path
) -> None:
    answer = json.dumps({"status": "accepted"})
    server = wrong_server(202, answer, certificate=self_signed_certificate(tmp_path))
    check({"url": server.url}, "pending", "unreachable")
    assert server.seen == []


def test_a_silent_bridge_is_given_up_after_the_preferences_time_limit(
    check: Check, wrong_server: Callable[..., WrongServer]
) -> None:
    # Without the preference the service's own 20 seconds would count, and so would this test.
    url = wrong_server(200, silent=True).url
    check({"url": url}, "pending", "timeout", cbTimeoutMs=50)


@pytest.mark.parametrize("behaviour", ["refuses", "throws", "redirects before placing"])
def test_a_checkout_that_places_nothing_ends_as_without_us(
    place: Callable[[str], str], behaviour: str
) -> None:
    place(behaviour)
