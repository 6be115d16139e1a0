"""A run's numbers against its objectives, its conservation and a run before: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from loadtests.load.objectives import OBJECTIVES

COMPARED: Final = (
    "orders_per_second",
    "accept_ms_p50",
    "accept_ms_p99",
    "batch_ms_p99",
    "counted_s_p50",
    "counted_s_p99",
    "cpu_ms_per_order",
    "disk_kb_per_order",
    "events_per_request",
    "lock_wait_ms",
    "mock_cpu_share",
    "backlog_most",
    "memory_mb_hook",
    "memory_mb_sender",
)
"""What is set beside a baseline."""


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
