"""Lives and deaths of hook and senders under load, until enough of them have died."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from loadtests.crash.callers import Callers
from loadtests.crash.oracle import Findings, examine
from loadtests.crash.points import Death, Part, points_of
from loadtests.crash.victims import Victim
from loadtests.crash.world import World

LONGEST_LIFE = 1.5
"""Seconds after which a random kill has come."""

PATIENCE = 4.0
"""Seconds a process has to come to its point; then it is killed where it is."""

MOST_PASSINGS = 6
AT_A_POINT = 0.4
"""The share of deaths at a named point; the others come at a random moment."""

POISON_EVERY = 53
POISON_UP_TO = 20_000
TROUBLE_EVERY = 3.0

LANES = (Part.HOOK, Part.SENDER, Part.SENDER)
"""What runs side by side: one hook, as SQLite has it, and two senders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a campaign ended; `killed` counts by part and point, a random moment being `anywhere`."""

    seed: int
    database: str
    seconds: float
    killed: dict[str, int]
    acknowledged: int
    poison: int
    unanswered_calls: int
    refused: tuple[str, ...]
    findings: Findings

    @property
    def ok(self) -> bool:
        """Whether every promise was kept."""
        return self.findings.ok and not self.refused


class Campaign:
    """Kills `kills` processes of a world, seeded, while storefronts call."""

    def __init__(self, world: World, *, kills: int, seed: int) -> None:
        self._world = world
        self._seed = seed
        self._left = kills
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._killed: Counter[str] = Counter()

    def run(self) -> Report:
        """Kill, let everything come to rest, and examine."""
        began = time.monotonic()
        poison = {_name(self._seed, number) for number in range(0, POISON_UP_TO, POISON_EVERY)}
        self._world.mock.fault("platform_rejects", times=None, match={"event_id": sorted(poison)})
        callers = Callers(self._world.url, self._seed, lambda number: _name(self._seed, number))
        callers.start()
        with self._troubled_platform():
            self._kill_all()
        with self._world.running(Part.HOOK) as hook, self._world.running(Part.SENDER):
            self._world.await_ready(hook)
            callers.stop()
            self._world.settle()
            promises = callers.promises
            findings = examine(self._world, promises.acknowledged, promises.asked, poison)
        return Report(
            seed=self._seed,
            database=self._world.database,
            seconds=round(time.monotonic() - began, 1),
            killed=dict(self._killed),
            acknowledged=len(promises.acknowledged),
            poison=len(promises.acknowledged & poison),
            unanswered_calls=promises.unanswered,
            refused=tuple(promises.refused),
            findings=findings,
        )

    def _kill_all(self) -> None:
        lanes = [
            threading.Thread(target=self._lane, args=(part, Random(f"{self._seed}.{number}")))  # noqa: S311  # seeded deaths, no secret
            for number, part in enumerate(LANES)
        ]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()

    def _lane(self, part: Part, random: Random) -> None:
        while self._one_more():
            death = _next_death(part, random)
            victim = self._world.start(part, death)
            came = self._live(victim, part, death, random)
            victim.kill()
            point = death.point if death and came else "anywhere"
            with self._lock:
                self._killed[f"{part.name.lower()}, {point}"] += 1

    def _live(self, victim: Victim, part: Part, death: Death | None, random: Random) -> bool:
        """Let it live; answer whether it has come to its end by itself."""
        if part is Part.HOOK:
            self._world.await_ready(victim)
        return victim.ends_within(PATIENCE if death else random.uniform(0.0, LONGEST_LIFE))

    def _one_more(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left >= 0

    @contextmanager
    def _troubled_platform(self) -> Iterator[None]:
        """Have the platform lose answers and fail from time to time, too."""
        trouble = threading.Thread(target=self._trouble)
        trouble.start()
        try:
            yield
        finally:
            self._over.set()
            trouble.join()

    def _trouble(self) -> None:
        random = Random(f"{self._seed}.trouble")  # noqa: S311  # seeded trouble, no secret
        while not self._over.wait(random.uniform(0.0, 2 * TROUBLE_EVERY)):
            self._world.mock.fault(random.choice(["answer_lost", "reset", "malformed_json"]))


def _next_death(part: Part, random: Random) -> Death | None:
    if random.random() >= AT_A_POINT:
        return None
    return Death(point=random.choice(points_of(part)), passing=random.randint(1, MOST_PASSINGS))


def _name(seed: int, number: int) -> str:
    return f"CRASH-{seed}-{number}"
