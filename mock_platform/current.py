"""What the present request belongs to."""

import time

from flask import g

from mock_platform.workspace import Workspace, Workspaces


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
