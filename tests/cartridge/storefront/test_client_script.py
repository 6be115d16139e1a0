"""The script that every page of the storefront loads."""

from cartridge_spec.rig.rhino import CARTRIDGES

SCRIPT = CARTRIDGES / "int_conversion_bridge_sfra/cartridge/static/default/js/conversionBridge.js"


def test_it_is_small_even_before_anyone_minifies_it() -> None:
    assert len(SCRIPT.read_bytes()) < 4096


def test_it_stores_nothing_in_the_browser_and_loads_nothing() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    for means in ("Storage", "document.cookie", "indexedDB", "createElement", "eval", "import"):
        assert means not in text
