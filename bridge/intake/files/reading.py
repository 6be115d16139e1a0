"""Which of the forms a file of orders has, and its rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath
from typing import IO

from bridge.errors import OrderFileInvalid
from bridge.intake.files.json_lines import read_json_lines
from bridge.intake.files.orders_xml import read_order_elements
from bridge.intake.files.row import BadRow, Read, Row
from bridge.intake.files.separated import read_csv
from bridge.intake.files.sfcc_order import contract_order, is_deletion


class Form(StrEnum):
    """How orders stand in a file."""

    CSV = "csv"
    NDJSON = "ndjson"
    XML = "xml"


SUFFIXES = {
    ".csv": Form.CSV,
    ".tsv": Form.CSV,
    ".ndjson": Form.NDJSON,
    ".jsonl": Form.NDJSON,
    ".xml": Form.XML,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a file is to be read; `site_id` and `instance` are for rows that do not say theirs."""

    form: Form
    site_id: str | None = None
    instance: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


def form_of(name: str) -> Form:
    """Answer the form a file's name tells; raises OrderFileInvalid where it tells none."""
    form = SUFFIXES.get(PurePath(name).suffix.lower())
    if form is None:
        raise OrderFileInvalid(
            f"What is in the file? Say --format {', '.join(Form)}, or give it a name such as"
            " orders.csv, orders.ndjson or orders.xml."
        )
    return form


def read_rows(file: IO[bytes], reading: Reading) -> Iterator[Read]:
    """Read a file row by row.

    Raises:
        OrderFileInvalid: from here on it cannot be read.
    """
    for row in _rows(file, reading):
        yield row if isinstance(row, BadRow) else _completed(row, reading)


def _rows(file: IO[bytes], reading: Reading) -> Iterator[Read]:
    match reading.form:
        case Form.CSV:
            yield from read_csv(file, reading.columns)
        case Form.NDJSON:
            yield from read_json_lines(file)
        case Form.XML:
            for line, order in read_order_elements(file):
                if not is_deletion(order):
                    yield Row(line=line, members=contract_order(order, None, None))


def _completed(row: Row, reading: Reading) -> Row:
    told = {"site_id": reading.site_id, "instance": reading.instance}
    missing = {name: value for name, value in told.items() if not row.members.get(name)}
    return Row(line=row.line, members={**row.members, **missing}) if missing else row
