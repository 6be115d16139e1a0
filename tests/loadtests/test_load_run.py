"""`make load` as it is run: real processes, real load, a report."""

import json
import subprocess
import sys
from pathlib import Path

PROFILE = """
description = "Two seconds of everything."
persons = 30
orders_per_user = 10
batch_orders = 5
duplicates = 1.0
users = { single = 1, batch = 1, mixed = 1 }
steps = [{ seconds = 2, orders_per_second = 30 }]
drain_seconds = 60
objectives = { refused = 0, backlog_last = 0, orders_per_second = 1e9 }

[[weather]]
kind = "delay"
seconds = 0.1
"""


def test_a_run_loses_nothing_reports_and_fails_on_a_missed_objective(tmp_path: Path) -> None:
    profile, folder = tmp_path / "short.toml", tmp_path / "report"
    profile.write_text(PROFILE)
    command = [sys.executable, "-m", "loadtests.load", str(profile), "--folder", str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 1, run.stderr
    found = json.loads((folder / "numbers.json").read_text())
    assert found["missed"] == ["orders answered a second"]
    numbers = found["numbers"]
    assert numbers["accepted"] > 0
    assert numbers["duplicates"] > 0
    assert numbers["counted"] > 0
    assert numbers["cpu_ms_per_order"] > 0
    assert "objectives missed" in (folder / "report.html").read_text()
