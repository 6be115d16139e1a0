"""A run's numbers against its objectives, its conservation and a run before: pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from loadtests.load.objectives import OBJECTIVES

COMPARED: Final[Mapping[str, bool | None]] = {
    "orders_per_second": False,
    "accept_ms_p50": True,
    "accept_ms_p99": True,
    "batch_ms_p99": True,
    "counted_s_p50": True,
    "counted_s_p99": True,
    "cpu_ms_per_order": True,
    "disk_kb_per_order": True,
    "events_per_request": None,
    "lock_wait_ms": True,
    "mock_cpu_share": None,
    "backlog_most": True,
    "memory_mb_hook": True,
    "memory_mb_sender": True,
}
"""What is set beside a baseline, and whether more of it is worse; None for neither."""
NOTICED: Final = 1.25
"""So many times the baseline, or its inverse, is told: two runs of the same differ by less."""
THOUSAND: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One demand and what was found."""

    words: str
    wanted: str
    found: str
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One number, in the baseline and now."""

    name: str
    before: float
    now: float

    @property
    def ratio(self) -> float | None:
        """Answer how many times what it was; None when it was nothing."""
        return self.now / self.before if self.before else None

    @property
    def worse(self) -> float:
        """Answer how many times worse it is: 1 for the same, less for better."""
        more_is_worse = COMPARED[self.name]
        first, second = (self.now, self.before) if more_is_worse else (self.before, self.now)
        if more_is_worse is None or first == second:
            return 1.0
        return first / second if second else math.inf

    @property
    def words(self) -> str:
        """Say whether it is better or worse by more than two runs of the same differ."""
        if self.worse > NOTICED:
            return "WORSE"
        return "better" if self.worse < 1 / NOTICED else ""


def readable(value: float) -> str:
    """Answer a number as people read it: four digits, or all that stand before the point."""
    return f"{value:,.0f}" if abs(value) >= THOUSAND else f"{value:.4g}"


def judge(
    numbers: Mapping[str, float],
    objectives: Mapping[str, float],
    differences: Sequence[str],
    audit: str,
) -> list[Line]:
    """Hold a run against what its profile asks for, and against what always holds.

    `differences` are between the hook's word and the platforms' books, `audit` is what
    `bridge audit` found, empty when all is well.
    """
    accepted = numbers.get("accepted", 0.0)
    return [
        Line(
            words="orders lost, counted twice or counted unasked",
            wanted="0",
            found=str(len(differences)),
            kept=not differences,
        ),
        Line(
            words="orders accepted",
            wanted="at least 1",
            found=readable(accepted),
            kept=accepted >= 1,
        ),
        Line(words="bridge audit", wanted="sound", found=audit or "sound", kept=not audit),
        *(
            _line(name, limit, numbers.get(OBJECTIVES[name].number))
            for name, limit in objectives.items()
        ),
    ]


def _line(name: str, limit: float, found: float | None) -> Line:
    objective = OBJECTIVES[name]
    wanted = f"at {'most' if objective.at_most else 'least'} {limit:g}"
    if found is None:
        return Line(words=objective.words, wanted=wanted, found="not measured", kept=False)
    return Line(
        words=objective.words,
        wanted=wanted,
        found=readable(found),
        kept=found <= limit if objective.at_most else found >= limit,
    )


def changes(now: Mapping[str, float], before: Mapping[str, float]) -> list[Change]:
    """Set the numbers both runs have beside each other."""
    return [
        Change(name=name, before=before[name], now=now[name])
        for name in COMPARED
        if name in now and name in before
    ]


def held(compared: Sequence[Change], most: float) -> Line:
    """Hold a run against its baseline: nothing may be more than `most` times worse."""
    words, wanted = "beside the baseline, what is worst", f"at most {most:g} times"
    if not compared:
        return Line(words=words, wanted=wanted, found="no baseline", kept=False)
    worst = max(compared, key=lambda change: change.worse)
    found = f"{worst.name}: {worst.worse:.2f} times"
    return Line(words=words, wanted=wanted, found=found, kept=worst.worse <= most)
