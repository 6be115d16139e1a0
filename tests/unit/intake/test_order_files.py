"""Files of orders row by row: what each form gives, and what is said of rows that are broken."""

import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import OrderFileInvalid
from bridge.intake.contract import check
from bridge.intake.files.orders_xml import MOST_ELEMENTS, read_order_elements
from bridge.intake.files.reading import Form, Reading, form_of, read_rows
from bridge.intake.files.row import BadRow, Read, Row

EXPORT = Path(__file__).parents[2] / "vectors/orders.xml"


def read(text: str | bytes, form: Form, **more: Any) -> list[Read]:
    body = text.encode() if isinstance(text, str) else text
    return list(read_rows(io.BytesIO(body), Reading(form=form, **more)))


def test_csv_gives_the_contracts_members() -> None:
    rows = read(
        "\ufeffnote;Number;gross;status\n;A-1;12.50;NEW\n\nx;A-2;;\n",
        Form.CSV,
        columns={"order_no": "Number"},
        site_id="RefArch",
    )

    common = {"contract": "order/1", "kind": "order", "site_id": "RefArch", "instance": None}
    first = {"order_no": "A-1", "totals": {"gross": 12.5}, "status": {"order": "new"}}
    assert rows == [
        Row(line=2, members=common | first),
        Row(line=4, members=common | {"order_no": "A-2"}),
    ]


def test_rows_of_one_order_that_follow_each_other_are_its_lines() -> None:
    [first, second] = read(
        "order_no,lines.product_id,lines.quantity,note.x.y\nA-1,P-1,1,\nA-1,P-2,2.5,\nA-2,P-1,x,",
        Form.CSV,
    )

    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert first.members["lines"] == [
        {"product_id": "P-1", "quantity": 1.0},
        {"product_id": "P-2", "quantity": 2.5},
    ]
    assert second.members["lines"] == [{"product_id": "P-1", "quantity": "x"}]


def test_a_csv_row_of_another_width_is_told_by_its_line() -> None:
    [bad, good] = read("order_no,gross\nA-1,1,234.50\nA-2,5\n", Form.CSV)

    assert isinstance(bad, BadRow)
    assert (bad.line, bad.field) == (2, "row")
    assert isinstance(good, Row)


@pytest.mark.parametrize("header", ["number,gross", ""])
def test_a_csv_without_order_numbers_says_how_to_name_the_column(header: str) -> None:
    with pytest.raises(OrderFileInvalid, match="--column order_no="):
        read(f"{header}\n1,2\n", Form.CSV)


def test_an_open_quotation_mark_is_told() -> None:
    with pytest.raises(OrderFileInvalid, match="quotation mark"):
        read('order_no\n"' + "x" * 200_000, Form.CSV)


def test_each_broken_line_of_ndjson_costs_only_itself() -> None:
    rows = read(b'{"order_no": "A-1"}\n\nnope\n[1]\n\xff\n{"order_no": "A-2"}', Form.NDJSON)

    assert [(row.line, type(row)) for row in rows] == [
        (1, Row),
        (3, BadRow),
        (4, BadRow),
        (5, BadRow),
        (6, Row),
    ]


def test_a_line_without_end_is_not_held_in_memory() -> None:
    [bad, good] = read(b'{"a":"' + b"x" * 3_000_000 + b'"}\n{"order_no": "1"}', Form.NDJSON)

    assert isinstance(bad, BadRow)
    assert good == Row(line=2, members={"order_no": "1", "site_id": None, "instance": None})


def test_an_export_of_sfcc_becomes_what_the_cartridge_would_have_sent() -> None:
    [first, second] = read(EXPORT.read_bytes(), Form.XML, site_id="RefArch", instance="production")

    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert (first.line, second.line) == (3, 135)
    order = first.members
    assert check(order).violations == ()
    assert check(order).warnings == ()
    assert order["event_id"] == "X-1-event"
    assert order["placed_at"] == "2026-11-22T07:05:00.000Z"
    assert order["totals"] == {
        "gross": 104.5,
        "net": 95.0,
        "tax": 9.5,
        "shipping": 5.5,
        "merchandise": 99.0,
        "discount": 11.0,
        "gift_certificate": 20.0,
    }
    lines = [
        (one["product_id"], one["gross"], one["net"], one["fulfilment"]) for one in order["lines"]
    ]
    assert lines == [("P-1", 69.3, 63.0, "home_delivery"), ("P-2", 29.7, 27.0, "in_store")]
    assert sum(one["gross"] for one in order["lines"]) == order["totals"]["merchandise"]
    assert order["customer"]["customer_no"] == "C-1"
    assert order["shipping_address"]["city"] == "Oakland"
    assert order["consent"]["ad_personalization"] == "denied"
    assert order["touches"][0]["gclid"] == "Gclid-1"
    assert order["browser"]["user_agent"] == "Mozilla/5.0"
    assert order["coupons"] == ["SHIRTS"]


def test_an_order_an_agent_typed_in_has_no_browser_and_a_guest_no_number() -> None:
    order = read(EXPORT.read_bytes(), Form.XML)[1]

    assert isinstance(order, Row)
    assert order.members["channel"] == "call_center"
    assert order.members["browser"] is None
    assert order.members["customer"]["customer_no"] is None
    assert order.members["status"] == {
        "order": "created",
        "confirmation": "not_confirmed",
        "payment": None,
    }
    assert order.members["lines"][0]["fulfilment"] == "digital"


def test_an_amount_that_is_none_is_refused_by_the_contract_not_by_us() -> None:
    broken = EXPORT.read_bytes().replace(b"104.50", b"1,04")

    order = read(broken, Form.XML, site_id="RefArch", instance="production")[0]

    assert isinstance(order, Row)
    assert [one.path for one in check(order.members).violations] == ["$.totals.gross"]


LAUGHS = """<!DOCTYPE orders [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<orders><order order-no="&b;"/></orders>"""
OUTSIDE = """<!DOCTYPE orders SYSTEM "file:///etc/passwd"><orders/>"""


@pytest.mark.parametrize("body", [LAUGHS, OUTSIDE])
def test_a_document_type_is_refused_before_it_is_read(body: str) -> None:
    with pytest.raises(OrderFileInvalid, match="document type"):
        read(body, Form.XML)


def test_what_is_no_xml_is_told_with_its_line() -> None:
    with pytest.raises(OrderFileInvalid, match="Line 2"):
        read("<orders>\n<order></orders>", Form.XML)


def test_an_order_without_end_is_refused() -> None:
    with pytest.raises(OrderFileInvalid, match="more than"):
        read("<orders><order>" + "<a/>" * MOST_ELEMENTS, Form.XML)


class Endless(io.RawIOBase):
    """So many orders as XML, made while they are read."""

    def __init__(self, count: int) -> None:
        self._pieces = self._made(count)

    def _made(self, count: int) -> Iterator[bytes]:
        yield b"<orders>"
        for number in range(count):
            yield b'<order order-no="%d"><currency>USD</currency></order>' % number
        yield b"</orders>"

    def read(self, size: int = -1) -> bytes:
        del size
        return next(self._pieces, b"")


def test_orders_that_were_read_are_forgotten() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        assert sum(1 for _ in read_order_elements(Endless(count))) == count  # type: ignore[arg-type]  # it only reads
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)

    assert peak(5000) < 2 * peak(500)


def test_the_name_of_a_file_tells_its_form() -> None:
    assert form_of("Orders.XML") is Form.XML
    with pytest.raises(OrderFileInvalid, match="--format"):
        form_of("orders.txt")
