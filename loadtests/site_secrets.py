"""The secrets of sites, as given on a command line, in the environment or in a file."""

from collections.abc import Iterable
from pathlib import Path

from loadtests.hook_client import SecretUnusable

MADE_BY_BRIDGE = Path("var/site.secret")


def site_secrets(given: Iterable[str], file: Path | None, sites: tuple[str, ...]) -> dict[str, str]:
    """Secrets by site id, from `SITE=SECRET` or a bare secret, which is for all of `sites`.

    Those given come first, then those of `file`, then those a bridge without settings made.

    Raises:
        SecretUnusable: there is no secret at all, or `file` cannot be read.
    """
    texts = tuple(given) or _lines(file or MADE_BY_BRIDGE, required=file is not None)
    if not texts:
        raise SecretUnusable(
            "the hook wants signed calls: give --secret or --secret-file, set BRIDGE_SITE_SECRET, "
            f"or start a bridge here first, which makes {MADE_BY_BRIDGE}"
        )
    secrets: dict[str, str] = {}
    for text in texts:
        site, secret = _split(text)
        secrets.update({site: secret} if site else dict.fromkeys(sites, secret))
    return secrets


def _lines(file: Path, *, required: bool) -> tuple[str, ...]:
    try:
        lines = file.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        if required:
            raise SecretUnusable(f"cannot read {file}: it should hold one secret a line") from error
        return ()
    return tuple(lines)


def _split(text: str) -> tuple[str, str]:
    """Site and secret; base64 itself has = at its end only."""
    site, _, secret = text.partition("=")
    return (site, secret) if secret.rstrip("=") else ("", text)
