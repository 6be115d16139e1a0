"""Code, hooks, step types, jobs and metadata name the same things."""

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from cartridge_spec.archive import CARTRIDGES
from cartridge_spec.rig.rhino import Rhino

Element = ET.Element
Metadata = Callable[[str], Element]
Exported = Callable[[str, str], Any]

EXTENSIONS = "meta/system-objecttype-extensions.xml"
CUSTOM_TYPES = "meta/custom-objecttype-definitions.xml"


def text(element: Element, path: str) -> str | None:
    found = element.find(path)
    return None if found is None else found.text


def definitions(parent: Element) -> dict[str, Element]:
    return {one.attrib["attribute-id"]: one for one in parent.iter("attribute-definition")}


def of_type(metadata: Metadata, type_id: str) -> Element:
    found = metadata(EXTENSIONS).find(f"type-extension[@type-id='{type_id}']")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("type_id", "name"), [("Order", "ORDER"), ("Basket", "BASKET"), ("Profile", "PROFILE")]
)
def test_attributes_are_declared_as_the_code_uses_them(
    metadata: Metadata, exported: Exported, type_id: str, name: str
) -> None:
    declared = definitions(of_type(metadata, type_id))
    assert {one: text(element, "type") for one, element in declared.items()} == exported(
        "attributes", name
    )


def test_guest_records_are_declared_as_the_code_uses_them(
    metadata: Metadata, exported: Exported
) -> None:
    (declared,) = metadata(CUSTOM_TYPES).iter("custom-type")
    assert declared.attrib["type-id"] == exported("capture/clickAttribution", "TYPE")
    assert {one: text(each, "type") for one, each in definitions(declared).items()} == exported(
        "attributes", "CLICK_ATTRIBUTION"
    )
    assert int(text(declared, "retention-days") or 0) > 0


def test_states_can_be_queried_and_are_all_declared(metadata: Metadata, exported: Exported) -> None:
    status = definitions(of_type(metadata, "Order"))["cbStatus"]
    values = [one.text for one in status.iterfind("value-definitions/value-definition/value")]
    assert sorted(str(value) for value in values) == sorted(
        exported("attributes", "STATUS").values()
    )


def declared_preference(element: Element) -> dict[str, Any]:
    """A preference of the metadata in the code's terms; the platform keeps everything as text."""
    kind = text(element, "type")
    found: dict[str, Any] = {"type": kind}
    values = element.findall("value-definitions/value-definition")
    if values:
        found["choices"] = [text(one, "value") for one in values]
        found["standard"] = next(text(one, "value") for one in values if one.get("default"))
        return found
    for bound, path in (("min", "min-value"), ("max", "max-value")):
        if text(element, path) is not None:
            found[bound] = int(str(text(element, path)))
    given = text(element, "default-value")
    read = {
        "boolean": lambda told: told == "true",
        "int": int,
        "set-of-string": list,
        "datetime": len,
    }
    found["standard"] = read.get(str(kind), str)(given or "")  # type: ignore[operator]  # by kind
    return found


def test_preferences_are_declared_with_the_codes_types_limits_and_defaults(
    metadata: Metadata, exported: Exported
) -> None:
    declared = definitions(of_type(metadata, "SitePreferences"))
    assert {one: declared_preference(each) for one, each in declared.items()} == exported(
        "preferences", "DEFINITIONS"
    )


def test_every_attribute_stands_in_a_group_of_business_manager(metadata: Metadata) -> None:
    for parent in [*metadata(EXTENSIONS), *metadata(CUSTOM_TYPES)]:
        shown = {one.attrib["attribute-id"] for one in parent.iter("attribute")}
        keys = {one.attrib["attribute-id"] for one in parent.iter("key-definition")}
        assert shown == set(definitions(parent)) | keys


def test_no_code_reads_an_id_that_nobody_declares(exported: Exported) -> None:
    """Attributes and preferences share the prefix, so that one search finds them all."""
    known = {"cbPixelOrder"}  # kept in the session, which takes any name
    for name in ("ORDER", "BASKET", "PROFILE"):
        known |= set(exported("attributes", name))
    known |= set(exported("preferences", "DEFINITIONS"))
    used = {
        found
        for script in CARTRIDGES.rglob("*.js")
        for found in re.findall(r"\bcb[A-Z]\w+", script.read_text(encoding="utf-8"))
    }
    assert used - known == set()


