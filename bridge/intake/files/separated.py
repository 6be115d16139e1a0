"""Orders as comma-separated values: a header, then a row for each order."""

import csv
from collections.abc import Iterator, Mapping
from io import TextIOWrapper
from typing import IO, Any, Final

from bridge.errors import OrderFileInvalid
from bridge.intake.files.row import BadRow, Read, Row

COLUMNS: Final = {
    "order_no": ("order_no",),
    "site_id": ("site_id",),
    "placed_at": ("placed_at",),
    "currency": ("currency",),
    "gross": ("totals", "gross"),
    "channel": ("channel",),
    "status": ("status", "order"),
}
"""Column -> its member in the contract. Only `order_no` has to be there."""

_SEPARATORS: Final = ",;\t|"


def read_csv(file: IO[bytes], names: Mapping[str, str]) -> Iterator[Read]:
    """Read each row; `names` says which column has another name than ours.

    Separated by comma, semicolon, tab or |, whichever the header has most of. Text is UTF-8.

    Raises:
        OrderFileInvalid: no header, or a column that is needed or was named is not in it.
    """
    text = TextIOWrapper(file, "utf-8-sig", "replace", newline="")
    try:
        yield from _rows(text, names)
    except csv.Error:
        raise OrderFileInvalid(
            "The file is no CSV any further: look for a quotation mark that is not closed."
        ) from None
    finally:
        text.detach()  # it is not ours to close


def _rows(text: TextIOWrapper, names: Mapping[str, str]) -> Iterator[Read]:
    header = text.readline()
    separator = max(_SEPARATORS, key=header.count)
    titles = [title.strip() for title in next(csv.reader([header], delimiter=separator), [])]
    places = _places(titles, names)
    reader = csv.reader(text, delimiter=separator)
    for cells in reader:
        if cells:
            yield _row(cells, len(titles), places, reader.line_num + 1)


def _places(titles: list[str], names: Mapping[str, str]) -> dict[int, str]:
    wanted = {column: names.get(column, column) for column in COLUMNS}
    missing = [
        title
        for column, title in wanted.items()
        if title not in titles and (column in names or column == "order_no")
    ]
    if missing:
        raise OrderFileInvalid(
            f"The header has no column {', '.join(missing)}: correct it, or say what it is called"
            " there, such as --column order_no=OrderNumber."
        )
    return {titles.index(title): column for column, title in wanted.items() if title in titles}


def _row(cells: list[str], width: int, places: Mapping[int, str], line: int) -> Read:
    if len(cells) != width:
        return BadRow(
            line=line,
            field="row",
            message=f"has {len(cells)} fields where the header has {width}: put quotation marks"
            " around text that holds the separator",
        )
    members: dict[str, Any] = {}
    for place, column in places.items():
        text = cells[place].strip()
        if text:
            *parents, member = COLUMNS[column]
            target = members
            for parent in parents:
                target = target.setdefault(parent, {})
            target[member] = text.lower() if column == "status" else text
    return Row(line=line, members=members)
