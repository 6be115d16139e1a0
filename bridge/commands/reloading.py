"""SIGHUP: read the settings again, and go on by the new ones, or the old where those are wrong."""

import signal
import threading

import structlog

from bridge.delivery.worker import Worker
from bridge.errors import BridgeError, SettingsInvalid
from bridge.operate.bell import Bell
from bridge.operate.settings import Settings, load_settings
from bridge.operate.supervise import obey_hang_ups
from bridge.wiring import open_installation, open_sender, open_site_secrets

log = structlog.get_logger("bridge.operate")


def reloaded(before: Settings) -> Settings | None:
    """Answer the settings as they stand now, or None, with the reason in the log, when unusable."""
    try:
        settings = load_settings()
        require_same_ground(before, settings)
        open_site_secrets(settings)
        open_installation(settings).engine.dispose()
    except BridgeError as error:
        log.error("settings_refused", code=error.code, reason=str(error))  # noqa: TRY400  # the reason says all
        return None
    return settings


def require_same_ground(before: Settings, after: Settings) -> None:
    """Raise SettingsInvalid when something changed that a running process stands on."""
    moved = [name for name, value in before.ground.items() if after.ground[name] != value]
    if moved:
        raise SettingsInvalid(f"{', '.join(moved)} cannot change while running: restart the bridge")


class Senders:
    """Runs a sender by the settings as they stand, and after SIGHUP another by the new ones.

    The old one ends its requests under way by the settings it began with; what it had not sent yet
    is given back, and goes by the new ones.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._wake = Bell()
        self._ended = False
        self._hung_up = False

    def run(self) -> None:
        """Block until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._end())
        signal.signal(signal.SIGHUP, lambda *_: self._hang_up())
        obey_hang_ups()
        shifts = [Shift(self._settings)]
        while not self._ended:
            self._wake.wait()
            self._wake.clear()
            settings = reloaded(self._settings) if self._hung_up else None
            self._hung_up = False
            if settings is not None:
                shifts[-1].stop()
                shifts = [one for one in shifts if one.works] + [Shift(settings)]
        for shift in shifts:
            shift.end()

    def _end(self) -> None:
        self._ended = True
        self._wake.set()

    def _hang_up(self) -> None:
        self._hung_up = True
        self._wake.set()


class Shift:
    """One worker at work in a thread of its own, from its beginning on."""

    def __init__(self, settings: Settings) -> None:
        self._stop = threading.Event()
        self._installation = open_installation(settings)
        self._worker: Worker = open_sender(self._installation, self._stop)
        self._thread = threading.Thread(target=self._work, name="sender")
        self._thread.start()

    @property
    def works(self) -> bool:
        """Whether it has not ended yet."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Have it end what is under way, without waiting for it."""
        self._stop.set()

    def end(self) -> None:
        """Stop it, and wait until it has."""
        self.stop()
        self._thread.join()

    def _work(self) -> None:
        self._worker.run()
        self._installation.engine.dispose()
