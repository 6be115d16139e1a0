"""How an answer can go wrong on its way, agreed between the application and the server."""

from dataclasses import dataclass
from enum import StrEnum

from flask import request

ENVIRON_KEY = "mock_platform.ending"


class ConnectionEnd(StrEnum):
    """What the server does in place of sending the answer, or while sending it."""

    CLOSE = "close"  # an orderly close, with no byte of an answer
    RESET = "reset"  # a TCP reset
    HOLD = "hold"  # nothing, until the client gives up or the time is over
    SLOW = "slow"  # the body in small pieces, spread over the time
    SLOW_HEAD = "slow_head"  # the head in small pieces, spread over the time
    HALF = "half"  # the head and half the body, then as HOLD
    SHORT = "short"  # the whole body, but the head promised more
    CUT = "cut"  # a chunk that ends in its middle

    @property
    def answered(self) -> bool:
        """Whether an answer sets out at all."""
        return self not in (ConnectionEnd.CLOSE, ConnectionEnd.RESET, ConnectionEnd.HOLD)


@dataclass(slots=True)
class Ending:
    """The server hands one into the environ of each request; the application may set it.

    An object of its own, because an environ is copied on its way.
    """

    end: ConnectionEnd | None = None
    seconds: float = 0.0


_HOLD = 60.0
_SLOWLY = dict.fromkeys((ConnectionEnd.SLOW, ConnectionEnd.SLOW_HEAD), 1.0)
_SECONDS = dict.fromkeys(ConnectionEnd, _HOLD) | _SLOWLY


def end_with(end: ConnectionEnd, seconds: float | None) -> None:
    """How this request's connection shall end; without effect under another server."""
    handed: Ending = request.environ.get(ENVIRON_KEY) or Ending()
    handed.end, handed.seconds = end, _SECONDS[end] if seconds is None else seconds
