"""What the bench found: `bench.json`, and the same as a table.

Members of `bench.json`: `ratio` (min, median, max over the rounds of the bridge's time for both
platforms' events over the SDK's for Meta's alone, at one event a request), `ratio_meta_alone` and
`ratio_all_in_one_request`, `aim` (greatest wanted ratio and whether the median reached it),
`contenders`, `stages` and `storage` (microseconds of processor time an order, as min, median, max),
`hook` (None when left out), `orders` (how many were made, measured and passed over, and why),
`rounds`, `includes` (what each contender does), `versions`.
"""

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from rich.console import Group
from rich.table import Table

from loadtests.bench.hook import HookFigures
from loadtests.bench.population import Population
from loadtests.bench.rounds import BRIDGE, BRIDGE_META, FLOOR, SDK, SDK_ALL, Measured, Microseconds
from loadtests.bench.spread import Spread, spread
from loadtests.bench.whole_path import PathFigures

AIM: Final = 0.8
INCLUDES: Final = {
    BRIDGE: "raw JSON to the bytes of both platforms' events: read, validate against the contract, "
    "parse, plan, normalise, hash, check what stays in clear, build, serialise; no storage",
    BRIDGE_META: "the same for a bridge whose only destination is Meta",
    SDK: "from values already parsed, chosen and cleaned: build objects, normalise, hash, "
    "get_params() with the event as JSON; it reads, validates and decides nothing, and does not "
    "hash external_id",
    SDK_ALL: "the same, with all orders of a round in one request",
    FLOOR: "orjson.loads of the order, as many SHA-256, orjson.dumps of both events",
}
_PACKAGES: Final = ("facebook-business", "orjson", "jsonschema-rs", "phonenumbers", "pydantic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures of one run."""

    rounds: Sequence[Measured]
    size: int
    population: Population
    hook: HookFigures | None = None
    path: PathFigures | None = None

    @property
    def ratio(self) -> Spread:
        """The bridge's time for both platforms over the SDK's for Meta's, round by round."""
        return self._over(BRIDGE, SDK)

    def to_dict(self) -> dict[str, Any]:
        """Answer what `bench.json` holds."""
        return {
            "ratio": self.ratio.to_dict(),
            "ratio_meta_alone": self._over(BRIDGE_META, SDK).to_dict(),
            "ratio_all_in_one_request": self._over(BRIDGE, SDK_ALL).to_dict(),
            "aim": {"at_most": AIM, "reached": self.ratio.median <= AIM},
            "unit": "microseconds of processor time an order",
            "contenders": _plain(self._spreads(lambda one: one.contenders)),
            "stages": _plain(self._spreads(lambda one: one.stages)),
            "storage": _plain(self._spreads(lambda one: one.storage)),
            "hook": self.hook.to_dict() if self.hook else None,
            "path": self.path.to_dict() if self.path else None,
            "rounds": {"number": len(self.rounds), "orders_in_each": self.size},
            "orders": {
                **self.population.counts,
                "skipped": dict(self.population.skipped.most_common()),
                "refused_by_sdk": dict(self.population.refused),
            },
            "includes": INCLUDES,
            "versions": {"python": platform.python_version()}
            | {package: version(package) for package in _PACKAGES},
        }

    def tables(self) -> Group:
        """Answer the same for people."""
        contest = _table("one order", self._spreads(lambda one: one.contenders))
        contest.add_section()
        for ours, theirs in ((BRIDGE, SDK), (BRIDGE, SDK_ALL), (BRIDGE_META, SDK)):
            _add_row(contest, f"ratio: {ours} / {theirs}", self._over(ours, theirs), digits=2)
        return Group(
            contest,
            _table("the bridge, stage by stage", self._spreads(lambda one: one.stages)),
            _table("storage, not in the ratio", self._spreads(lambda one: one.storage)),
            *(f"{name}: {what}" for name, what in INCLUDES.items()),
            *([self.hook.table()] if self.hook else []),
            *([self.path.table()] if self.path else []),
            self._who_was_measured(),
            self._verdict(),
        )

    def _over(self, ours: str, theirs: str) -> Spread:
        return spread([one.contenders[ours] / one.contenders[theirs] for one in self.rounds])

    def _spreads(self, part: Callable[[Measured], Microseconds]) -> dict[str, Spread]:
        rounds = [part(one) for one in self.rounds]
        return {name: spread([one[name] for one in rounds]) for name in rounds[0]}

    def _who_was_measured(self) -> str:
        counts, refused = self.population.counts, self.population.refused
        return (
            f"{counts['taken']} orders in {len(self.rounds)} rounds, each of another person (by "
            f"e-mail address and customer number), of {counts['generated']} made: left out were "
            f"{counts['repeated_person']} of a person seen before and "
            f"{self.population.skipped.total()} of which the bridge makes fewer than two events "
            f"(consent and the like). The SDK raises for {refused['as_written']} as shoppers write "
            f"phone and country, and for {refused['cleaned']} after cleaning: it was given cleaned."
        )

    def _verdict(self) -> str:
        reached = "reached" if self.ratio.median <= AIM else "NOT reached"
        return f"ratio {self.ratio.median:.2f}; aim: at most {AIM:.2f}, {reached}"


def _plain(spreads: Mapping[str, Spread]) -> dict[str, dict[str, float]]:
    return {name: one.to_dict() for name, one in spreads.items()}


def _table(title: str, rows: Mapping[str, Spread]) -> Table:
    table = Table(f"{title}, \N{MICRO SIGN}s of processor time", "min", "median", "max")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, one in rows.items():
        _add_row(table, name, one, digits=1)
    return table


def _add_row(table: Table, name: str, one: Spread, *, digits: int) -> None:
    table.add_row(name, *(f"{value:.{digits}f}" for value in (one.min, one.median, one.max)))
