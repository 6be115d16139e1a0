"""`make objectives`: a row for each objective, from what its runs write."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from loadtests.objectives.rows import rows
from loadtests.objectives.runs import RUNS, NothingMeasured, Run, measure


def found(**changed: Any) -> dict[str, Any]:
    """What the runs write when everything is reached, but for what is changed."""
    path = {
        "mock_cpu_share": 0.2,
        "lone_order_seconds": {"max": 0.6},
        "cpu_ms_per_order": 2.0,
        "disk_kb_per_order": 7.0,
    }
    hook = {"cpu_ratio": 2.0, "rate_ratio": 0.5, "batch_ratio": 4.0}
    backlog = {
        "waiting": {"few": 10_000, "many": 1_000_000},
        "cost_ratio": {"found": 1.3, "aim_at_most": 1.3},
        "rate_ratio": {"found": 0.9, "aim_at_least": 0.9},
        "memory_more_mb": {"found": 3.0, "aim_less_than": 50.0},
        "sender": {"many": {"events a request meanwhile": 500.0}},
    }
    steady = {
        "orders_per_second": 460.0,
        "accept_ms_p99": 20.0,
        "backlog_most": 900.0,
        "backlog_last": 0.0,
        "mock_cpu_share": 0.3,
    }
    written = {
        "bench": {
            "ratio": {"median": 0.8},
            "hook": {name: {"median": one} for name, one in hook.items()},
            "path": path,
        },
        "steady": {"numbers": steady},
        "backlog": backlog,
        "two-bridges": {"numbers": {"lock_wait_ms": 1.0}, "good": True, "missed": []},
    }
    steady.update({name: one for name, one in changed.items() if name in steady})
    return written


def test_each_objective_has_a_row() -> None:
    made = rows(found())
    assert {row.number for row in made} == set(range(1, 8))
    assert sorted({row.verdict for row in made}) == ["measured", "reached"]
    assert [row.number for row in made if row.kept is None] == [4, 7]
    assert "1,000 orders cost" in made[-1].found


@pytest.mark.parametrize(
    ("missed", "rows_missed"),
    [
        ({"accept_ms_p99": 26.0}, 1),
        ({"backlog_last": 1.0}, 1),
        ({"backlog_most": 1841.0}, 1),
        ({"mock_cpu_share": 0.31}, 1),
        ({"orders_per_second": 300.0}, 2),
    ],
)
def test_what_was_not_reached_is_told(missed: dict[str, float], rows_missed: int) -> None:
    told = [row.verdict for row in rows(found(**missed)) if not row.kept]
    assert sorted(told) == ["NOT reached"] * rows_missed + ["measured"] * 2


@pytest.mark.parametrize("quick", [False, True])
@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_each_run_is_a_command_there_is(*, run: Run, quick: bool, tmp_path: Path) -> None:
    command = run.command(tmp_path, quick=quick)
    assert command[:3] == [sys.executable, "-m", run.module]
    module = import_module(run.module)
    module = module if hasattr(module, "main") else import_module(f"{run.module}.__main__")
    assert module.main.make_context(run.name, command[3:]).params


def test_a_run_that_writes_nothing_is_named(tmp_path: Path) -> None:
    nothing = Run(
        name="nothing", module="this", arguments=(), short=(), places="-x", written="x.json"
    )
    with pytest.raises(NothingMeasured, match="nothing measured nothing: see"):
        measure(nothing, tmp_path, quick=False)
