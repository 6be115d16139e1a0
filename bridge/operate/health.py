"""Is the process alive, and can it take orders?"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bridge.errors import BridgeError, SettingsInvalid
from bridge.outbox.database import require_durable
from bridge.outbox.group_commit import GroupCommit
from bridge.outbox.queries import Queries


class Readiness(StrEnum):
    """What keeps orders from being taken, if anything."""

    READY = "ready"
    STORE_UNREACHABLE = "store_unreachable"  # it cannot even be read
    STORE_NOT_DURABLE = "store_not_durable"  # its server no longer flushes what is committed
    STORE_NOT_WRITABLE = "store_not_writable"  # the last order was not stored, nor is a trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Answers from the database, and from what became of the last order."""

    queries: Queries
    outbox: GroupCommit[Any, Any]

    def ready(self) -> Readiness:
        """Promise that an order sent now could be made durable, or say what is in the way."""
        try:
            self.queries.ping()
            require_durable(self.queries.engine)
        except SettingsInvalid:
            return Readiness.STORE_NOT_DURABLE
        except BridgeError:
            return Readiness.STORE_UNREACHABLE
        return Readiness.READY if self.outbox.works() else Readiness.STORE_NOT_WRITABLE
