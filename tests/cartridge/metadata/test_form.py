"""What SFCC's import schemas ask of our files: order, mandatory elements, lengths of ids."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cartridge_spec.archive import METADATA

Element = ET.Element

# Children in the order the schemas ask for; "!" marks what must be there. Of each element that we
# use, the children that we use. Source: the import schemas in Salesforce's b2c-developer-tooling.
SEQUENCES = {
    "services": "service-credential service-profile service",
    "service-credential": "url user-id password",
    "service-profile": "timeout-millis rate-limit-enabled rate-limit-calls rate-limit-millis"
    " cb-enabled cb-ignore-5xx cb-calls cb-millis",
    "service": "service-type! enabled log-prefix comm-log-enabled force-prd-enabled"
    " mock-mode-enabled profile-id credential-id",
    "jobs": "job",
    "job": "description parameters flow rules triggers!",
    "flow": "context step",
    "step": "description parameters rules",
    "parameters": "parameter",
    "triggers": "run-recurring run-once",
    "run-recurring": "recurrence! rules",
    "recurrence": "date-from! date-to start-time! interval day-of-week",
    "metadata": "type-extension custom-type custom-preference-group",
    "type-extension": "system-attribute-definitions custom-attribute-definitions group-definitions",
    "custom-type": "display-name description staging-mode! storage-scope! retention-days"
    " key-definition! attribute-definitions group-definitions",
    "custom-attribute-definitions": "attribute-definition",
    "attribute-definitions": "attribute-definition",
    "attribute-definition": "display-name description type! localizable-flag site-specific-flag"
    " mandatory-flag visible-flag externally-managed-flag min-length field-length min-value"
    " max-value value-definitions default-value",
    "key-definition": "display-name description type! min-length field-length",
    "value-definitions": "value-definition",
    "value-definition": "display value!",
    "group-definitions": "attribute-group",
    "attribute-group": "display-name description attribute",
    "preferences": "standard-preferences custom-preferences",
    "custom-preferences": "all-instances development staging production",
    "all-instances": "preference",
}
LONGEST_ID = 256
FILES = sorted(METADATA.rglob("*.xml"))


def elements(path: Path) -> Iterator[tuple[str, list[str]]]:
    for _, element in ET.iterparse(path):
        yield name(element), [name(child) for child in element]


def name(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_children_stand_in_the_order_of_the_schema(path: Path) -> None:
    for parent, children in elements(path):
        if children:
            order = [one.rstrip("!") for one in SEQUENCES[parent].split()]
            assert children == sorted(children, key=order.index), parent


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_mandatory_is_there(path: Path) -> None:
    for parent, children in elements(path):
        needed = [one[:-1] for one in SEQUENCES.get(parent, "").split() if one.endswith("!")]
        assert set(needed) <= set(children), parent


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_ids_are_short_enough_and_without_blanks_around(path: Path) -> None:
    ids = [
        value
        for _, element in ET.iterparse(path)
        for attribute, value in element.attrib.items()
        if attribute.endswith("-id")
    ]
    assert ids
    assert [one for one in ids if one != one.strip() or not 0 < len(one) <= LONGEST_ID] == []


def test_all_files_are_looked_at() -> None:
    assert [path.relative_to(METADATA).as_posix() for path in FILES] == [
        "jobs.xml",
        "meta/custom-objecttype-definitions.xml",
        "meta/system-objecttype-extensions.xml",
        "services.xml",
        "sites/SITE_ID/preferences.xml",
    ]
