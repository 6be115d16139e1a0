"""The rig behaves as SFCC does where the cartridges rely on it."""

from pathlib import Path

import pytest

from cartridge_spec.rig.rhino import Rhino, RigStopped, ScriptFailed

LIBRARY = "cartridge/scripts/library"


@pytest.fixture
def path(tmp_path: Path) -> tuple[Path, Path]:
    """Two cartridges, `left` before `right`."""
    left, right = tmp_path / "left", tmp_path / "right"
    for cartridge in (left, right):
        (cartridge / "cartridge/scripts").mkdir(parents=True)
    return left, right


def write(cartridge: Path, name: str, text: str) -> None:
    (cartridge / "cartridge/scripts" / name).write_text(text, encoding="utf-8")


def test_requires_resolve_along_the_cartridge_path(path: tuple[Path, Path]) -> None:
    left, right = path
    write(
        left,
        "library.js",
        "exports.name = function () { return 'left over ' + module.superModule.name(); };",
    )
    write(
        right,
        "library.js",
        "exports.name = function () { return require('~/cartridge/scripts/own').text; };",
    )
    write(right, "own.json", '{"text": "right, Grüße"}')
    write(
        right,
        "caller.js",
        f"exports.all = function () {{ return ['*', 'right', '..'].map(function (start) {{"
        f" return require(start === '..' ? './library' : start + '/{LIBRARY}').name(); }}); }};",
    )
    with Rhino([left, right]) as rhino:
        assert rhino.call("*/cartridge/scripts/caller", "all") == [
            "left over right, Grüße",
            "right, Grüße",
            "right, Grüße",
        ]


def test_each_call_is_a_request_that_loads_modules_anew(path: tuple[Path, Path]) -> None:
    write(path[0], "counter.js", "var n = 0; exports.next = function () { n += 1; return n; };")
    with Rhino(path) as rhino:
        assert [rhino.call("*/cartridge/scripts/counter", "next") for _ in range(2)] == [1, 1]


def test_what_a_script_throws_arrives_with_its_place(path: tuple[Path, Path]) -> None:
    write(path[0], "broken.js", "exports.run = function () { return null.member; };")
    with Rhino(path) as rhino, pytest.raises(ScriptFailed, match=r"TypeError(.|\n)*broken.js:1"):
        rhino.call("*/cartridge/scripts/broken", "run")


def test_a_rig_that_ended_says_so(path: tuple[Path, Path]) -> None:
    write(path[0], "last.js", "exports.run = function () { java.lang.System.exit(3); };")
    with Rhino(path) as rhino, pytest.raises(RigStopped):
        rhino.call("*/cartridge/scripts/last", "run")


def test_persistent_attributes_want_a_transaction_their_type_and_a_declaration(core: Rhino) -> None:
    types = {"cbAttempts": "int"}
    assert core.call("rig/probes", "write", types, "cbAttempts", 1, True) == 1
    for name, value, inside in (
        ("cbAttempts", 1, False),
        ("cbAttempts", "1", True),
        ("cbOther", 1, True),
    ):
        with pytest.raises(ScriptFailed, match=r"transaction|takes int|extensible"):
            core.call("rig/probes", "write", types, name, value, inside)


def test_a_failed_transaction_undoes_what_was_written(core: Rhino) -> None:
    core.call("rig/world", "change", {"faults": {"transaction": 0}})
    assert core.call("rig/probes", "writeThenFail", {"cbAttempts": "int"}, "cbAttempts", 1) is None
