"""The oracle of the crash runs finds what it is there to find."""

from collections.abc import Callable

import pytest

from loadtests.crash.oracle import PLATFORMS, Findings, conservation

BOTH = {(platform, order): 1 for platform in PLATFORMS for order in ("1", "2")}


def books(**changes: object) -> dict[str, tuple[str, ...]]:
    sound: dict[str, object] = {
        "acknowledged": {"1", "2"},
        "asked": {"1", "2"},
        "poison": set(),
        "counted": BOTH,
    }
    return conservation(**(sound | changes))  # type: ignore[arg-type]  # members by name


def test_orders_acknowledged_and_counted_once_are_no_finding() -> None:
    assert books() == {"missing": (), "twice": (), "unasked": ()}


def test_an_order_one_platform_does_not_count_is_missing_there() -> None:
    counted = {key: times for key, times in BOTH.items() if key != ("meta", "2")}
    assert books(counted=counted)["missing"] == ("2 at meta",)


def test_an_order_counted_twice_is_found() -> None:
    assert books(counted=BOTH | {("google", "1"): 2})["twice"] == ("1 at google",)


def test_an_order_nobody_called_about_is_found() -> None:
    assert books(counted=BOTH | {("meta", "9"): 1})["unasked"] == ("9 at meta",)


def test_an_order_counted_without_an_acknowledgement_is_no_finding() -> None:
    assert books(acknowledged={"1"})["unasked"] == ()


def test_poison_is_not_owed_and_may_not_be_counted() -> None:
    assert books(poison={"2"})["missing"] == ()
    assert books(poison={"2"})["unasked"] == ("2 at google", "2 at meta")


@pytest.mark.parametrize("broken", ["missing", "twice", "given_up", "unasked", "audit"])
def test_one_broken_promise_is_enough(broken: str) -> None:
    make: Callable[..., Findings] = Findings
    sound = dict.fromkeys(("missing", "twice", "given_up", "unasked", "audit"), ())
    assert make(**sound, fresh_seconds=1.0).ok
    assert not make(**sound | {broken: ("1",)}, fresh_seconds=1.0).ok
    assert not make(**sound, fresh_seconds=None).ok
