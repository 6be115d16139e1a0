"""How far repetitions lie apart: an honest figure comes with its noise."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The least, middle and greatest of the repetitions."""

    min: float
    median: float
    max: float

    def to_dict(self) -> dict[str, float]:
        """Answer the three, rounded to what a clock can tell."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


def spread(values: Sequence[float]) -> Spread:
    """Answer the spread of one or more repetitions."""
    return Spread(min=min(values), median=median(values), max=max(values))
