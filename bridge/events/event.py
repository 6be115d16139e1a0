"""What every platform's builder takes and gives."""

from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct

from bridge.identity.remainder import Remainder
from bridge.order.conversion import Conversion
from bridge.order.eligibility import SkipReason
from bridge.order.model import Facts

MatchKeys = dict[str, tuple[str, ...]]
"""A platform's own field name to its values: hashed, or plain where the platform wants it so."""


class Pseudonym(Struct, frozen=True, kw_only=True):
    """One order as the outbox keeps it: facts, one platform's hashes, the unsealed remainder.

    `conversion` is what else is known about it, None where nothing is. `adjusting` is set when not
    the order is to be sent, but what changes it. `at`: when it was claimed for that.
    """

    facts: Facts
    match_keys: MatchKeys
    remainder: Remainder
    conversion: Conversion | None = None
    adjusting: Facts | None = None
    at: datetime | None = None

    @property
    def purchase(self) -> Conversion:
        """The order and what is known to have changed it."""
        return self.conversion or Conversion(first=self.facts, current=self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Which events may share a request: only those whose groupings are equal."""

    test_event_code: str | None = None
    physical_store: bool = False
    adjustments: bool = False


class PlatformEvent(Struct, frozen=True, kw_only=True):
    """One event, ready to send. `body` is its JSON, the same bytes at every attempt.

    `notes` say in stable codes what was left out or stood in for something else.
    """

    event_name: str
    event_id: str
    event_time: datetime
    body: bytes
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsendable:
    """The event the platform would refuse, found before it is sent."""

    reason: SkipReason


Built = PlatformEvent | Unsendable
