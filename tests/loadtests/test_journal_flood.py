"""The mock's journal under a flood: bounded on disk, flat in memory. A million events:
`python -m loadtests.journal_flood`."""

from click.testing import CliRunner

from loadtests.journal_flood import flood, main
from mock_platform.settings import Settings


def test_the_journal_grows_to_its_bounds_and_no_further() -> None:
    settings = Settings(journal_events=1000, memory_events=2000, journal_requests=5)
    readings = list(flood(20_000, 20, settings))
    assert [each.events for each in readings] == list(range(1000, 21_000, 1000))
    full, last = readings[4], readings[-1]
    assert last.disk < full.disk * 1.5
    assert last.memory < full.memory * 1.2


def test_the_command_shows_the_readings() -> None:
    done = CliRunner().invoke(main, ["--events", "2000", "--kept", "500", "--readings", "2"])
    assert done.exit_code == 0, done.output
    assert "2,000" in done.output
