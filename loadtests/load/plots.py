"""A run's series as pictures."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure

from loadtests.load.figures import Series

SIZE: Final = (8.4, 2.6)
PLACE: Final = (0.07, 0.18, 0.73, 0.72)
"""Left, bottom, width, height of the axes: the same in all, with room for names at the right."""
DOTS: Final = 110


def draw(
    series: Mapping[str, Series], folder: Path, weather: Sequence[tuple[float, float]] = ()
) -> dict[str, Path]:
    """Draw each picture as PNG into `folder`; answer the files by the pictures' names.

    All have one time axis, so that what happened at one moment stands one above the other; the
    times of `weather` are shaded.
    """
    times = [x for lines in series.values() for points in lines.values() for x, _ in points]
    ends = (min(times, default=0.0), max(times, default=0.0) or 1.0)
    return {
        name: _draw(name, lines, ends, weather, folder / f"{number:02}.png")
        for number, (name, lines) in enumerate(series.items(), 1)
    }


def _draw(
    name: str,
    lines: Series,
    ends: tuple[float, float],
    weather: Sequence[tuple[float, float]],
    path: Path,
) -> Path:
    figure = Figure(figsize=SIZE)
    axes = figure.add_axes(PLACE)
    for label, points in lines.items():
        axes.plot([x for x, _ in points], [y for _, y in points], label=label, linewidth=1.2)
    for begun, ended in weather:
        axes.axvspan(begun, min(ended, ends[1]), color="tab:red", alpha=0.08, linewidth=0)
    axes.set_title(name, fontsize=9, loc="left")
    axes.set_xlabel("seconds since the first answer", fontsize=8)
    axes.set_xlim(*ends)
    axes.set_ylim(bottom=0)
    axes.tick_params(labelsize=8)
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1, 1))
    figure.savefig(path, dpi=DOTS)
    return path
