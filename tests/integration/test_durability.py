"""A 2xx is a promise: the order is on disk before the answer leaves."""

import os
import re
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ANSWERED = '"HTTP/1.1 202'
WATCHED = "trace=fsync,fdatasync,write,writev,sendto,sendmsg"


def test_the_flush_comes_before_the_answer(
    bridge_up: Callable[..., Any],
    make_order: Callable[..., dict[str, Any]],
    wait_until: Callable[..., None],
    tmp_path: Path,
) -> None:
    trace = tmp_path / "trace"
    strace = ["strace", "-D", "-f", "-y", "-s", "32", "-e", WATCHED, "-o", str(trace)]
    started = bridge_up("http://127.0.0.1:9", command="serve", under=strace)
    order = make_order(placed_at=datetime.now(UTC).isoformat())

    assert started.session.get(f"{started.url}/health/live", timeout=120).status_code == 200
    assert started.send(order).status_code == 202
    wait_until(lambda: ANSWERED in trace.read_text(), "the answer stands in the trace")
    # strace blocks fatal signals while it writes to a file, and with it those it traces.
    os.kill(tracer_of(started.process.pid), signal.SIGKILL)

    calls = trace.read_text().splitlines()
    answered = next(at for at, call in enumerate(calls) if ANSWERED in call)
    asked = max(at for at, call in enumerate(calls[:answered]) if '"HTTP/1.1 200' in call)
    flushes = [call for call in calls[asked:answered] if re.search(r"sync\(\d+<.*-wal>\)", call)]
    assert flushes, "nothing was flushed between the call before and the 202"


def tracer_of(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"TracerPid:\s+(\d+)", status)[0])
