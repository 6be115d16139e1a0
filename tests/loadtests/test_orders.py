import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files
from ipaddress import ip_address, ip_network
from itertools import islice
from typing import Any

import jsonschema_rs
import orjson
import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.markets import MARKETS
from loadtests.orders import CHANNELS, INSTANCES, Order, orders

CONTRACT = jsonschema_rs.validator_for(
    json.loads(files("cartridge_spec").joinpath("contract/order.schema.json").read_bytes())
)
NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
MINOR_DIGITS = {
    currency.code: currency.digits for market in MARKETS for currency in market.currencies
}
DOCUMENTATION = [
    ip_network(block)
    for block in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]
seeds = st.integers(min_value=0, max_value=10**9)
few = settings(max_examples=8, deadline=None)


@pytest.fixture(scope="module")
def five_hundred() -> list[Order]:
    return list(orders(500, 7, NOW))


def decimals(amounts: dict[str, Any]) -> dict[str, Decimal]:
    return {name: Decimal(str(amount)) for name, amount in amounts.items()}


def phones_of(order: Order) -> Iterator[tuple[str, str]]:
    country = (order.get("billing_address") or {}).get("country")
    people = (order.get("customer"), order.get("billing_address"), order.get("shipping_address"))
    for person in people:
        if country and person and person.get("phone"):
            yield person["phone"], country


@few
@given(seed=seeds)
def test_every_order_keeps_the_contract(seed: int) -> None:
    for order in orders(120, seed, NOW):
        problems = [str(error) for error in CONTRACT.iter_errors(orjson.loads(orjson.dumps(order)))]
        assert problems == []


@few
@given(seed=seeds)
def test_money_adds_up_exactly(seed: int) -> None:
    for order in orders(120, seed, NOW):
        totals = decimals(order["totals"])
        lines = [decimals({"gross": line["gross"], "net": line["net"]}) for line in order["lines"]]
        assert totals["gross"] == totals["net"] + totals["tax"]
        assert totals["gross"] == totals["merchandise"] + totals["shipping"]
        assert totals["merchandise"] == sum(line["gross"] for line in lines)
        net_shipping = totals["net"] - sum(line["net"] for line in lines)
        assert 0 <= net_shipping <= totals["shipping"]
        assert 0 <= totals["gift_certificate"] < totals["gross"]
        assert totals["discount"] >= 0
        assert all(0 <= line["net"] <= line["gross"] for line in lines)


@few
@given(seed=seeds)
def test_a_coupon_takes_off_its_share_to_the_last_minor_unit(seed: int) -> None:
    shares = {"SPRING": Decimal("0.10"), "WELCOME15": Decimal("0.15"), "VIP20": Decimal("0.20")}
    for order in orders(120, seed, NOW):
        if order["coupons"] and order["taxation"] == "gross":
            totals = decimals(order["totals"])
            step = Decimal(1).scaleb(-MINOR_DIGITS[order["currency"]])
            listed = totals["merchandise"] + totals["discount"]
            wanted = listed * shares[order["coupons"][0]]
            assert totals["discount"] == wanted.quantize(step, ROUND_HALF_UP)


@few
@given(seed=seeds)
def test_no_amount_has_more_decimals_than_its_currency(seed: int) -> None:
    for order in orders(120, seed, NOW):
        step = Decimal(1).scaleb(-MINOR_DIGITS[order["currency"]])
        amounts = [*order["totals"].values()]
        amounts += [amount for line in order["lines"] for amount in (line["gross"], line["net"])]
        assert all(Decimal(str(amount)) % step == 0 for amount in amounts)


@few
@given(seed=seeds)
def test_five_hundred_orders_show_every_case(seed: int) -> None:
    many = list(orders(500, seed, NOW))
    seen = {member: {order.get(member) for order in many} for member in ("currency", "taxation")}
    assert seen["currency"] == set(MINOR_DIGITS)
    assert seen["taxation"] == {"gross", "net"}
    assert {order["channel"] for order in many} == set(CHANNELS)
    assert {order["instance"] for order in many} == set(INSTANCES)
    assert {order["site_id"] for order in many} == {"RefArch", "RefArchGlobal"}
    locales = {locale for market in MARKETS for locale in market.locales}
    assert {order.get("locale") for order in many} - {None} == locales
    answers = {(order.get("consent") or {}).get("ad_user_data") for order in many}
    assert answers == {"granted", "denied", "unknown", None}
    assert {"consent" in order and order["consent"] is None for order in many} == {True, False}
    assert any("consent" not in order for order in many)
    clicks = [touch for order in many for touch in order["touches"]]
    for click_id in ("fbclid", "gclid", "gbraid", "wbraid", "ctwa_clid"):
        assert any(touch.get(click_id) for touch in clicks)
    fulfilments = {line["fulfilment"] for order in many for line in order["lines"]}
    assert fulfilments == {"home_delivery", "in_store", "curbside", "digital"}
    assert any(line["quantity"] % 1 for order in many for line in order["lines"])
    assert any(len({line["shipment"] for line in order["lines"]}) > 1 for order in many)
    assert any(order["coupons"] for order in many)
    assert any(order.get("hashed") for order in many)


def test_the_named_countries_are_there() -> None:
    countries = {market.country for market in MARKETS}
    assert countries >= {"US", "GB", "DE", "FR", "IT", "JP", "IN", "BR", "PL"}
    assert MINOR_DIGITS["JPY"] == 0
    assert MINOR_DIGITS["KWD"] == 3


