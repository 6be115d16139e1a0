"""The guide's snippets for SiteGenesis run as they stand there, on the core cartridge alone."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from cartridge_spec.rig.instance import switched_on
from cartridge_spec.rig.order_records import record_of
from cartridge_spec.rig.rhino import CARTRIDGES, Rhino

GUIDE = CARTRIDGES.parent / "docs/storefronts.md"
PLACED = "int_conversion_bridge/cartridge/scripts/hooks/placed"
OWN_SCRIPT = {"x-conversion-bridge": "capture"}

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def scripts(tmp_path: Path) -> dict[str, str]:
    """Both snippets as files: what is pasted where the order is placed, and the controller."""
    section = GUIDE.read_text(encoding="utf-8").split("## PWA Kit")[0]
    placement, capture = re.findall("```js\n(.*?)```", section, re.DOTALL)
    (tmp_path / "placement.js").write_text(f"exports.submit = function (order) {{\n{placement}}};")
    (tmp_path / "capture.js").write_text(capture)
    return {"submit": str(tmp_path / "placement.js"), "Capture": str(tmp_path / "capture.js")}


@pytest.fixture
def site(core: Rhino, hook: tuple[str, Any], secret: str) -> Rhino:
    hooks = {"hooks": {"app.conversion.bridge.order.placed": [PLACED]}, "sessions": {}}
    names = {"sessionNames": ["cbTouches", "consent"]}
    core.call("rig/world", "change", switched_on(hook[0], secret) | hooks | names)
    return core


@pytest.fixture
def run(site: Rhino, scripts: dict[str, str]) -> Run:
    def asked(name: str, order_no: str = "", **request: Any) -> dict[str, Any]:
        shopper = {"sessionId": "s1", "cookies": {}, "host": "www.shop.example.com", "query": ""}
        where = {"path": "/", "method": "POST", "address": "203.0.113.7", "headers": {}, "form": ""}
        answer: dict[str, Any] = site.call(
            "rig/storefront",
            "runWithoutSfra",
            shopper | where | request,
            scripts[name],
            name,
            order_no,
        )
        return answer

    return asked


def test_a_click_that_the_controller_keeps_is_sent_with_the_order(
    site: Rhino, run: Run, placed_order: Callable[..., dict[str, Any]]
) -> None:
    site.call("rig/storefront", "agreeToAll", "s1")
    form = urlencode({"query": "fbclid=IwAR0AbC", "page": "https://www.shop.example.com/sale"})

    answer = run("Capture", headers=OWN_SCRIPT, form=f"{form}&referrer=")

    assert json.loads(answer["body"]) == {"captured": True, "consent": "granted"}
    (cookie,) = answer["cookies"]
    assert (cookie["name"], cookie["value"].endswith(".IwAR0AbC")) == ("_fbc", True)
    record = record_of(placed_order()) | {"custom": {}}
    site.call("rig/cases", "add", [record])
    run("submit", record["plain"]["orderNo"], cookies={"_fbc": cookie["value"]})
    kept = site.call("rig/cases", "state", record["plain"]["orderNo"])
    assert (kept["cbStatus"], kept["cbReason"]) == ("sent", "accepted")
    sent = json.loads(site.call("rig/world", "readCalls")[-1]["body"])
    assert sent["browser"]["ip"] == "203.0.113.7"
    assert sent["browser"]["fbc"] == cookie["value"]
    assert [touch["fbclid"] for touch in sent["touches"]] == ["IwAR0AbC"]


def test_another_sites_page_cannot_plant_a_click(site: Rhino, run: Run) -> None:
    site.call("rig/storefront", "agreeToAll", "s1")
    answer = run("Capture", form=urlencode({"query": "gclid=x", "page": "", "referrer": ""}))
    assert json.loads(answer["body"])["captured"] is False
