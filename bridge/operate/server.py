"""Runs the hook on granian: one process for SQLite, many threads, no broken call at SIGTERM."""

import socket
from collections.abc import Callable
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from bridge.errors import SettingsInvalid
from bridge.operate.bell import Bell
from bridge.operate.settings import Hook
from bridge.operate.supervise import obey_hang_ups

NEXT_WITHIN = 10.0
"""Seconds a new process has to listen after SIGHUP, before the old one ends its calls: many times
what it needs, because in between nobody would."""


class ReloadingServer(MPServer):
    """A server whose SIGHUP is obeyed only if `may_reload` agrees.

    The new process answers beside the old one, which then ends its calls and goes.
    """

    def __init__(self, may_reload: Callable[[], bool], **options: Any) -> None:
        super().__init__("bridge.wsgi:create_app", factory=True, **options)
        self._may_reload = may_reload
        self.main_loop_interrupt = Bell()  # type: ignore[assignment]  # it needs no more of an Event

    def startup(self, *args: Any) -> None:
        """Obey SIGHUP from here on."""
        super().startup(*args)  # type: ignore[no-untyped-call]  # granian has no types here
        obey_hang_ups()

    def signal_handler_reload(self, *_: object) -> None:
        """Keep the process there is when a new one could not start."""
        if self._may_reload():
            super().signal_handler_reload()  # type: ignore[no-untyped-call]  # granian has no types here


def serve(hook: Hook, may_reload: Callable[[], bool]) -> None:
    """Listen until SIGTERM or SIGINT; calls in flight are answered first."""
    ReloadingServer(
        may_reload,
        address=hook.host,
        port=hook.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=hook.threads,
        respawn_interval=NEXT_WITHIN,
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
