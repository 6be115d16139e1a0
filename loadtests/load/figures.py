"""A run as series over time and as single numbers: pure functions of what was recorded."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Final

from loadtests.load.follow import Arrival
from loadtests.load.record import BATCH, ONE, Call
from loadtests.load.watch import Sample

PERCENTILES: Final = (50, 95, 99)
MEGABYTE: Final = 1024 * 1024
MACHINE: Final = "all of the machine"
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
    calls: Sequence[Call],
    arrivals: Sequence[Arrival],
    samples: Sequence[Sample],
    course: Sequence[tuple[float, float]] = (),
) -> Figures:
    """Work a run out; `course` is how many orders a second were wanted, as a line over time."""
    begun = min((call.ended for call in calls), default=0.0)
    ended = max((call.ended for call in calls), default=0.0)
    outcomes = Counter(_outcome(order) for call in calls for order in call.orders)
    spent = processor_seconds(samples)
    lasted, during = ended - begun, [one for one in samples if begun <= one.at <= ended]
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
        **_spread("accept_ms", [1000 * call.seconds for call in calls if call.name == ONE]),
        **_spread("batch_ms", [1000 * call.seconds for call in calls if call.name == BATCH]),
        **_spread("counted_s", [arrival.seconds for arrival in arrivals]),
        **_by_platform(arrivals),
        **{f"cpu_seconds_{part}": seconds for part, seconds in spent.items()},
        **_refusals(calls),
        **_memory(samples),
        **_growth(during),
        **_processors(during),
        **_shares(spent),
    }
    return Figures(
        numbers={name: round(value, 4) for name, value in numbers.items()},
        series=_all_series(calls, arrivals, samples, course),
    )


def _outcome(order: Mapping[str, object]) -> str:
    status = str(order.get("status"))
    return status if status in TAKEN else "refused"


def _refusals(calls: Sequence[Call]) -> dict[str, float]:
    """Answer how many orders were refused by the code of the refusal."""
    codes = Counter(
        str(order.get("code"))
        for call in calls
        for order in call.orders
        if _outcome(order) == "refused"
    )
    return {f"refused_{code}": float(count) for code, count in codes.most_common()}


def _accepted(call: Call) -> int:
    return sum(_outcome(order) == "accepted" for order in call.orders)


def _spread(name: str, values: Sequence[float]) -> dict[str, float]:
    """Answer nothing of nothing: what was not measured keeps no objective."""
    return {f"{name}_p{share}": percentile(values, share) for share in PERCENTILES if values}


def _by_platform(arrivals: Sequence[Arrival]) -> dict[str, float]:
    return {
        name: value
        for platform in sorted({one.platform for one in arrivals})
        for name, value in _spread(
            f"counted_s_{platform}", [one.seconds for one in arrivals if one.platform == platform]
        ).items()
    }


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


def _growth(during: Sequence[Sample]) -> dict[str, float]:
    """Answer how much more the last quarter of the load held on average than the second."""
    quarter = len(during) // 4
    if not quarter:
        return {}
    second, last = during[quarter : 2 * quarter], during[-quarter:]
    return {
        f"memory_growth_mb_{part}": (
            fmean(one.memory[part] for one in last) - fmean(one.memory[part] for one in second)
        )
        / MEGABYTE
        for part in during[0].memory
    }


def _processors(during: Sequence[Sample]) -> dict[str, float]:
    """Answer how many processors each part had in use on average, and all of the machine."""
    passed = during[-1].at - during[0].at if during else 0.0
    if not passed:
        return {}
    spent = processor_seconds(during)
    spent["machine"] = during[-1].machine - during[0].machine
    return {f"processors_{part}": seconds / passed for part, seconds in spent.items()}


def _shares(spent: Mapping[str, float]) -> dict[str, float]:
    """Answer what share of the system's processor time the mock takes; callers do not count."""
    system = sum(spent.get(part, 0.0) for part in ("hook", "sender", "database", "mock"))
    return {"mock_cpu_share": spent.get("mock", 0.0) / system} if system else {}


def _all_series(
    calls: Sequence[Call],
    arrivals: Sequence[Arrival],
    samples: Sequence[Sample],
    course: Sequence[tuple[float, float]],
) -> dict[str, Series]:
    begun = min((call.ended for call in calls), default=0.0)
    accepted = [(call.ended - begun, 1000 * call.seconds) for call in calls if call.name == ONE]
    counted = [(one.at - begun, one.seconds) for one in arrivals]
    answered = [(call.ended - begun, len(call.orders)) for call in calls]
    return {
        "latency of the hook's answer, ms": _percentiles(accepted),
        "from the hook's answer to counted, s": _percentiles(counted),
        "orders a second": {
            "answered": _per_second(answered),
            "counted, both platforms": _per_second([(at, 1) for at, _ in counted]),
            "accepted": _per_second(
                [(call.ended - begun, _accepted(call)) for call in calls if _accepted(call)]
            ),
            "wanted": list(course),
        },
        "deliveries that wait": {
            "waiting": [
                (one.at - begun, float(one.waiting)) for one in samples if one.waiting is not None
            ]
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
    parts = samples[0].cpu if samples else {}
    lines: Series = {**{part: [] for part in parts}, MACHINE: []}
    for before, after in pairwise(samples):
        passed = after.at - before.at
        for part in parts:
            used = after.cpu.get(part, 0.0) - before.cpu.get(part, 0.0)
            lines[part].append((after.at - begun, used / passed if passed else 0.0))
        whole = after.machine - before.machine
        lines[MACHINE] += [(after.at - begun, whole / passed if passed else 0.0)]
    return lines
