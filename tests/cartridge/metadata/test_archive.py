import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from cartridge_spec.archive import CARTRIDGES, cartridges, main, site_import, update


def texts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_the_archive_is_for_one_site_in_a_folder_of_its_name(tmp_path: Path) -> None:
    held = texts(site_import("Shop_EU", tmp_path))
    assert set(held) == {
        "conversion_bridge_Shop_EU/jobs.xml",
        "conversion_bridge_Shop_EU/meta/custom-objecttype-definitions.xml",
        "conversion_bridge_Shop_EU/meta/system-objecttype-extensions.xml",
        "conversion_bridge_Shop_EU/services.xml",
        "conversion_bridge_Shop_EU/sites/Shop_EU/preferences.xml",
    }
    assert [name for name, text in held.items() if "SITE_ID" in name + text] == []
    assert 'site-id="Shop_EU"' in held["conversion_bridge_Shop_EU/jobs.xml"]


def test_an_update_puts_no_setting_back(tmp_path: Path) -> None:
    assert {name.split("/")[1] for name in texts(update(tmp_path))} == {"meta"}


def test_the_cartridges_are_complete(tmp_path: Path) -> None:
    held = texts(cartridges(tmp_path))
    assert set(held) == {
        path.relative_to(CARTRIDGES).as_posix() for path in CARTRIDGES.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("build", [cartridges, update, lambda folder: site_import("A", folder)])
def test_the_same_tree_gives_the_same_bytes(tmp_path: Path, build: object) -> None:
    assert callable(build)
    first, second = build(tmp_path / "1"), build(tmp_path / "2")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("site", ["", "a b", "../up", "Ä", "x" * 33])
def test_what_is_no_site_id_is_refused_with_what_one_is(tmp_path: Path, site: str) -> None:
    answer = CliRunner().invoke(main, ["--site", site, "--output", str(tmp_path)])
    assert answer.exit_code == 2
    assert "letters, digits, hyphens and underscores" in answer.output
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_it_built(tmp_path: Path) -> None:
    answer = CliRunner().invoke(main, ["--output", str(tmp_path)])
    assert answer.exit_code == 0
    assert [Path(line).name for line in answer.output.split()] == [
        "conversion_bridge_RefArch.zip",
        "conversion_bridge_update.zip",
        "conversion_bridge_cartridges.zip",
    ]