@few
@given(seed=seeds)
def test_every_phone_number_is_valid_in_its_country(seed: int) -> None:
    for order in orders(200, seed, NOW):
        for text, country in phones_of(order):
            # People write 00 for + even where the network wants 011.
            number = phonenumbers.parse(re.sub("^00", "+", text), country)
            assert phonenumbers.is_valid_number_for_region(number, country), (text, country)


def test_phones_are_spelled_nationally_and_internationally(five_hundred: list[Order]) -> None:
    spellings: dict[str, set[bool]] = {}
    for order in five_hundred:
        for text, country in phones_of(order):
            spellings.setdefault(country, set()).add(text.startswith("+"))
    assert all(spelling == {True, False} for spelling in spellings.values())
    assert len(spellings) == len(MARKETS)


@few
@given(seed=seeds)
def test_only_reserved_domains_and_documentation_addresses_appear(seed: int) -> None:
    for order in orders(200, seed, NOW):
        email = (order.get("customer") or {}).get("email")
        if email:
            domain = email.strip().lower().partition("@")[2]
            reserved = ("example.com", "example.org", "example.net")
            assert domain in reserved or domain.endswith((".example", ".test"))
        ip = (order.get("browser") or {}).get("ip")
        if ip:
            assert any(ip_address(ip) in block for block in DOCUMENTATION)


def test_web_orders_are_two_days_old_at_most_and_shop_orders_twenty() -> None:
    limits = {"store": timedelta(days=20), "dss": timedelta(days=20)}
    for order in orders(2000, 3, NOW):
        age = NOW - datetime.fromisoformat(order["placed_at"])
        assert timedelta(0) < age <= limits.get(order["channel"], timedelta(hours=48))


def test_touches_are_oldest_first_and_before_the_order(five_hundred: list[Order]) -> None:
    for order in five_hundred:
        times = [datetime.fromisoformat(touch["at"]) for touch in order["touches"]]
        assert times == sorted(times)
        assert all(time < datetime.fromisoformat(order["placed_at"]) for time in times)
        assert len(times) <= 10


def test_the_click_cookie_is_that_of_the_newest_facebook_click(five_hundred: list[Order]) -> None:
    cookies = 0
    for order in five_hundred:
        cookie = (order.get("browser") or {}).get("fbc")
        if cookie:
            newest = [touch for touch in order["touches"] if touch.get("fbclid")][-1]
            at = datetime.fromisoformat(newest["at"])
            assert cookie == f"fb.1.{round(at.timestamp() * 1000)}.{newest['fbclid']}"
            cookies += 1
    assert cookies > 50


def test_some_customers_come_back_and_are_no_longer_new(five_hundred: list[Order]) -> None:
    numbers = Counter(
        number
        for order in five_hundred
        if (number := (order.get("customer") or {}).get("customer_no"))
    )
    assert 20 < sum(count > 1 for count in numbers.values()) < len(numbers)
    first: dict[str, bool] = {}
    for order in five_hundred:
        number = (order.get("customer") or {}).get("customer_no")
        if number and number in first:
            assert order["new_customer"] is False
        if number:
            first[number] = True


def test_guests_and_registered_customers_both_buy(five_hundred: list[Order]) -> None:
    kinds = Counter((order.get("customer") or {}).get("registered") for order in five_hundred)
    assert min(kinds[True], kinds[False]) > 100
    assert kinds[None] > 0


def test_order_numbers_are_unique_and_name_their_seed() -> None:
    numbers = [order["order_no"] for order in orders(3000, 42, NOW)]
    assert len(set(numbers)) == 3000
    assert numbers[16] == "F42-000017"
    others = {order["order_no"] for order in orders(100, 43, NOW)}
    assert others.isdisjoint(numbers)


def test_a_longer_run_begins_with_the_shorter_one() -> None:
    assert list(orders(50, 5, NOW)) == list(islice(orders(400, 5, NOW), 50))


def test_another_time_moves_the_orders_and_changes_nothing_else() -> None:
    later = NOW + timedelta(days=3)
    for before, after in zip(orders(50, 5, NOW), orders(50, 5, later), strict=True):
        moved = datetime.fromisoformat(after["placed_at"])
        assert moved - datetime.fromisoformat(before["placed_at"]) == timedelta(days=3)
        assert before["totals"] == after["totals"]
        assert before["order_no"] == after["order_no"]
        assert before.get("customer") == after.get("customer")


def test_one_site_can_have_all_orders() -> None:
    assert {order["site_id"] for order in orders(60, 5, NOW, site_id="Outlet")} == {"Outlet"}


def test_the_same_seed_gives_the_same_bytes_in_every_process() -> None:
    program = (
        "import sys, orjson; from datetime import datetime; from loadtests.orders import orders\n"
        "now = datetime.fromisoformat('2026-11-22T07:00:00Z')\n"
        "sys.stdout.buffer.write(b'\\n'.join(map(orjson.dumps, orders(300, 11, now))))"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for hash_seed, zone in (("1", "UTC"), ("4242", "Asia/Tokyo"))
    ]
    assert outputs[0] == outputs[1]
    assert len(outputs[0].splitlines()) == 300


def test_a_time_without_offset_is_refused_before_the_first_order() -> None:
    with pytest.raises(ValueError, match="offset"):
        orders(1, 1, NOW.replace(tzinfo=None))


@pytest.mark.parametrize(("count", "seed"), [(-1, 1), (1, -1)])
def test_negative_numbers_are_refused(count: int, seed: int) -> None:
    with pytest.raises(ValueError, match="negative"):
        orders(count, seed, NOW)
