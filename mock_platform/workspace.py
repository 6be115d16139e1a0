"""A workspace: one isolated world with its own clock, settings, faults and books."""

import re
import shutil
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mock_platform.clock import Clock
from mock_platform.faults import Faults
from mock_platform.google.access import IssuedTokens
from mock_platform.google.books import GoogleBooks
from mock_platform.journal import Journal
from mock_platform.known_orders import KnownOrders
from mock_platform.ledger import Ledger
from mock_platform.ledger_file import remove_books, remove_forgotten
from mock_platform.meta.lost_attempts import LostAttempts
from mock_platform.rules.known import Known
from mock_platform.scenario import Scenario
from mock_platform.settings import Settings
from mock_platform.triage import Triage

DEFAULT = "default"
WORKSPACES_MAX = 1000
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
PARTS = ("journal", "faults", "clock", "settings", "known")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A scenario that runs, and what to take back when it stops."""

    scenario: Scenario
    settings_before: Settings
    faults: list[str]


class WorkspaceError(ValueError):
    """A workspace that cannot be used; the message says why."""


class Workspace:
    """Nothing in it is shared with another workspace."""

    def __init__(self, name: str, path: Path, settings: Settings) -> None:
        self.name = name
        self.path = path
        self.clock = Clock()
        self.faults = Faults(self.clock.now)
        self.told = KnownOrders()
        self.triage = Triage()
        self.settings = settings
        self.ledger = Ledger(path)
        self.google = GoogleBooks(self.ledger)
        self.tokens = IssuedTokens()
        self.lost_attempts = LostAttempts()
        self.journal = Journal(self.ledger, self.settle)
        self._first_settings = settings
        self._run: _Run | None = None

    @property
    def known(self) -> Known:
        """What its lint compares events with."""
        told = self.told
        return Known(shoppers=told.shoppers, orders=told.orders, basis=self.settings.value_basis)

    def settle(self) -> float | None:
        """Let Google process what is due; the seconds until more is, None when nothing waits."""
        return self.google.settle(self.clock.now(), self.settings)

    def start(self, scenario: Scenario) -> None:
        """Play `scenario`, in place of the one that runs."""
        self.stop_scenario()
        changed = self.settings.changed(scenario.settings)
        before, self.settings = self.settings, changed
        self.clock.apply(dict(scenario.clock))
        faults = [self.faults.add(fault)["id"] for fault in scenario.faults]
        self._run = _Run(scenario=scenario, settings_before=before, faults=faults)
        self.ledger.notify()

    def stop_scenario(self) -> None:
        """Take its faults away, and set the settings back to what they were."""
        run, self._run = self._run, None
        if run is not None:
            self.settings = run.settings_before
            for fault in run.faults:
                self.faults.remove(fault)

    def running(self) -> dict[str, Any] | None:
        """The scenario that runs, with its faults; None when none does."""
        run = self._run
        if run is None:
            return None
        faults = [fault for fault in self.faults.as_json() if fault["id"] in run.faults]
        return {**run.scenario.as_json(), "faults": faults}

    def reset(self, parts: tuple[str, ...] = PARTS) -> None:
        """Back to the first moment, in all or some of `PARTS`."""
        if "journal" in parts:
            self.triage.clear()
            self.ledger.clear()
            self.google.forget()
            self.tokens.clear()
            self.lost_attempts.clear()
        if "faults" in parts:
            self.stop_scenario()
            self.faults.clear()
        if "clock" in parts:
            self.clock.reset()
        if "known" in parts:
            self.told.clear()
        if "settings" in parts:
            self.settings = self._first_settings

    def close(self) -> None:
        """Close the books; they stay on disk."""
        self.ledger.close()


class Workspaces:
    """Every workspace of one server, each made on first use.

    Books are kept in `directory`, one file a workspace; without one in a temporary directory that
    `close` removes.
    """

    def __init__(self, directory: Path | None = None, settings: Settings | None = None) -> None:
        self._temporary = directory is None
        self._directory = directory or Path(tempfile.mkdtemp(prefix="mock-platform-"))
        self._directory.mkdir(parents=True, exist_ok=True)
        remove_forgotten(self._directory)
        self._settings = settings or Settings()
        self._lock = threading.Lock()
        self._open: dict[str, Workspace] = {}

    def get(self, name: str = DEFAULT) -> Workspace:
        """The workspace called `name`.

        Raises:
            WorkspaceError: for a name that is no name, or one workspace too many.
        """
        found = self._open.get(name)
        if found is not None:
            return found
        if not _NAME.fullmatch(name):
            raise WorkspaceError("a workspace's name has 1 to 64 letters, digits, - or _")
        with self._lock:
            if name not in self._open:
                if len(self._open) >= WORKSPACES_MAX:
                    raise WorkspaceError(f"{WORKSPACES_MAX} workspaces are open; delete some")
                path = self._directory / f"{name}.sqlite"
                self._open[name] = Workspace(name, path, self._settings)
            return self._open[name]

    def delete(self, name: str) -> None:
        """Close a workspace and remove its books."""
        with self._lock:
            workspace = self._open.pop(name, None)
        if workspace is not None:
            workspace.close()
            remove_books(workspace.path)

    def release(self) -> None:
        """Send away every request that waits for events."""
        for workspace in list(self._open.values()):
            workspace.ledger.release()

    def close(self) -> None:
        """Close all books, and remove them if they were temporary."""
        with self._lock:
            workspaces, self._open = list(self._open.values()), {}
        for workspace in workspaces:
            workspace.close()
        if self._temporary:
            shutil.rmtree(self._directory, ignore_errors=True)
