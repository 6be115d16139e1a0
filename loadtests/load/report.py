"""The report of a run: a page with pictures, the numbers as JSON, a table for the terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import orjson
from jinja2 import Environment
from rich.console import Group
from rich.table import Table

from loadtests.load.figures import Figures
from loadtests.load.plots import draw
from loadtests.load.profile import Profile
from loadtests.load.verdict import Change, Line, readable

PAGE: Final = "report.html"
NUMBERS: Final = "numbers.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run came to. `about` says on what it ran."""

    profile: Profile
    about: Sequence[str]
    figures: Figures
    lines: Sequence[Line]
    differences: Sequence[str]
    changes: Sequence[Change]

    @property
    def good(self) -> bool:
        """Whether every objective was kept."""
        return all(line.kept for line in self.lines)

    def to_dict(self) -> dict[str, Any]:
        """Answer what `numbers.json` holds, and what a later run takes as its baseline."""
        return {
            "profile": self.profile.name,
            "about": list(self.about),
            "good": self.good,
            "numbers": dict(self.figures.numbers),
            "missed": [line.words for line in self.lines if not line.kept],
        }

    def write(self, folder: Path) -> Path:
        """Write page, pictures and numbers; answer the page's path."""
        folder.mkdir(parents=True, exist_ok=True)
        pictures = draw(self.figures.series, folder, self.profile.stormy)
        template = files("loadtests.load").joinpath(PAGE).read_text(encoding="utf-8")
        page = (
            Environment(autoescape=True)
            .from_string(template)
            .render(
                profile=self.profile,
                about=self.about,
                good=self.good,
                lines=self.lines,
                differences=self.differences,
                changes=self.changes,
                pictures={name: path.name for name, path in pictures.items()},
                numbers=self.figures.numbers,
                readable=readable,
            )
        )
        (folder / PAGE).write_text(page, encoding="utf-8")
        (folder / NUMBERS).write_bytes(
            orjson.dumps(self.to_dict(), option=orjson.OPT_INDENT_2) + b"\n"
        )
        return folder / PAGE

    def tables(self) -> Group:
        """Answer the verdict for a terminal."""
        table = Table("what", "wanted", "found", "", title=f"load: {self.profile.name}")
        for line in self.lines:
            table.add_row(line.words, line.wanted, line.found, "kept" if line.kept else "MISSED")
        if not self.changes:
            return Group(table, *self.about)
        beside = Table("number", "baseline", "now", "times", "", title="beside the baseline")
        for one in self.changes:
            ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
            beside.add_row(one.name, readable(one.before), readable(one.now), ratio, one.words)
        return Group(table, beside, *self.about)
