"""Reading our own pages: headings, tables, code spans and code blocks."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Row = list[str]
Table = list[Row]


class Page:
    """One Markdown page of the project."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")

    @property
    def prose(self) -> str:
        """The page without its code blocks."""
        return re.sub(r"^```.*?^```$", "", self.text, flags=re.DOTALL | re.MULTILINE)

    def under(self, heading: str) -> str:
        """What stands under a heading, up to the next one."""
        parts = re.split(r"^#+ (.+)$", self.prose, flags=re.MULTILINE)
        return dict(zip(parts[1::2], parts[2::2], strict=True))[heading]

    def tables(self, heading: str) -> list[Table]:
        """The tables under a heading, without their two head rows."""
        blocks = re.findall(r"(?:^\|.*\|\n)+", self.under(heading), flags=re.MULTILINE)
        return [[cells(line) for line in block.splitlines()[2:]] for block in blocks]

    def table(self, heading: str) -> Table:
        """The only table under a heading."""
        (table,) = self.tables(heading)
        return table

    def blocks(self, language: str) -> list[str]:
        """The code blocks of a language."""
        found = re.findall(rf"^```{language}\n(.*?)^```$", self.text, re.DOTALL | re.MULTILINE)
        return list(found)


def cells(line: str) -> Row:
    return [cell.strip() for cell in re.split(r"(?<= )\|(?= )", line.strip("|"))]


def code(text: str) -> list[str]:
    """The code spans of a text."""
    return re.findall(r"`([^`]+)`", text)


def page_paths() -> Iterator[Path]:
    yield from ROOT.glob("*.md")
    yield from (ROOT / "docs").rglob("*.md")
    for page in (ROOT / "cartridge_spec").rglob("*.md"):
        if "node_modules" not in page.parts:
            yield page


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def read_page() -> Callable[[str], Page]:
    """A page by its path in the project."""
    return lambda path: Page(ROOT / path)


@pytest.fixture
def pages() -> list[Page]:
    """Every page."""
    return [Page(path) for path in page_paths()]


@pytest.fixture
def spans() -> Callable[[str], list[str]]:
    """The code spans of a text."""
    return code
