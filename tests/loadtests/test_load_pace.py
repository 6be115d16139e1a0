"""When the users of a load call."""

from collections import Counter
from random import Random

from loadtests.load.pace import Pace

USERS, RATE, SECONDS = 100, 5.0, 60


def moments(pace: Pace) -> list[float]:
    now, made = 0.0, []
    while now < SECONDS:
        now += pace.wait(RATE, now)
        made.append(now)
    return made


def test_many_users_call_as_often_as_wanted_and_never_all_at_once() -> None:
    chance = Random(2026)
    calls = [at for _ in range(USERS) for at in moments(Pace(chance, 0.0))]
    assert abs(len(calls) / (USERS * RATE * SECONDS) - 1) < 0.05
    in_a_hundredth = Counter(int(at * 100) for at in calls)
    assert max(in_a_hundredth.values()) < USERS * RATE / 100 * 5


def test_who_waited_long_for_an_answer_does_not_make_up_for_it() -> None:
    pace = Pace(Random(1), 0.0)
    answered = 1000.0
    assert pace.wait(RATE, answered) == 0
    assert pace.wait(RATE, answered) > 0
