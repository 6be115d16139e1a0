"""docs/settings.md has every setting with its default, and no other; every TOML block loads."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bridge.events.registry import EVENT_APIS
from bridge.operate.consent import DEFAULT, ConsentPolicy
from bridge.operate.destinations import Destination
from bridge.operate.settings import Settings, load_settings

PAGE = "docs/settings.md"
SECTIONS = {  # setting model -> heading
    "Settings": "At the top",
    "Hook": "`[hook]`",
    "Sender": "`[sender]`",
    "Site": "`[[sites]]`",
    "MetaDestination": "`[[destinations]]`",
    "Routes": "`[destinations.routes]`",
    "ConsentPolicy": "`[destinations.consent]`",
    "Answers": "`[destinations.consent.regions]`",
    "ValueBasis": "`[destinations.value]`",
    "GoogleDestination": "Google Data Manager API",
    "Cart": "Cart data, Data Manager API",
    "GoogleAdsDestination": "Google Ads API",
    "AdsCart": "Cart data, Google Ads API",
}


def is_coming(annotation: object) -> bool:
    """Whether it is a destination that nothing can be sent to yet."""
    if not (isinstance(annotation, type) and issubclass(annotation, Destination)):
        return False
    return EVENT_APIS.keys().isdisjoint(get_args(annotation.model_fields["platform"].annotation))


def models(annotation: object) -> Iterator[type[BaseModel]]:
    """Every model of settings that a type refers to, itself included."""
    if is_coming(annotation):
        return
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models(field.annotation)
    for part in get_args(annotation):
        yield from models(part)


MODELS = {model.__name__: model for model in models(Settings)}


def shown(field: FieldInfo) -> object:
    """The default as the page writes it: words in italics, or the value in TOML."""
    if field.is_required():
        return "*required*"
    default = field.get_default(call_default_factory=True)
    if default is None:
        return "*none*"
    if isinstance(default, BaseModel):
        return "*table*"
    if isinstance(default, frozenset | tuple):
        return sorted(default)
    return str(default) if isinstance(default, Path) else default


def read(cell: str) -> object:
    return tomllib.loads(f"it = {cell.strip('`')}")["it"] if cell.startswith("`") else cell


def test_every_part_of_the_settings_has_a_section() -> None:
    assert MODELS.keys() == SECTIONS.keys()


@pytest.mark.parametrize("name", SECTIONS)
def test_every_setting_stands_there_with_its_default(
    name: str, read_page: Callable[[str], Any]
) -> None:
    rows = read_page(PAGE).table(SECTIONS[name])

    told = {row[0].strip("`"): read(row[1]) for row in rows}

    assert told == {name: shown(field) for name, field in MODELS[name].model_fields.items()}
    assert all(row[2] for row in rows)


def toml_blocks() -> list[tuple[str, str]]:
    root = Path(__file__).parents[2]
    paths = [root / "README.md", *(root / "docs").glob("*.md")]
    blocks = [
        (path.name, block.partition("```")[0])
        for path in paths
        for block in path.read_text(encoding="utf-8").split("```toml\n")[1:]
    ]
    assert len(blocks) >= 3
    return blocks


@pytest.mark.parametrize(("page", "block"), toml_blocks())
def test_every_toml_block_loads(
    page: str, block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bridge.toml").write_text(block)
    monkeypatch.setenv("BRIDGE_CONFIG", str(tmp_path / "bridge.toml"))

    settings = load_settings()

    assert settings.enabled_destinations, page
    references = {reference for site in settings.sites for reference in site.secrets}
    assert all(reference.startswith(("env:", "file:")) for reference in references)


def test_the_default_consent_table_stands_there(read_page: Callable[[str], Any]) -> None:
    told = {
        (region.strip("` "), purpose.strip("`")): [one.strip("`") for one in meanings]
        for regions, purpose, *meanings in read_page(PAGE).table("The default table")
        for region in regions.split(",")
    }

    assert told == {
        (region, purpose): [meanings[one] for one in ("granted", "unknown", "denied")]
        for region, purpose, meanings in ConsentPolicy().rows
    }
    assert {region for region, _ in told} == set(DEFAULT)
