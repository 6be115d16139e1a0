"""Verdicts over time as stacked bars: pure arithmetic, drawn as SVG by a template."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mock_platform.clock import iso
from mock_platform.entries import Verdict

WIDTH, HEIGHT = 720, 72
_SLOTS_MAX = 60
_GAP = 2
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_STEPS = (1, 5, 15, _MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 6 * _HOUR, _DAY, 7 * _DAY)
_UNITS = ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute"), (1, "second"))
# From the ground up.
_STACK = tuple(Verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One verdict's share of one slot, in the chart's own units."""

    verdict: Verdict
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One stretch of time as a row of the table that says the same in words."""

    since: str
    counts: dict[Verdict, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """All bars; `step` in words, `highest` the most events of one slot."""

    bars: tuple[Bar, ...]
    slots: tuple[Slot, ...]
    step: str
    since: str
    until: str
    highest: int


def step_for(first: float, last: float) -> int:
    """The shortest step, in seconds, that shows `first` to `last` in one chart."""
    for step in _STEPS:
        if last // step - first // step < _SLOTS_MAX:
            return step
    return int((last - first) // (_SLOTS_MAX - 1)) + 1


def chart(counted: Iterable[tuple[int, str, int]], step: int) -> Chart | None:
    """The chart of counts by slot number and verdict; None when there are none."""
    slots: dict[int, Counter[Verdict]] = {}
    for slot, verdict, count in counted:
        slots.setdefault(slot, Counter())[Verdict(verdict)] += count
    if not slots:
        return None
    first, last = min(slots), max(slots)
    highest = max(counts.total() for counts in slots.values())
    shown = max(last - first + 1, _SLOTS_MAX // 2)
    return Chart(
        bars=tuple(
            bar
            for slot, counts in sorted(slots.items())
            for bar in _stacked(counts, shown - 1 - (last - slot), shown, highest)
        ),
        slots=tuple(
            Slot(since=iso(slot * step), counts=dict(counts))
            for slot, counts in sorted(slots.items())
        ),
        step=in_words(step),
        since=iso((last - shown + 1) * step),
        until=iso((last + 1) * step),
        highest=highest,
    )


def _stacked(counts: Counter[Verdict], place: int, places: int, highest: int) -> Iterable[Bar]:
    width = WIDTH / places
    ground = float(HEIGHT)
    for verdict in _STACK:
        if counts[verdict]:
            height = counts[verdict] / highest * HEIGHT
            ground -= height
            yield Bar(
                verdict=verdict,
                x=round(place * width, 2),
                y=round(ground, 2),
                width=round(width - _GAP, 2),
                height=round(height, 2),
            )


def in_words(seconds: int) -> str:
    """A length of time in its largest whole unit: `15 minutes`."""
    unit, name = next(each for each in _UNITS if not seconds % each[0])
    count = seconds // unit
    return f"1 {name}" if count == 1 else f"{count} {name}s"
