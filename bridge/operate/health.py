"""Is the process alive, and can it take orders?"""

from dataclasses import dataclass
from enum import StrEnum

from bridge.errors import BridgeError
from bridge.outbox.queries import Queries


class Readiness(StrEnum):
    """What keeps orders from being taken, if anything."""

    READY = "ready"
    STORE_UNREACHABLE = "store_unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Answers both health questions from the database alone."""

    queries: Queries

    def ready(self) -> Readiness:
        """Promise that an order sent now could be made durable, or say what is in the way."""
        try:
            self.queries.ping()
        except BridgeError:
            return Readiness.STORE_UNREACHABLE
        return Readiness.READY
