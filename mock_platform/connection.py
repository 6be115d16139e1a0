"""How a connection can end without an answer, agreed between the application and the server."""

from dataclasses import dataclass
from enum import StrEnum

ENVIRON_KEY = "mock_platform.ending"


class ConnectionEnd(StrEnum):
    """What the server does in place of sending the answer."""

    CLOSE = "close"  # an orderly close, with no byte of an answer
    RESET = "reset"  # a TCP reset
    HOLD = "hold"  # nothing, until the client gives up or the time is over


@dataclass(slots=True)
class Ending:
    """The server hands one into the environ of each request; the application may set it.

    An object of its own, because an environ is copied on its way.
    """

    end: ConnectionEnd | None = None
    seconds: float = 0.0