def test_services_have_a_profile_and_a_credential(metadata: Metadata, exported: Exported) -> None:
    services = metadata("services.xml")
    named = {one.attrib["service-id"]: one for one in services.iter("service")}
    assert set(named) == {exported("service", "REALTIME"), exported("service", "JOB")}
    profiles = {one.attrib["service-profile-id"] for one in services.iter("service-profile")}
    credentials = {
        one.attrib["service-credential-id"] for one in services.iter("service-credential")
    }
    assert {text(one, "profile-id") for one in named.values()} == profiles
    assert {text(one, "credential-id") for one in named.values()} == credentials
    chosen = metadata("sites/SITE_ID/preferences.xml").find(
        ".//preference[@preference-id='cbCredentialId']"
    )
    assert chosen is not None
    assert {chosen.text} == credentials


def test_a_secret_is_never_part_of_the_archive_and_bodies_are_never_logged(
    metadata: Metadata,
) -> None:
    services = metadata("services.xml")
    assert list(services.iter("password")) == []
    assert {one.text for one in services.iter("comm-log-enabled")} == {"false"}


def test_the_checkouts_service_gives_up_as_early_as_the_preference_says(
    metadata: Metadata, exported: Exported
) -> None:
    profile = metadata("services.xml").find(
        "service-profile[@service-profile-id='conversionbridge.realtime']"
    )
    assert profile is not None
    assert text(profile, "cb-enabled") == "true"
    standard = exported("preferences", "DEFINITIONS")["cbTimeoutMs"]["standard"]
    assert text(profile, "timeout-millis") == str(standard) == "700"


def test_every_step_type_has_a_job_and_every_job_a_step_type(
    metadata: Metadata, step_types: list[dict[str, Any]]
) -> None:
    known = {step["@type-id"]: step for step in step_types}
    steps = list(metadata("jobs.xml").iter("step"))
    assert {step.attrib["type"] for step in steps} == set(known)
    for step in steps:
        parameters = known[step.attrib["type"]].get("parameters", {}).get("parameter", [])
        given = {one.attrib["name"] for one in step.iter("parameter")}
        required = {one["@name"] for one in parameters if one["@required"] == "true"}
        assert required <= given <= {one["@name"] for one in parameters}


def test_no_job_runs_and_nothing_is_sent_until_somebody_switches_it_on(metadata: Metadata) -> None:
    jobs = metadata("jobs.xml")
    assert {one.attrib["enabled"] for one in jobs.iter("run-recurring")} == {"false"}
    enabled = metadata("sites/SITE_ID/preferences.xml").find(
        ".//preference[@preference-id='cbEnabled']"
    )
    assert enabled is not None
    assert enabled.text == "false"


def test_every_step_types_function_exists(
    storefront_scripts: Rhino, step_types: list[dict[str, Any]]
) -> None:
    assert len(step_types) >= 4
    for step in step_types:
        assert storefront_scripts.call(
            "rig/exported", "hasFunction", step["module"], step["function"]
        ), step["@type-id"]


def test_every_hooks_script_exports_the_function_sfcc_calls(
    storefront_scripts: Rhino, hooks: list[tuple[str, str]]
) -> None:
    assert len(hooks) >= 4
    for extension_point, script in hooks:
        function = extension_point.rsplit(".", 1)[-1]
        assert storefront_scripts.call("rig/exported", "hasFunction", script, function)


@pytest.mark.parametrize("package", sorted(CARTRIDGES.glob("*/package.json")), ids=str)
def test_every_cartridge_says_its_own_name(package: Any) -> None:
    name = package.parent.name
    properties = (package.parent / f"cartridge/{name}.properties").read_text(encoding="utf-8")
    assert f"demandware.cartridges.{name}.id={name}\n" in properties
    assert f'"name": "{name}"' in package.read_text(encoding="utf-8")
