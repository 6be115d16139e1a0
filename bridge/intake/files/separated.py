"""Orders as comma-separated values: a header, then a row for each order or line of one."""

import csv
from collections.abc import Iterator, Mapping
from io import TextIOWrapper
from typing import IO, Any, Final

from bridge.errors import OrderFileInvalid
from bridge.intake.files.row import BadRow, Read, Row
from bridge.intake.files.sfcc_amounts import amount

COLUMNS: Final = {
    "order_no": "order_no",
    "site_id": "site_id",
    "placed_at": "placed_at",
    "currency": "currency",
    "gross": "totals.gross",
    "channel": "channel",
    "status": "status.order",
}
"""Column -> its member in the contract. Only `order_no` has to be there."""

PLAIN: Final = {*COLUMNS.values(), "kind", "instance", "event_id", "replaces_order_no", "reference"}
"""What may stand as a title beside them: any other member is named with its parent's name."""

MOST_LINES: Final = 1000
"""As many as the contract takes."""

_SEPARATORS: Final = ",;\t|"
_AMOUNTS: Final = ("totals.", "lines.quantity", "lines.gross", "lines.net")


def read_csv(file: IO[bytes], names: Mapping[str, str]) -> Iterator[Read]:
    """Read each order; `names` says which column has another name than ours.

    A title may also be a member's place in the contract, such as `customer.email` or
    `lines.product_id`; other columns are passed over. Rows with one order number that follow each
    other are the lines of one order. Separated by comma, semicolon, tab or |, whichever the header
    has most of; in UTF-8.

    Raises:
        OrderFileInvalid: no header, or a column that is needed or was named is not in it.
    """
    text = TextIOWrapper(file, "utf-8-sig", "replace", newline="")
    try:
        yield from _joined(_rows(text, names))
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
    by_place = {i: title for i, title in enumerate(titles) if _is_a_place(title)}
    ours = {titles.index(title): column for column, title in wanted.items() if title in titles}
    return by_place | {place: COLUMNS[column] for place, column in ours.items()}


def _is_a_place(title: str) -> bool:
    parent, point, member = title.partition(".")
    if not point:
        return title in PLAIN
    return bool(member) and "." not in member and parent not in PLAIN


def _row(cells: list[str], width: int, places: Mapping[int, str], line: int) -> Read:
    if len(cells) != width:
        return BadRow(
            line=line,
            field="row",
            message=f"has {len(cells)} fields where the header has {width}: put quotation marks"
            " around text that holds the separator",
        )
    members: dict[str, Any] = {"contract": "order/1", "kind": "order"}
    for place, path in places.items():
        text = cells[place].strip()
        if text:
            _put(members, path, text)
    return Row(line=line, members=members)


def _put(members: dict[str, Any], path: str, text: str) -> None:
    *parents, member = path.split(".")
    target = members
    for parent in parents:
        below = target.setdefault(parent, [{}] if parent == "lines" else {})
        target = below[0] if isinstance(below, list) else below
    target[member] = amount(text) if path.startswith(_AMOUNTS) else _told(path, text)


def _told(path: str, text: str) -> str:
    return text.lower() if path.startswith(("status.", "consent.")) else text


def _joined(rows: Iterator[Read]) -> Iterator[Read]:
    """Make of rows that follow each other with the same number one order with several lines."""
    before: Row | None = None
    for row in rows:
        if before is not None and isinstance(row, Row) and _is_same(before, row):
            lines = before.members.get("lines", [])
            if len(lines) <= MOST_LINES:  # one too many is for the contract to refuse
                lines.extend(row.members.get("lines", []))
            continue
        if before is not None:
            yield before
        before = row if isinstance(row, Row) else None
        if isinstance(row, BadRow):
            yield row
    if before is not None:
        yield before


def _is_same(first: Row, second: Row) -> bool:
    names = ("order_no", "site_id", "kind", "reference")
    if not first.members.get("order_no"):
        return False
    return all(first.members.get(name) == second.members.get(name) for name in names)
