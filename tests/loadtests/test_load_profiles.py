"""Every load profile can be read, and names only what there is."""

from pathlib import Path

import pytest

from bridge.operate.settings import Settings
from loadtests.load.__main__ import baseline
from loadtests.load.objectives import OBJECTIVES
from loadtests.load.profile import Choice, ProfileInvalid, Step, load, names, read
from mock_platform.app import create_app  # noqa: F401  # whole, before its parts
from mock_platform.fault_reading import parse_fault

MINIMAL = 'description = "d"\nsteps = [{ seconds = 2, orders_per_second = 3 }]\n'


def test_all_promised_profiles_are_there() -> None:
    assert names() == [
        "black-friday",
        "duplicate-storm",
        "flash-sale",
        "outage",
        "slow-destination",
        "smoke",
        "soak",
        "steady",
        "throttled",
        "two-bridges",
    ]


@pytest.mark.parametrize("name", names())
def test_a_profile_names_faults_settings_and_objectives_that_exist(name: str) -> None:
    profile = load(name)
    assert profile.planned_orders > 0
    assert {"refused", "backlog_last"} <= profile.objectives.keys() <= OBJECTIVES.keys()
    for fault in profile.weather:
        parse_fault({"times": None, **fault}, "1")
    assert bool(profile.weather) == ("faulted_requests" in profile.objectives)
    for variable in profile.environment:
        part, member = variable.removeprefix("BRIDGE_").lower().split("__")
        kind = Settings.model_fields[part].annotation
        assert member in getattr(kind, "model_fields", {})


def test_what_a_profile_does_not_say_has_a_default() -> None:
    profile = read("p", MINIMAL)
    assert profile.steps == (Step(seconds=2, orders_per_second=3),)
    assert (profile.users.single, profile.users.batch, profile.users.mixed) == (1, 0, 0)
    assert (profile.seconds, profile.planned_orders) == (2, 6)


def test_a_profile_says_how_many_orders_are_wanted_at_a_time() -> None:
    profile = read("p", MINIMAL.replace("}]", "}, { seconds = 1, orders_per_second = 9 }]"))
    assert [profile.rate_at(at) for at in (0, 1.9, 2, 2.9, 3)] == [3, 3, 9, 9, None]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("steps =", "p is not TOML"),
        ('description = "d"', "p: steps must be given"),
        (MINIMAL + "stepps = 1", "p: stepps is unknown"),
        (MINIMAL + "users = { many = 1 }", "p: users: many is unknown"),
        (MINIMAL + "objectives = { p99 = 1 }", "p: objectives: p99 is unknown"),
        (MINIMAL.replace("seconds = 2, ", ""), r"p: .*`seconds` - at `\$.steps\[0\]`"),
        (MINIMAL.replace("seconds = 2", "seconds = -2"), r"p: Expected `float` > 0.0 .*seconds`"),
        (MINIMAL.replace("second = 3", "second = 0"), "p: steps: one must have orders_per_second"),
        (MINIMAL.replace("}]", ", x = 1 }]"), "p: steps: x is unknown"),
        ('description = "d"\nsteps = 5', r"p: Expected `array`, got `int` - at `\$.steps`"),
        (MINIMAL + "users = 1", r"p: Expected `object`, got `int` - at `\$.users`"),
        (MINIMAL + "users = { single = 0 }", "p: users: one weight must be more than 0"),
        (MINIMAL + 'persons = "x"', r"p: Expected `int`, got `str` - at `\$.persons`"),
        (MINIMAL + "bridges = 0", r"p: Expected `int` >= 1 - at `\$.bridges`"),
        (MINIMAL + "batch_orders = 501", r"p: Expected `int` <= 500 - at `\$.batch_orders`"),
        (MINIMAL + 'objectives = { refused = "x" }', r"p: Expected `float`, got `str` - at .*"),
        (MINIMAL + "environment = { A = 1 }", r"p: Expected `str`, got `int` - at .*environment"),
    ],
)
def test_what_cannot_be_used_is_named(text: str, message: str) -> None:
    with pytest.raises(ProfileInvalid, match=message):
        read("p", text)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_bytes(b"\xff")
    with pytest.raises(ProfileInvalid, match=r"p\.toml cannot be read"):
        load(str(tmp_path / "p.toml"))


@pytest.mark.parametrize("rate", [0.5, 3, 5, 7, 500])
def test_users_make_as_many_orders_as_are_wanted_and_none_makes_more_than_it_may(
    rate: float,
) -> None:
    users, each = read("p", MINIMAL).crew(rate)
    assert users * each == pytest.approx(rate)
    assert each <= 5
    assert users < rate / 5 + 1


def test_nobody_makes_no_orders() -> None:
    assert read("p", MINIMAL).crew(0)[0] == 0


def test_an_unknown_profile_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ProfileInvalid, match="smoke"):
        load("no-such")


def test_a_shorter_run_has_its_steps_and_its_weather_in_proportion() -> None:
    outage = Choice(source="outage", seconds=9).profile()
    assert [(one.seconds, one.orders_per_second) for one in outage.steps] == [(9, 50)]
    assert [(one["starts_in"], one["lasts"]) for one in outage.weather] == [(2, 3)]


def test_the_books_of_a_long_run_are_kept_whole() -> None:
    soak = load("soak")
    assert soak.planned_orders == 90_000
    assert soak.most_events >= 2 * 90_000


def test_another_rate_changes_all_steps_and_what_is_asked_of_it() -> None:
    steady = Choice(source="steady", rate=50).profile()
    assert [one.orders_per_second for one in steady.steps] == [10, 50]
    assert steady.objectives["orders_per_second"] == 44
    assert steady.objectives["accept_p99_ms"] == 25


@pytest.mark.parametrize("choice", [Choice(source="soak"), Choice(source="p", seconds=2, rate=0.5)])
def test_a_choice_is_handed_to_another_process_whole(choice: Choice) -> None:
    assert Choice.of_environment(choice.environment(), otherwise="smoke") == choice


def test_runs_of_another_rate_length_or_database_have_a_baseline_of_their_own() -> None:
    whole, part = Choice(source="soak"), Choice(source="soak", seconds=9, rate=2.5)
    names = {
        baseline(choice, database)
        for choice in (whole, part, Choice(source="soak", seconds=9))
        for database in ("sqlite", "postgresql")
    }
    assert len(names) == 6
    assert baseline(whole, "postgresql") == baseline(whole, "postgresql://db.example/bridge")


def test_nothing_chosen_is_the_other() -> None:
    assert Choice.of_environment({}, otherwise="smoke") == Choice(source="smoke")
