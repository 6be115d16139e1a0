"""A run as series over time and as single numbers: pure functions of what was recorded."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from loadtests.load.follow import Arrival
from loadtests.load.record import Call
from loadtests.load.watch import Sample

PERCENTILES: Final = (50, 95, 99)
MEGABYTE: Final = 1024 * 1024
TAKEN: Final = frozenset({"accepted", "duplicate"})

Series = dict[str, list[tuple[float, float]]]
"""Name of a line to its points: seconds since the first call ended, value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`numbers` by name; `series` by name of the picture."""

    numbers: Mapping[str, float]
    series: Mapping[str, Series]


def percentile(values: Sequence[float], share: float) -> float:
    """Answer the value that `share` percent of the values do not exceed; 0 of none."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]


def figures(
    calls: Sequence[Call], arrivals: Sequence[Arrival], samples: Sequence[Sample]
) -> Figures:
    """Work a run out."""
    begun = min((call.ended for call in calls), default=0.0)
    outcomes = Counter(_outcome(order) for call in calls for order in call.orders)
    spent = processor_seconds(samples)
    lasted = max((call.ended for call in calls), default=0.0) - begun
    numbers = {
        "seconds": lasted,
        "calls": float(len(calls)),
        "orders": float(outcomes.total()),
        "accepted": float(outcomes["accepted"]),
        "duplicates": float(outcomes["duplicate"]),
        "refused": float(outcomes.total() - outcomes["accepted"] - outcomes["duplicate"]),
        "orders_per_second": outcomes.total() / lasted if lasted else 0.0,
        "counted": float(len(arrivals)),
        "backlog_most": float(max((one.waiting or 0 for one in samples), default=0)),
        "backlog_last": float(_last_backlog(samples)),
        **_spread("accept_ms", [1000 * call.seconds for call in calls]),
        **_spread("counted_s", [arrival.seconds for arrival in arrivals]),
        **{f"cpu_seconds_{part}": seconds for part, seconds in spent.items()},
        **_memory(samples),
        **_shares(spent),
    }
    return Figures(
        numbers={name: round(value, 4) for name, value in numbers.items()},
        series=_all_series(calls, arrivals, samples, begun),
    )


def _outcome(order: Mapping[str, object]) -> str:
    status = str(order.get("status"))
    return status if status in TAKEN else "refused"


def _spread(name: str, values: Sequence[float]) -> dict[str, float]:
    return {f"{name}_p{share}": percentile(values, share) for share in PERCENTILES}


def _last_backlog(samples: Sequence[Sample]) -> int:
    known = [one.waiting for one in samples if one.waiting is not None]
    return known[-1] if known else 0


def processor_seconds(samples: Sequence[Sample]) -> dict[str, float]:
    """Answer what each part took from the first sample to the last."""
    if not samples:
        return {}
    first, last = samples[0].cpu, samples[-1].cpu
    return {part: seconds - first.get(part, 0.0) for part, seconds in last.items()}


def _memory(samples: Sequence[Sample]) -> dict[str, float]:
    parts = samples[0].memory if samples else {}
    return {
        f"memory_mb_{part}": max(one.memory.get(part, 0) for one in samples) / MEGABYTE
        for part in parts
    }


def _shares(spent: Mapping[str, float]) -> dict[str, float]:
    """Answer what share of the system's processor time the mock takes; callers do not count."""
    system = sum(spent.get(part, 0.0) for part in ("hook", "sender", "database", "mock"))
    return {"mock_cpu_share": spent.get("mock", 0.0) / system} if system else {}


def _all_series(
    calls: Sequence[Call], arrivals: Sequence[Arrival], samples: Sequence[Sample], begun: float
) -> dict[str, Series]:
    accepted = [(call.ended - begun, 1000 * call.seconds) for call in calls]
    counted = [(one.at - begun, one.seconds) for one in arrivals]
    answered = [(call.ended - begun, len(call.orders)) for call in calls]
    return {
        "latency of the hook's answer, ms": _percentiles(accepted),
        "from the hook's answer to counted, s": _percentiles(counted),
        "orders a second": {
            "answered": _per_second(answered),
            "counted at a platform": _per_second([(at, 1) for at, _ in counted]),
        },
        "deliveries that wait": {
            "waiting": [(one.at - begun, float(one.waiting or 0)) for one in samples]
        },
        "processors in use": _use(samples, begun),
        "memory, MB": {
            part: [(one.at - begun, one.memory.get(part, 0) / MEGABYTE) for one in samples]
            for part in (samples[0].memory if samples else {})
        },
    }


def _by_second(points: Iterable[tuple[float, float]]) -> dict[int, list[float]]:
    found: defaultdict[int, list[float]] = defaultdict(list)
    for at, value in points:
        found[int(at)].append(value)
    return dict(sorted(found.items()))


def _percentiles(points: Iterable[tuple[float, float]]) -> Series:
    seconds = _by_second(points)
    return {
        f"p{share}": [(float(at), percentile(values, share)) for at, values in seconds.items()]
        for share in PERCENTILES
    }


def _per_second(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(float(at), float(sum(values))) for at, values in _by_second(points).items()]


def _use(samples: Sequence[Sample], begun: float) -> Series:
    lines: Series = {part: [] for part in (samples[0].cpu if samples else {})}
    for before, after in pairwise(samples):
        passed = after.at - before.at
        for part, line in lines.items():
            used = after.cpu.get(part, 0.0) - before.cpu.get(part, 0.0)
            line.append((after.at - begun, used / passed if passed else 0.0))
    return lines
