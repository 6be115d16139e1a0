"""`make load` as it is run: real processes, real load, a report."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from loadtests.load.__main__ import main
from loadtests.load.run import LOCUSTFILE
from loadtests.stage import SITES, open_stage

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
    assert numbers["faulted_requests"] > 0
    assert numbers["cpu_seconds_callers"] > 0
    assert "objectives missed" in (folder / "report.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["no-such"], 2, "there is no profile no-such"),
        (["two-bridges"], 2, "several bridges need one PostgreSQL"),
        (["smoke", "--database", "mysql"], 2, "use sqlite, postgresql, or a URL"),
        (["smoke", "--rate", "0"], 2, "not in the range"),
        (["smoke", "--folder", f"{__file__}/x"], 1, "nothing can be written to"),
        (["smoke", "--database", "postgresql://127.0.0.1:1/x"], 1, "store_unavailable"),
    ],
)
def test_what_cannot_be_run_is_told_in_a_line(
    arguments: list[str], code: int, said: str, tmp_path: Path
) -> None:
    folder = [] if "--folder" in arguments else ["--folder", str(tmp_path)]
    run = CliRunner().invoke(main, [*arguments, *folder])
    assert run.exit_code == code
    assert said in run.output


def test_a_fault_that_is_none_is_told_before_the_load(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(PROFILE.replace('"delay"', '"delai"'))
    run = CliRunner().invoke(main, [str(tmp_path / "p.toml"), "--folder", str(tmp_path / "f")])
    assert run.exit_code == 1
    assert "Error: p: weather: kind: expected one of" in run.output
    assert not (tmp_path / "f" / "calls.ndjson").exists()


def test_locust_by_itself_shows_the_whole_path(tmp_path: Path) -> None:
    profile = tmp_path / "by-itself.toml"
    profile.write_text(PROFILE.replace("seconds = 2", "seconds = 4"))
    with open_stage(tmp_path / "stage") as stage:
        given = {
            "LOAD_PROFILE": str(profile),
            "BRIDGE_SITE_SECRET": stage.secrets[SITES[0]],
            "MOCK_PLATFORM_URL": stage.mock.url,
        }
        command = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless", "--json"]
        run = subprocess.run(
            [*command, "--host", stage.bridge_url],
            env=os.environ | given,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert run.returncode == 0, run.stderr
    rows = {row["name"]: row["num_requests"] for row in json.loads(run.stdout)}
    assert rows.keys() == {
        "accepted to counted, google",
        "accepted to counted, meta",
        "backlog: deliveries that wait",
        "duplicates: orders told again",
        "batch",
        "one order",
    }
    assert all(rows.values())
