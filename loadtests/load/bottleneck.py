"""Who had no processor left: to be read with every latency that was missed. Pure."""

from collections.abc import Mapping
from typing import Final

CALLERS: Final = "callers"
PARTS: Final = ("hook", "sender", "database", "mock", CALLERS)
FULL: Final = 0.85
"""Of one processor, for the threads of a Python process."""
BUSY: Final = 0.75
"""Of all: on average over seconds, so that there were moments in which none was left."""
DISTURBED: Final = 0.1
"""Share of the processors that other work may take before figures are about that, too."""


def bottleneck(numbers: Mapping[str, float], processors: int, bridges: int) -> str:
    """Say how many processors each part used while orders came in, and which had none left.

    `bridges` are as many hooks and senders, each a process of its own.
    """
    used = {
        part: numbers[f"processors_{part}"] for part in PARTS if f"processors_{part}" in numbers
    }
    whole = numbers.get("processors_machine")
    if whole is None:
        return "Too short to say which part was busy."
    used["all else"] = max(whole - sum(used.values()), 0.0)
    parts = ", ".join(f"{part} {one:.2f}" for part, one in used.items())
    return (
        f"Processors in use while orders came in: {parts}; together {whole:.2f} of {processors}. "
        f"{_full(used, whole, processors, bridges)}{_disturbed(used, processors)}"
    )


def _full(used: Mapping[str, float], whole: float, processors: int, bridges: int) -> str:
    single = {
        part: one / (bridges if part in {"hook", "sender"} else 1)
        for part, one in used.items()
        if part in {"hook", "sender", "mock", CALLERS}
    }
    full = [part for part, one in single.items() if one >= FULL]
    if full:
        return (
            f"Bottleneck: {' and '.join(full)}, as the threads of one Python process share one "
            "processor."
        )
    if whole >= BUSY * processors:
        most = max(used, key=lambda part: used[part])
        return (
            f"Bottleneck: the processors, {whole / processors:.0%} in use, most by {most}: any "
            "part may have waited for one."
        )
    return (
        "No processor was full: what took long waited for something else, such as the disk, a "
        "lock or a platform."
    )


def _disturbed(used: Mapping[str, float], processors: int) -> str:
    if used["all else"] < DISTURBED * processors:
        return ""
    return " Other work disturbed this run: compare no figure of it."
