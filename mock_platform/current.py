"""What the present request belongs to."""

from flask import g, request

from mock_platform.connection import ENVIRON_KEY, Ending
from mock_platform.workspace import Workspace, Workspaces


def workspace() -> Workspace:
    """The workspace its URL names."""
    named: Workspace = g.workspace
    return named


def workspaces() -> Workspaces:
    """All workspaces of the server."""
    every: Workspaces = g.workspaces
    return every


def ending() -> Ending:
    """How its connection shall end; without effect under another server than the mock's own."""
    handed: Ending = request.environ.get(ENVIRON_KEY) or Ending()
    return handed
