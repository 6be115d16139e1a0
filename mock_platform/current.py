"""What the present request belongs to."""

import time

from flask import g, request

from mock_platform.connection import ENVIRON_KEY, ConnectionEnd, Ending
from mock_platform.workspace import Workspace, Workspaces

_HOLD = 60.0
_SECONDS = dict.fromkeys(ConnectionEnd, _HOLD) | {ConnectionEnd.SLOW: 1.0}


def workspace() -> Workspace:
    """The workspace its URL names."""
    named: Workspace = g.workspace
    return named


def workspaces() -> Workspaces:
    """All workspaces of the server."""
    every: Workspaces = g.workspaces
    return every


def milliseconds() -> float:
    """How long it has been worked on."""
    began: float = g.began
    return round((time.perf_counter() - began) * 1000, 3)


def end_with(end: ConnectionEnd, seconds: float | None) -> None:
    """How its connection shall end; without effect under another server than the mock's own."""
    handed: Ending = request.environ.get(ENVIRON_KEY) or Ending()
    handed.end, handed.seconds = end, _SECONDS[end] if seconds is None else seconds
