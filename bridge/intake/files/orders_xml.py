"""SFCC's order export, orders.xml, one order at a time (order.xsd, impex/order/2006-10-31).

Expat reads it piece by piece. A document type is refused before anything in it is looked at, so no
entity is ever declared, expanded or fetched.
"""

from collections import deque
from collections.abc import Iterator
from typing import IO, Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from bridge.errors import OrderFileInvalid

ORDER: Final = "order"
MOST_ELEMENTS: Final = 100_000
"""Of one order: a thousand lines have a third of that."""

_PIECE: Final = 64 * 1024


def read_order_elements(file: IO[bytes]) -> Iterator[tuple[int, Element]]:
    """Answer the line each order begins in and its element, names without their namespace.

    Raises:
        OrderFileInvalid: it is no well-formed XML, has a document type, or an order is too large.
    """
    orders = _Orders()
    while piece := file.read(_PIECE):
        yield from orders.parsed(piece)
    yield from orders.parsed(b"", final=True)


class _Orders:
    """Builds the elements of orders and forgets all others."""

    def __init__(self) -> None:
        self._ready: deque[tuple[int, Element]] = deque()
        self._builder: TreeBuilder | None = None
        self._depth = self._elements = self._line = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse_document_type
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def parsed(self, piece: bytes, *, final: bool = False) -> Iterator[tuple[int, Element]]:
        """Take a piece of the file, and answer the orders that end in it."""
        try:
            self._parser.Parse(piece, final)
        except expat.ExpatError as error:
            raise OrderFileInvalid(
                f"Line {error.lineno} is not well-formed XML: have the shop write the file again."
            ) from None
        while self._ready:
            yield self._ready.popleft()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if self._builder is None:
            if local != ORDER:
                return
            self._builder, self._depth, self._elements = TreeBuilder(), 0, 0
            self._line = self._parser.CurrentLineNumber
        self._builder.start(local, attributes)
        self._depth += 1
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise OrderFileInvalid(
                f"The order in line {self._line} has more than {MOST_ELEMENTS} elements."
            )

    def _end(self, name: str) -> None:
        if self._builder is None:
            return
        self._builder.end(_local(name))
        self._depth -= 1
        if not self._depth:
            self._ready.append((self._line, self._builder.close()))
            self._builder = None

    def _text(self, text: str) -> None:
        if self._builder is not None:
            self._builder.data(text)


def _refuse_document_type(*_: object) -> None:
    raise OrderFileInvalid("The XML has a document type, which SFCC's exports have not.")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
