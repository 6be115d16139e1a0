"""The tree keeps its own rules: files and functions stay short, and names say what is inside."""

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 350
LONGEST_FUNCTION = 40
SAYS_NOTHING = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
PRODUCTS = ("data_manager",)  # names of others, which are not ours to choose


def sources() -> Iterator[Path]:
    for package in ("bridge", "mock_platform", "loadtests", "cartridge_spec", "tests"):
        yield from sorted((ROOT / package).rglob("*.py"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def words(path: Path) -> set[str]:
    name = path.stem
    for product in PRODUCTS:
        name = name.replace(product, "")
    return set(name.split("_"))


def test_there_is_a_tree_to_look_at() -> None:
    assert len(list(sources())) > 200


def test_no_file_is_long() -> None:
    lengths = {path: path.read_bytes().count(b"\n") for path in sources()}
    assert {p.relative_to(ROOT): n for p, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_function_is_long() -> None:
    lengths = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": length(node)
        for path in sources()
        for node in functions(path)
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_every_file_is_named_after_what_it_holds() -> None:
    assert [path.relative_to(ROOT) for path in sources() if words(path) & SAYS_NOTHING] == []


@pytest.mark.parametrize("package", ["bridge", "mock_platform", "loadtests"])
def test_any_module_can_be_imported_first(package: str) -> None:
    graph = grimp.build_graph(package, cache_dir=None)
    imported = {each: graph.find_modules_directly_imported_by(each) for each in graph.modules}
    try:
        graphlib.TopologicalSorter(imported).prepare()
    except graphlib.CycleError as circle:
        pytest.fail(" imports ".join(reversed(circle.args[1])))
