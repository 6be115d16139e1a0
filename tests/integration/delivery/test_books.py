"""A platform's own books held against ours."""

import io
import json
from typing import Any

import pytest

from bridge.aftermath.books import Books, BooksReport, compare, read_books
from bridge.errors import OrderFileInvalid
from bridge.intake.files.reading import Form


def held(sender: Any, body: str, form: Form = Form.NDJSON, column: str = "event_id") -> BooksReport:
    with Books() as books, sender.installation.queries.snapshot() as snapshot:
        file = io.BytesIO(body.encode())
        report = read_books(file, form, sender.destination, column, books)
        return compare(snapshot.orders, sender.destination, books, report)


def export(sender: Any) -> list[str]:
    return [json.dumps(event) + "\n" for event in sender.workspace.events()]


@pytest.fixture
def delivered(sender: Any) -> list[str]:
    """Three orders delivered, one of them twice, and one skipped; answers the mock's export."""
    sender.take(3)
    sender.take(1, 4, **{"consent.ad_user_data": "denied"})
    sender.workspace.fault("answer_lost")
    sender.round()
    sender.wait(seconds=5)
    sender.rounds()
    lines = export(sender)
    assert len(lines) == 6
    return lines


def test_the_mocks_export_agrees_with_what_was_delivered(sender: Any, delivered: list[str]) -> None:
    report = held(sender, "".join(delivered))

    assert report.ok
    assert (report.rows, report.counted, report.missing, report.others) == (3, 3, 0, 0)


@pytest.mark.usefixtures("delivered")
def test_what_was_delivered_is_missing_in_empty_books(sender: Any) -> None:
    report = held(sender, "")

    assert (report.ok, report.missing, report.first_missing) == (False, 3, ["1", "2", "3"])


@pytest.mark.parametrize(("hours", "told"), [(0, (1, 0)), (-1, (0, 1)), (1, (0, 1))])
def test_what_was_delivered_is_missing_where_it_was_placed_in_the_books_time(
    sender: Any, delivered: list[str], hours: int, told: tuple[int, int]
) -> None:
    rows = [json.loads(line) for line in delivered]
    rows = [row | {"event_time": row["event_time"] + 3600 * hours} for row in rows]
    two = [json.dumps(row) + "\n" for row in rows if row["event_id"] != "2"]

    report = held(sender, "".join(two))

    assert (report.missing, report.not_judged) == told
    assert report.ok is (told[0] == 0)


def test_an_order_counted_twice_is_found(sender: Any, delivered: list[str]) -> None:
    report = held(sender, "".join([*delivered, delivered[0]]))

    assert not report.ok
    assert report.twice == [("1", 2)]


@pytest.mark.parametrize(("source", "ok"), [("server", False), ("browser", True)])
def test_what_was_never_sent_from_here_is_found_when_a_server_told_it(
    sender: Any, delivered: list[str], source: str, ok: bool
) -> None:
    skipped = {**json.loads(delivered[0]), "event_id": "4", "source": source}

    report = held(sender, "".join([*delivered, json.dumps(skipped)]))

    assert report.ok is ok
    assert (report.unsent, report.others) == ((0, 1) if ok else (1, 0))


def test_other_platforms_and_datasets_are_passed_over(sender: Any, delivered: list[str]) -> None:
    first = json.loads(delivered[0])
    others = [{**first, "platform": "google"}, {**first, "dataset": "2"}]

    report = held(sender, "".join([*delivered, *(json.dumps(one) + "\n" for one in others)]))

    assert (report.ok, report.rows) == (True, 3)


@pytest.mark.usefixtures("delivered")
def test_a_platforms_csv_has_the_event_id_in_a_column_that_is_named(sender: Any) -> None:
    report = held(sender, 'Name,"Order ID"\nPurchase,1\nPurchase,9\n', Form.CSV, "Order ID")

    assert report.ok
    assert (report.counted, report.others, report.not_judged) == (1, 1, 2)
    assert not report.tells_who_sent
    with pytest.raises(OrderFileInvalid, match="--column"):
        held(sender, "a,b\n1,2\n", Form.CSV)


@pytest.mark.usefixtures("delivered")
def test_rows_without_an_event_id_are_no_good_books(sender: Any) -> None:
    report = held(sender, '{"event_id": 5}\n\nnope\n')

    assert (report.ok, report.unreadable, report.unreadable_lines) == (False, 2, [1, 3])


@pytest.mark.parametrize(
    "odd", ['"platform": 1', '"dataset": ["x"]', '"verdict": {}', '"source": 0']
)
def test_a_row_that_says_something_other_than_text_is_unreadable(sender: Any, odd: str) -> None:
    report = held(sender, f'{{"event_id": "q", {odd}}}\n')

    assert (report.ok, report.unreadable_lines, report.rows) == (False, [1], 0)
