"""`bridge import` and `bridge sync` with a file, as an operator types them, on a real database."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bridge.cli import main
from bridge.outbox.database import migrate, open_database
from bridge.outbox.queries import OrderStatus, Queries

Run = Callable[..., Result]

EXPORT = Path(__file__).parents[1] / "vectors/orders.xml"
PRODUCTION = ("--site", "RefArch", "--instance", "production")


@pytest.fixture
def database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'bridge.sqlite3'}"
    engine = open_database(url)
    migrate(engine)
    engine.dispose()
    return url


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: str) -> Run:
    """The command line without a settings file: two sites, and both mock destinations."""
    del database
    monkeypatch.delenv("BRIDGE_CONFIG", raising=False)
    monkeypatch.setenv("BRIDGE_DATA_DIR", str(tmp_path))
    runner = CliRunner()

    def run(*arguments: str) -> Result:
        return runner.invoke(main, [*arguments, "--json"])

    return run


@pytest.fixture
def order_of(database: str) -> Callable[[str], OrderStatus]:
    def order_of(number: str) -> OrderStatus:
        engine = open_database(database)
        [found] = Queries(engine).order_status(number)
        engine.dispose()
        return found

    return order_of


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """The export, its orders placed yesterday."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    path = tmp_path / "export.xml"
    path.write_text(EXPORT.read_text(encoding="utf-8").replace("2026-11-22", yesterday))
    return path


def test_an_export_of_sfcc_is_taken_once_however_often_it_is_imported(
    run: Run, export: Path, order_of: Callable[[str], OrderStatus]
) -> None:
    first, second = (run("import", str(export), *PRODUCTION) for _ in range(2))

    answer, again = json.loads(first.output), json.loads(second.output)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert (answer["accepted"], answer["duplicates"], answer["refused"]) == (1, 0, 0)
    assert answer["left_out"] == {"not_placed": 1}
    assert (again["accepted"], again["duplicates"]) == (0, 1)
    order = order_of("X-1")
    assert order.event_id == "X-1-event"
    assert {one.state for one in order.deliveries} == {"pending"}


def test_what_the_contract_refuses_is_told_by_line_and_place_without_its_value(
    run: Run, export: Path
) -> None:
    export.write_text(export.read_text().replace("<currency>USD", "<currency>XYZ"))

    told = run("import", str(export), *PRODUCTION)

    [refused] = json.loads(told.output)["first_refused"]
    assert told.exit_code == 1
    assert (refused["line"], refused["field"]) == (3, "$.currency")
    assert "maria.example" not in told.output


def test_store_sales_as_csv_have_a_row_for_each_line(
    run: Run, tmp_path: Path, order_of: Callable[[str], OrderStatus]
) -> None:
    now = datetime.now(UTC).isoformat()
    header = "order_no,placed_at,currency,gross,channel,store.store_id,"
    header += "customer.email,billing_address.country,lines.product_id,lines.quantity,lines.gross"
    rows = [
        f"S-1,{now},EUR,30.00,store,0042,jane@example.com,DE,P-1,1,10.00",
        f"S-1,{now},EUR,30.00,store,0042,jane@example.com,DE,P-2,2,20.00",
        f"S-2,{now},EUR,ten,store,0042,,DE,P-2,2,20.00",
    ]
    sales = tmp_path / "sales.csv"
    sales.write_text("\n".join([header, *rows]))

    told = run("import", str(sales), *PRODUCTION, "--consent", "granted")

    answer = json.loads(told.output)
    assert (answer["accepted"], answer["refused"]) == (1, 1)
    assert answer["first_refused"][0]["field"] == "$.totals.gross"
    assert {one.state for one in order_of("S-1").deliveries} == {"pending"}


def test_without_an_answer_consent_is_unknown(
    run: Run, tmp_path: Path, order_of: Callable[[str], OrderStatus]
) -> None:
    order = {
        "order_no": "U-1",
        "placed_at": datetime.now(UTC).isoformat(),
        "contract": "order/1",
        "kind": "order",
        "site_id": "RefArch",
        "currency": "EUR",
        "instance": "production",
        "channel": "store",
        "totals": {"gross": 5},
        "lines": [{"product_id": "P"}],
        "billing_address": {"country": "DE"},
    }
    (tmp_path / "list.ndjson").write_text(json.dumps(order))

    assert run("import", str(tmp_path / "list.ndjson")).exit_code == 0

    assert {one.reason for one in order_of("U-1").deliveries} == {"consent_unknown"}


def test_a_file_that_does_not_say_its_instance_needs_it(run: Run, export: Path) -> None:
    told = run("import", str(export), "--site", "RefArch")

    assert told.exit_code == 2
    assert "--instance" in told.output


def test_sync_takes_from_a_file_what_is_missing_and_placed_since(
    run: Run, export: Path, order_of: Callable[[str], OrderStatus]
) -> None:
    late = run("sync", str(export), "--since", "2h", *PRODUCTION)
    taken = run("sync", str(export), "--since", "3d", *PRODUCTION)

    assert json.loads(late.output)["imported"]["accepted"] == 0
    assert json.loads(taken.output)["imported"]["accepted"] == 1
    assert (late.exit_code, taken.exit_code) == (0, 0)
    assert order_of("X-1").deliveries


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ("yesterday", "3d"),
        ("2999-01-01", "has not come yet"),
        ("0d", "has not come yet"),
        ("366d", "at most 365d"),
        ("2016-11-20", "at most 365d"),
        ("0001-01-01T00:00:00+14:00", "write 12h"),
    ],
)
def test_a_time_that_cannot_be_meant_is_refused_with_what_can_be(
    run: Run, since: str, said: str
) -> None:
    told = run("sync", "--since", since)

    assert told.exit_code == 2
    assert said in told.output
