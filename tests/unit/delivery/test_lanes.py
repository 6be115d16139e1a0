"""The row of a destination's lanes, in every order in which their steps can follow each other."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from bridge.delivery.lanes import LANES, Lane, Row


class Blocked(Exception):
    """The step would wait."""


class Stepwise:
    """A condition that says what it would wait for, and whether others were told of a change."""

    told = False

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass

    def wait_for(self, predicate: Callable[[], bool], seconds: float | None = None) -> None:
        if not predicate():
            raise Blocked

    def notify_all(self) -> None:
        self.told = True


@dataclass(frozen=True)
class State:
    """Where each lane is in its round, whether it may be followed, and how the row stands."""

    at: tuple[str, ...]
    followed: tuple[bool, ...]
    row: tuple[int, ...] = ()
    lets_in: bool = True
    stop: bool = False
    woken: bool = False


class World:
    """Real lanes in a real row that stands as a state says."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.row = Row(threading.Event())
        self.moved = Stepwise()
        self.row.moved = self.moved  # type: ignore[assignment]  # takes steps instead of waiting
        self.row.lets_in = state.lets_in
        if state.stop:
            self.row.stop.set()
        self.lanes = [Lane(self.row) for _ in state.at]
        for lane, followed in zip(self.lanes, state.followed, strict=True):
            lane.followed = followed
        self.row.lanes = [self.lanes[number] for number in state.row]

    def after(self, number: int, at: str) -> State:
        places = list(self.state.at)
        places[number] = at
        return replace(
            self.state,
            at=tuple(places),
            followed=tuple(lane.followed for lane in self.lanes),
            row=tuple(self.lanes.index(lane) for lane in self.row.lanes),
            lets_in=self.row.lets_in,
        )


# A round, as bridge/delivery/rounds.py and bridge/pipeline.py walk it. Whatever fails, ends it.
def enters(lane: Lane, _: bool) -> list[str]:
    return ["claims" if lane.enter() else "ends"]


def claims(lane: Lane, _: bool) -> list[str]:
    return ["ends", "has some", "has all"] if lane.is_first else ["ends", "lets gather", "has all"]


def lets_gather(lane: Lane, _: bool) -> list[str]:
    return ["claims" if lane.await_first() else "ends"]


def has_some(lane: Lane, _: bool) -> list[str]:
    lane.followed = False
    return ["is built"]


def has_all(lane: Lane, _: bool) -> list[str]:
    lane.followed = True
    return ["is built"]


def is_built(lane: Lane, _: bool) -> list[str]:
    ready = lane.is_first or lane.await_first(1)
    return ["posts", "ends"] if ready else ["ends"]


def posts(lane: Lane, _: bool) -> list[str]:
    lane.let_next_in()
    return ["is in flight"]


def is_in_flight(_: Lane, stop: bool) -> list[str]:
    return ["ends"] if stop else ["posts", "ends"]


def ends(lane: Lane, stop: bool) -> list[str]:
    lane.end_round()
    return ["leaves"] if stop else ["enters"]


def leaves(lane: Lane, _: bool) -> list[str]:
    lane.leave()
    return ["is gone"]


STEPS: dict[str, Callable[[Lane, bool], list[str]]] = {
    one.__name__.replace("_", " "): one
    for one in (
        *(enters, claims, lets_gather, has_some, has_all, is_built),
        *(posts, is_in_flight, ends, leaves),
    )
}


def can_move(state: State, number: int) -> bool:
    world = World(state)
    try:
        STEPS[state.at[number]](world.lanes[number], state.stop)
    except Blocked:
        return False
    return True


def steps(state: State) -> Iterator[State]:
    for number, at in enumerate(state.at):
        if at == "is gone" or not can_move(state, number):
            continue
        world = World(state)
        for then in STEPS[at](world.lanes[number], state.stop):
            after = world.after(number, then)
            assert world.moved.told or not freed(state, after), "somebody waits on, untold"
            yield after
    if not state.stop:
        yield replace(state, stop=True)
    elif not state.woken:
        yield replace(state, woken=True)


def freed(before: State, after: State) -> bool:
    """Whether a lane that waited before, and stands where it stood, could go on now."""
    return any(
        at != "is gone" and at == after.at[number] and can_move(after, number)
        for number, at in enumerate(before.at)
        if at != "is gone" and not can_move(before, number)
    )


def explore(lanes: int) -> dict[State, list[State]]:
    first = State(at=("enters",) * lanes, followed=(False,) * lanes)
    found: dict[State, list[State]] = {}
    ahead = deque([first])
    while ahead:
        state = ahead.popleft()
        if state not in found:
            found[state] = list(steps(state))
            ahead.extend(found[state])
    return found


@pytest.fixture(scope="module")
def found() -> dict[State, list[State]]:
    return explore(LANES)


def are(state: State, *places: str) -> int:
    return sum(at in places for at in state.at)


def test_one_lane_at_most_claims_and_one_at_most_posts(found: dict[State, list[State]]) -> None:
    assert max(are(state, "claims", "has some", "has all") for state in found) == 1
    assert max(are(state, "posts", "is in flight") for state in found) == 1


def test_one_claim_at_most_is_built_while_another_is_in_flight(
    found: dict[State, list[State]],
) -> None:
    assert max(are(state, "is built") for state in found if are(state, "is in flight")) == 1


def test_whoever_waits_can_still_come_to_post(found: dict[State, list[State]]) -> None:
    working = {one: after for one, after in found.items() if not one.stop}
    for number in range(LANES):
        posting = {one for one in working if one.at[number] == "is in flight"}
        assert leads_to(posting, working) == set(working)


def test_a_stop_ends_every_lane_whatever_they_were_about(found: dict[State, list[State]]) -> None:
    stopped = {one: after for one, after in found.items() if one.woken}
    ended = [one for one, after in stopped.items() if not after]
    assert {(one.at, one.row) for one in ended} == {(("is gone",) * LANES, ())}
    assert not goes_round(stopped)


def leads_to(goal: set[State], among: dict[State, list[State]]) -> set[State]:
    before: dict[State, set[State]] = {one: set() for one in among}
    for one, following in among.items():
        for after in before.keys() & following:
            before[after].add(one)
    reached, ahead = set(goal), deque(goal)
    while ahead:
        for one in before[ahead.popleft()] - reached:
            reached.add(one)
            ahead.append(one)
    return reached


def goes_round(among: dict[State, list[State]]) -> bool:
    left = set(among)
    while ends_next := {one for one in left if left.isdisjoint(among[one])}:
        left -= ends_next
    return bool(left)
