"""Runs the hook on granian: one process for SQLite, many threads, no broken call at SIGTERM."""

import socket

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from bridge.errors import SettingsInvalid
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


def require_free_port(hook: Hook) -> None:
    """Raise SettingsInvalid when the hook could not listen where it is set to."""
    family = socket.AF_INET6 if ":" in hook.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((hook.host, hook.port))
        except OSError as error:
            raise SettingsInvalid(
                f"the hook cannot listen on {hook.host}:{hook.port} ({error.strerror}): "
                "stop what does, or set hook.port (BRIDGE_HOOK__PORT)"
            ) from None
