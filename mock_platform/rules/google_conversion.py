"""What Google counts: one conversion, and how earlier ones are found again."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """One counted conversion as it stands after every adjustment.

    `event` numbers the event that made it, `click` is its gclid, wbraid or gbraid. `adjusted_at`
    is the time the latest adjustment gave itself, not its arrival.
    """

    event: int
    action: str
    occurred_at: float
    recorded_at: float
    order_id: str | None = None
    click: str | None = None
    value: float | None = None
    currency: str | None = None
    retracted: bool = False
    enhanced: bool = False
    adjusted_at: float | None = None
    adjustments: int = 0


class Conversions(Protocol):
    """Every conversion counted so far, whichever API it came by."""

    def by_order(self, action: str, order_id: str) -> Conversion | None:
        """The conversion that carries this order or transaction id."""

    def by_click(self, action: str, click: str, occurred_at: float) -> Conversion | None:
        """The conversion of this click at this time."""

    def put(self, conversion: Conversion) -> None:
        """Enter a conversion, or what became of it."""
