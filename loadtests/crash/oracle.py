"""What must be true after everything that was killed: one oracle, the platform's own books.

Conservation: every order the hook acknowledged is counted once by every platform. Liveness: a fresh
order arrives soon. Whatever else the bridge believes is held against that.
"""

import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from loadtests.crash.callers import order_named
from loadtests.crash.world import SECRET, SITE, World
from loadtests.hook_client import HookClient
from mock_platform.client import MockPlatformError

PLATFORMS = ("google", "meta")
FRESH_WITHIN = 10.0

Counted = Mapping[tuple[str, str], int]
"""Platform and event id -> how often the platform counts it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Where promises were broken; each holds order numbers or lines to read. None is the promise.

    `missing`: acknowledged, and some platform does not count it. `twice`: counted more than once.
    `given_up`: ended badly though there was nothing wrong with it. `unasked`: counted, though no
    storefront ever called about it. `audit`: what `bridge audit` found.
    """

    missing: tuple[str, ...]
    twice: tuple[str, ...]
    given_up: tuple[str, ...]
    unasked: tuple[str, ...]
    audit: tuple[str, ...]
    fresh_seconds: float | None

    @property
    def ok(self) -> bool:
        """Whether every promise was kept."""
        broken = self.missing or self.twice or self.given_up or self.unasked or self.audit
        return not broken and self.fresh_seconds is not None


def conservation(
    acknowledged: Collection[str], asked: Collection[str], poison: Collection[str], counted: Counted
) -> dict[str, tuple[str, ...]]:
    """Hold the platforms' books to the hook's word; poison is what they were told to refuse."""
    owed = set(acknowledged) - set(poison)
    return {
        "missing": tuple(
            f"{order} at {platform}"
            for platform in PLATFORMS
            for order in sorted(owed)
            if not counted.get((platform, order))
        ),
        "twice": tuple(
            f"{order} at {platform}" for (platform, order), times in counted.items() if times > 1
        ),
        "unasked": tuple(
            f"{order} at {platform}"
            for platform, order in counted
            if order not in asked or order in poison
        ),
    }


def examine(
    world: World, acknowledged: Collection[str], asked: Collection[str], poison: Collection[str]
) -> Findings:
    """Examine a world that runs and has nothing open any more."""
    books = conservation(acknowledged, asked, poison, _counted(world.mock.events()))
    letters = world.run("dead", "list", "--limit", "1000")["dead_letters"]
    report = world.run("audit")
    return Findings(
        **books,
        given_up=tuple(_letter(one) for one in letters if one["order_no"] not in poison),
        audit=tuple(f"{one['rule']}: {one['message']}" for one in report["findings"]),
        fresh_seconds=_fresh(world),
    )


def _counted(events: Iterable[Mapping[str, Any]]) -> Counted:
    return Counter(
        (event["platform"], event["event_id"]) for event in events if event["verdict"] == "counted"
    )


def _letter(letter: Mapping[str, Any]) -> str:
    delivery = letter["delivery"]
    return f"{letter['order_no']} at {delivery['destination']}: {delivery['reason']}"


def _fresh(world: World) -> float | None:
    """Send one order more, and answer how long it took to be counted by both; None: too long."""
    began = time.monotonic()
    name = f"FRESH-{time.time_ns()}"
    with HookClient(world.url, {SITE: SECRET}) as client:
        client.send(order_named(name))
    try:
        world.mock.wait(len(PLATFORMS), timeout=FRESH_WITHIN, event_id=name, verdict="counted")
    except MockPlatformError:
        return None
    return time.monotonic() - began
