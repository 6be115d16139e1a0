"""One row for each objective, from what the runs wrote: pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from loadtests.load.cost import sentence
from loadtests.objectives.runs import Found

RATE: Final = 440.0
"""Orders a second with which 500 were held: callers begin one after another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An objective by number: what was wanted, what was found; `kept` is None for a mere figure."""

    number: int
    wanted: str
    found: str
    kept: bool | None

    @property
    def verdict(self) -> str:
        """Answer it in words."""
        return {True: "reached", False: "NOT reached", None: "measured"}[self.kept]

    def to_dict(self) -> dict[str, Any]:
        """Answer what is written."""
        return {"objective": self.number, "wanted": self.wanted, "found": self.found} | {
            "verdict": self.verdict
        }


def rows(found: Mapping[str, Found]) -> list[Row]:
    """Answer them all, by number."""
    bench, backlog = found["bench"], found["backlog"]
    steady, bridges = found["steady"], found["two-bridges"]
    made = [
        *_single_order(bench),
        *_whole_path(bench, steady["numbers"], backlog),
        *_backlog(backlog),
        _two_bridges(bridges),
        Row(number=7, wanted="what 1,000 orders cost", found=sentence(bench["path"]), kept=None),
    ]
    return sorted(made, key=lambda row: row.number)


def _single_order(bench: Found) -> Iterator[Row]:
    ratio, hook = bench["ratio"]["median"], bench["hook"]
    yield _at_most(1, "build for both platforms / Meta's SDK for Meta", ratio, 0.8)
    cpu, rate = hook["cpu_ratio"]["median"], hook["rate_ratio"]["median"]
    yield _at_most(2, "hook's processor time / bare route's", cpu, 2)
    yield _at_least(2, "hook's greatest rate / bare route's", rate, 0.5)
    yield _at_least(3, "batch hook's rate / single hook's", hook["batch_ratio"]["median"], 4)


def _whole_path(bench: Found, steady: Mapping[str, float], backlog: Found) -> Iterator[Row]:
    rate, late = steady["orders_per_second"], steady["accept_ms_p99"]
    at = f" at {rate:.0f} orders a second"
    yield Row(
        number=2,
        wanted="99 % answered within 25 ms at 500 orders a second",
        found=f"{late:.0f} ms{at}",
        kept=late <= 25 and rate >= RATE,  # noqa: PLR2004  # as wanted
    )
    yield Row(
        number=4,
        wanted="the backlog does not grow at 500 orders a second",
        found=f"{steady['backlog_most']:.0f} waited at most, {steady['backlog_last']:.0f} last{at}",
        kept=steady["backlog_most"] <= 4 * rate and not steady["backlog_last"] and rate >= RATE,
    )
    share = max(steady["mock_cpu_share"], bench["path"]["mock_cpu_share"])
    yield _at_most(4, "mock's share of the processor time", share, 0.3)
    lone = bench["path"]["lone_order_seconds"]["max"]
    yield _at_most(4, "seconds until a lone order is counted", lone, 1)
    full = backlog["sender"]["many"]["events a request meanwhile"]
    wanted = "requests are full with much to send"
    split = f"{full:.0f} events a request; a claim has 500, and is split where platforms want it"
    yield Row(number=4, wanted=wanted, found=split, kept=None)


def _backlog(backlog: Found) -> Iterator[Row]:
    many = f"{backlog['waiting']['many']:,} waiting"
    for what, ratio in (("claim to settlement", "cost_ratio"), ("hook's rate", "rate_ratio")):
        words = f"{what}, {many} / {backlog['waiting']['few']:,}"
        limit = backlog[ratio]
        row = _at_most if "aim_at_most" in limit else _at_least
        yield row(5, words, limit["found"], limit.get("aim_at_most", limit.get("aim_at_least")))
    more = backlog["memory_more_mb"]
    yield _at_most(5, "MB more of sender's memory", more["found"], more["aim_less_than"])


def _two_bridges(bridges: Found) -> Row:
    numbers = bridges["numbers"]
    missed = ", ".join(bridges["missed"]) or "nothing lost"
    return Row(
        number=6,
        wanted="PostgreSQL, two bridges: nothing lost, claims wait for nobody",
        found=f"{missed}; {numbers['lock_wait_ms']:.1f} ms a request waited for locks of any kind",
        kept=bridges["good"],
    )


def _at_most(number: int, words: str, found: float, limit: float) -> Row:
    return _row(number, f"{words}: at most {limit:g}", found, kept=found <= limit)


def _at_least(number: int, words: str, found: float, limit: float) -> Row:
    return _row(number, f"{words}: at least {limit:g}", found, kept=found >= limit)


def _row(number: int, wanted: str, found: float, *, kept: bool) -> Row:
    return Row(number=number, wanted=wanted, found=f"{found:.3g}", kept=kept)
