"""A run's series as pictures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure

from loadtests.load.figures import Series

SIZE: Final = (7.2, 2.6)
DOTS: Final = 110


def draw(series: Mapping[str, Series], folder: Path) -> dict[str, Path]:
    """Draw each picture as PNG into `folder`; answer the files by the pictures' names."""
    return {
        name: _draw(name, lines, folder / f"{number:02}.png")
        for number, (name, lines) in enumerate(series.items(), 1)
    }


def _draw(name: str, lines: Series, path: Path) -> Path:
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    for label, points in lines.items():
        axes.plot([x for x, _ in points], [y for _, y in points], label=label, linewidth=1.2)
    axes.set_title(name, fontsize=9, loc="left")
    axes.set_xlabel("seconds", fontsize=8)
    axes.set_ylim(bottom=0)
    axes.tick_params(labelsize=8)
    axes.grid(visible=True, alpha=0.3)
    if len(lines) > 1:
        axes.legend(fontsize=7, loc="upper left")
    figure.savefig(path, dpi=DOTS)
    return path
