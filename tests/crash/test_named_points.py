"""kill -9 at every named point of hook and sender, held against the platform's books."""

from collections.abc import Callable
from pathlib import Path

import pytest

from loadtests.crash.callers import TAKEN, order_named
from loadtests.crash.oracle import examine
from loadtests.crash.points import Death, Part, Point, points_of
from loadtests.crash.world import SECRET, SITE, World
from loadtests.hook_client import HookClient, HookUnreachable
from mock_platform.client import MockWorkspace

ORDERS = [f"POINT-{number}" for number in range(5)]
COMES_WITHIN = 60.0


@pytest.fixture
def world(tmp_path: Path, workspace: MockWorkspace) -> World:
    return World(tmp_path, workspace)


def call(world: World) -> set[str]:
    """Call once about each order; answer those that were acknowledged."""
    acknowledged = set()
    with HookClient(world.url, {SITE: SECRET}) as client:
        for order_no in ORDERS:
            try:
                answer = client.send(order_named(order_no))
            except HookUnreachable:
                continue
            if answer.status in TAKEN:
                acknowledged.add(order_no)
    return acknowledged


def kill_a_sender(world: World, point: Point) -> set[str]:
    """Take orders, and have a sender die with them at the point."""
    with world.running(Part.HOOK) as hook:
        assert world.await_ready(hook)
        acknowledged = call(world)
    sender = world.start(Part.SENDER, Death(point=point))
    assert sender.ends_within(COMES_WITHIN), f"the sender never came to {point}"
    return acknowledged


def kill_a_hook(world: World, point: Point) -> set[str]:
    """Have a hook die at the point of its third order."""
    hook = world.start(Part.HOOK, Death(point=point, passing=3))
    assert world.await_ready(hook)
    acknowledged = call(world)
    assert hook.ends_within(COMES_WITHIN), f"the hook never came to {point}"
    hook.kill()
    return acknowledged


KILLS: dict[Part, Callable[[World, Point], set[str]]] = {
    Part.HOOK: kill_a_hook,
    Part.SENDER: kill_a_sender,
}


@pytest.mark.parametrize("point", Point)
def test_a_process_killed_at_this_point_loses_nothing_and_doubles_nothing(
    world: World, point: Point
) -> None:
    acknowledged = KILLS[point.part](world, point)

    with world.running(Part.HOOK) as hook, world.running(Part.SENDER):
        assert world.await_ready(hook)
        again = call(world) if point.part is Part.HOOK else set()
        world.settle()
        findings = examine(world, acknowledged | again, ORDERS, poison=())

    assert acknowledged == (set(ORDERS[:2]) if point.part is Part.HOOK else set(ORDERS))
    assert findings.ok, findings


def test_every_part_has_its_points() -> None:
    assert {part: len(points_of(part)) for part in Part} == {Part.HOOK: 3, Part.SENDER: 7}
