"""Whoever speaks in a process of ours: one line of JSON, without a value."""

import json
import subprocess
import sys

from bridge.operate.logs import SAFE_KEYS

SPEAKERS = """
import logging, threading
from bridge.operate.logs import configure_logs

configure_logs()
logging.getLogger("urllib3").warning("jane@example.com was here")

def fail():
    raise ValueError("jane@example.com")

try:
    fail()
except ValueError:
    logging.getLogger("sqlalchemy.pool").exception("of jane@example.com")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
"""


def test_libraries_and_dying_threads_are_logged_without_their_words() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SPEAKERS], capture_output=True, text=True, check=True
    )

    lines = [json.loads(line) for line in ran.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["library_message"] * 2 + ["thread_failed"]
    assert [line.get("logger") for line in lines] == ["urllib3", "sqlalchemy.pool", None]
    assert [line.get("error") for line in lines] == [None, "ValueError", "ValueError"]
    assert set().union(*lines) <= SAFE_KEYS
    assert "jane" not in ran.stderr + ran.stdout
