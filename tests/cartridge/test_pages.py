"""The pages for developers say what the scripts do."""

import json
import re
from pathlib import Path

import pytest

from cartridge_spec.rig.rhino import CARTRIDGES, Rhino

SPEC = CARTRIDGES.parent
CORE = CARTRIDGES / "int_conversion_bridge"
SCRIPTS = CORE / "cartridge/scripts/conversionBridge"


@pytest.fixture(scope="module")
def payload_page() -> str:
    return (SPEC / "docs/payload.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def delivery_page() -> str:
    return (SPEC / "docs/delivery.md").read_text(encoding="utf-8")


def missing(names: set[str], page: str) -> list[str]:
    spans = {span for code in re.findall(r"`([^`]+)`", page) for span in re.split(r"[ ,]+", code)}
    return sorted(names - spans)


def test_every_member_of_the_contract_has_its_source(payload_page: str) -> None:
    schema = json.loads((SPEC / "contract/order.schema.json").read_text(encoding="utf-8"))
    members = set(schema["properties"])
    for group in ("totals", "customer"):
        members |= {f"{group}.{member}" for member in schema["properties"][group]["properties"]}
        members.remove(group)
    told = payload_page.replace("store.store_id", "store")
    unknown_to_sfcc = {"customer.lead_id", "customer.madid"}
    assert missing(members - unknown_to_sfcc, told) == []


def test_every_attribute_and_state_is_explained(core: Rhino, delivery_page: str) -> None:
    states = core.call("rig/cases", "tableOf", str(SCRIPTS / "attributes.js"), "STATUS")
    attributes = core.call("rig/cases", "tableOf", str(SCRIPTS / "attributes.js"), "ORDER")
    assert missing(set(states.values()) | set(attributes), delivery_page) == []


def test_the_reasons_stand_in_the_order_they_are_tried(delivery_page: str) -> None:
    tried = re.findall(r"reason: '(\w+)'", (SCRIPTS / "eligibility.js").read_text())
    table = delivery_page[delivery_page.index("| Reason | Then |") :].split("\n\n", maxsplit=1)[0]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == tried


def test_every_parameter_of_a_job_step_is_named(delivery_page: str) -> None:
    steps = json.loads((CORE / "steptypes.json").read_text())["step-types"]["script-module-step"]
    own = [step for step in steps if Path(step["module"]).stem in {"sweep", "backfill", "adjust"}]
    names = {parameter["@name"] for step in own for parameter in step["parameters"]["parameter"]}
    assert len(own) == 3
    assert missing(names | {step["@type-id"] for step in own}, delivery_page) == []


def test_the_scripts_read_no_parameter_the_step_types_do_not_declare() -> None:
    steps = json.loads((CORE / "steptypes.json").read_text())["step-types"]["script-module-step"]
    for step in steps:
        script = (CARTRIDGES / step["module"]).read_text(encoding="utf-8")
        parameters = step.get("parameters", {}).get("parameter", [])
        declared = {parameter["@name"] for parameter in parameters}
        assert set(re.findall(r"parameters\.(\w+)", script)) <= declared, step["module"]


def test_the_scripts_read_no_preference_or_attribute_that_is_not_listed(core: Rhino) -> None:
    listed: set[str] = set()
    for module, name in (
        ("attributes", "ORDER"),
        ("attributes", "BASKET"),
        ("attributes", "PROFILE"),
        ("preferences", "DEFINITIONS"),
    ):
        listed |= set(core.call("rig/cases", "tableOf", str(SCRIPTS / f"{module}.js"), name))
    own = [path for path in SCRIPTS.rglob("*.js") if "capture" not in path.parts]
    used = {name for path in own for name in re.findall(r"\bcb[A-Z]\w+", path.read_text())}
    assert used == listed


def test_the_snapshot_shown_is_one_the_cartridge_reads(payload_page: str) -> None:
    shown = re.findall(r"```json\n(.*?)```", payload_page, re.DOTALL)
    assert json.loads(shown[0]).keys() == {
        "browser", "touches", "consent", "channel", "external_ids",
    }  # fmt: skip
