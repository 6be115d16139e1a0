"""A 2xx is a promise: the order is on disk before the answer leaves."""

import os
import re
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

ANSWERED = '"HTTP/1.1 202'
WATCHED = "trace=fsync,fdatasync,write,writev,sendto,sendmsg"
WITHOUT_FLUSH = "from bridge.outbox.sqlite_file import PRAGMAS\nPRAGMAS['synchronous'] = 'OFF'\n"

Watch = Callable[[], list[str]]


@pytest.fixture
def flushes_before_the_answer(
    bridge_up: Callable[..., Any],
    make_order: Callable[..., dict[str, Any]],
    wait_until: Callable[..., None],
    tmp_path: Path,
) -> Watch:
    """Have one order accepted; answer what was flushed between the call before and its 202."""
    trace = tmp_path / "trace"
    strace = ["strace", "-D", "-f", "-y", "-s", "32", "-e", WATCHED, "-o", str(trace)]

    def watch() -> list[str]:
        started = bridge_up("http://127.0.0.1:9", command="serve", under=strace)
        order = make_order(placed_at=datetime.now(UTC).isoformat())
        assert started.session.get(f"{started.url}/health/live", timeout=120).status_code == 200
        assert started.send(order).status_code == 202
        wait_until(lambda: ANSWERED in trace.read_text(), "the answer stands in the trace")
        # strace blocks fatal signals while it writes to a file, and with it those it traces.
        os.kill(tracer_of(started.process.pid), signal.SIGKILL)
        return flushes(trace.read_text().splitlines())

    return watch


def flushes(calls: list[str]) -> list[str]:
    answered = next(at for at, call in enumerate(calls) if ANSWERED in call)
    asked = max(at for at, call in enumerate(calls[:answered]) if '"HTTP/1.1 200' in call)
    return [call for call in calls[asked:answered] if re.search(r"sync\(\d+<.*-wal>\)", call)]


def tracer_of(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"TracerPid:\s+(\d+)", status)[0])


def test_the_flush_comes_before_the_answer(flushes_before_the_answer: Watch) -> None:
    assert flushes_before_the_answer()


def test_with_the_flush_disabled_none_is_seen_before_the_answer(
    flushes_before_the_answer: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_FLUSH)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert flushes_before_the_answer() == []
