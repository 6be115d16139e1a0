"""Runs the hook on granian: one process for SQLite, many threads, no broken call at SIGTERM."""

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from bridge.operate.settings import Hook


def serve(hook: Hook) -> None:
    """Listen until SIGTERM or SIGINT; calls in flight are answered first."""
    Server(
        "bridge.wsgi:create_app",
        factory=True,
        address=hook.host,
        port=hook.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=hook.threads,
        log_level=LogLevels.error,
        websockets=False,
    ).serve()
