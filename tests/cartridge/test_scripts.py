"""The scripts are what SFCC's engine takes, in old compatibility modes and new ones."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cartridge_spec.rig.instance import switched_on
from cartridge_spec.rig.order_records import capture_of, record_of
from cartridge_spec.rig.rhino import CARTRIDGES, NEWEST, OLDEST, Rhino

SPEC = CARTRIDGES.parent
SCRIPTS = sorted(map(str, CARTRIDGES.rglob("*.js")))
BEYOND_THE_ENGINE = {
    "optional_chaining": "var a = b?.c;",
    "nullish": "var a = b ?? c;",
    "default_parameter": "function f(a = 1) { return a; }",
    "spread": "f(...a);",
    "class": "class A {}",
    "catch_without_name": "try { f(); } catch { g(); }",
}


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_the_engine_compiles_every_script(core: Rhino, version: int) -> None:
    assert len(SCRIPTS) > 25
    assert core.call("rig/compiler", "refused", version, SCRIPTS) == {}


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_what_the_engine_refuses_is_found(core: Rhino, version: int, tmp_path: Path) -> None:
    for name, text in BEYOND_THE_ENGINE.items():
        (tmp_path / f"{name}.js").write_text(text)
    files = [str(file) for file in sorted(tmp_path.iterdir())]
    assert sorted(core.call("rig/compiler", "refused", version, files)) == files


def test_an_order_is_sent_in_the_oldest_language_version(
    hook: tuple[str, Any], secret: str, placed_order: Callable[..., dict[str, Any]]
) -> None:
    order = placed_order()
    with Rhino(["int_conversion_bridge"], version=OLDEST) as old:
        old.call("rig/world", "change", switched_on(hook[0], secret))
        old.call("rig/cases", "checkout", record_of(order), capture_of(order))
        assert old.call("rig/cases", "state", order["order_no"])["cbStatus"] == "sent"


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=SPEC, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def node_tools() -> None:
    subprocess.run([SPEC.parent / ".ci/node_setup"], check=True)


def lint(text: str) -> str:
    name = "cartridges/int_conversion_bridge/cartridge/scripts/seeded.js"
    found = subprocess.run(
        ["npx", "--no-install", "eslint", "--stdin", "--stdin-filename", name],
        cwd=SPEC,
        input=f"'use strict';\n\n{text}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    return found.stdout


def test_the_linter_finds_syntax_beyond_es5(node_tools: None) -> None:
    assert "Parsing error" in lint("const a = 1; exports.a = a;")


def test_the_linter_finds_built_ins_beyond_es5(node_tools: None) -> None:
    found = lint("exports.a = [Object.assign({}, {}), [1].includes(1), new Map(), undeclared];")
    for told in ("no-object-assign", "no-array-prototype-includes", "'Map'", "'undeclared'"):
        assert told in found


def test_the_type_checker_finds_members_that_do_not_exist(node_tools: None, tmp_path: Path) -> None:
    (tmp_path / "seeded.js").write_text(
        "/** @param {dw.order.Order} order - any */\n"
        "exports.a = function (order) { return order.totalGrosPrice + order.orderNumber; };\n"
    )
    (tmp_path / "tsconfig.json").write_text(
        json.dumps(
            {
                "extends": str(SPEC / "tsconfig.json"),
                "include": [str(tmp_path / "seeded.js"), str(SPEC / "cartridge-path.d.ts")],
            }
        )
    )
    found = run("npx", "--no-install", "tsc", "--project", str(tmp_path))
    assert found.returncode != 0
    assert "totalGrosPrice" in found.stdout
    assert "orderNumber" in found.stdout
