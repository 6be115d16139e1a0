"""Builds what an SFCC team uploads: the cartridges, and the site import archive for one site.

The same tree and site give the same bytes, so that an archive can be compared and signed.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).parent
CARTRIDGES = ROOT / "cartridges"
METADATA = ROOT / "metadata"

_SITE_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_PLACEHOLDER = "SITE_ID"
_MIDNIGHT = (1980, 1, 1, 0, 0, 0)  # the oldest time a zip can hold
_MODE = 0o644 << 16


def site_import(site: str, folder: Path) -> Path:
    """Write the site import archive for a first installation on a site.

    The archive holds one folder of its own name, as SFCC's Site Import wants it.

    Raises:
        ValueError: `site` is no SFCC site id.
    """
    if not _SITE_ID.fullmatch(site):
        raise ValueError("a site id is 1 to 32 letters, digits, hyphens and underscores")
    name = f"conversion_bridge_{site}"
    members = (
        (f"{name}/{path}".replace(_PLACEHOLDER, site), text.replace(_PLACEHOLDER, site))
        for path, text in _files(METADATA)
    )
    return _zip(folder / f"{name}.zip", members)


def update(folder: Path) -> Path:
    """Write the archive for a newer version: definitions alone, so that no setting is put back."""
    name = "conversion_bridge_update"
    members = ((f"{name}/meta/{path}", text) for path, text in _files(METADATA / "meta"))
    return _zip(folder / f"{name}.zip", members)


def cartridges(folder: Path) -> Path:
    """Write the cartridges as an archive to unpack into a code version."""
    return _zip(folder / "conversion_bridge_cartridges.zip", _files(CARTRIDGES))


def _files(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(root.rglob("*")):
        if path.is_file():
            yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


def _zip(target: Path, members: Iterator[tuple[str, str]]) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in members:
            entry = zipfile.ZipInfo(name, _MIDNIGHT)
            entry.external_attr = _MODE
            entry.create_system = 3  # Unix, wherever it was built
            archive.writestr(entry, text.encode(), zipfile.ZIP_DEFLATED)
    return target


@click.command()
@click.option("--site", default="RefArch", show_default=True, help="The SFCC site id.")
@click.option("--output", type=click.Path(path_type=Path), default=Path("dist"), show_default=True)
def main(site: str, output: Path) -> None:
    """Build the cartridges and the site import archive for one site."""
    try:
        built = [site_import(site, output), update(output), cartridges(output)]
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--site") from None
    for path in built:
        click.echo(path)


if __name__ == "__main__":
    main()
