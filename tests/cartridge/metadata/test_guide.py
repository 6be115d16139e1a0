"""The guide names what there is."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cartridge_spec.archive import CARTRIDGES
from cartridge_spec.rig.rhino import Rhino

DOCS = CARTRIDGES.parent / "docs"

Exported = Callable[[str, str], Any]


def guide(name: str = "install.md") -> str:
    return Path(DOCS / name).read_text(encoding="utf-8")


def test_the_table_of_preferences_is_complete_and_tells_the_defaults(exported: Exported) -> None:
    rows = dict(re.findall(r"^\| `(cb\w+)` \| ([^|]*) \|", guide(), re.MULTILINE))
    definitions = exported("preferences", "DEFINITIONS")
    assert set(rows) == set(definitions)
    for name, definition in definitions.items():
        if definition["type"] == "boolean":
            assert rows[name] == ("on" if definition["standard"] else "off"), name
        elif definition["type"] == "int":
            assert rows[name] == str(definition["standard"]), name


def test_every_cartridge_job_and_attribute_is_named(metadata: Callable[[str], Any]) -> None:
    text = guide()
    for cartridge in CARTRIDGES.iterdir():
        assert f"`{cartridge.name}`" in text
    for job in metadata("jobs.xml").iter("job"):
        assert job.attrib["job-id"].replace("SITE_ID", "RefArch") in text


def test_the_snippets_pass_on_the_parameters_that_are_read(core: Rhino) -> None:
    names = core.call("*/cartridge/scripts/conversionBridge/capture/clickParameters", "names")
    assert f'data-parameters="{" ".join(names)}"' in guide("storefronts.md")
    for name in names:
        assert f"`{name}`" in guide()
