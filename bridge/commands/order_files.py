"""What the commands share that read a file of orders: its options, and how rows go by portions."""

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, TypeVar

import click

from bridge.errors import OrderFileInvalid
from bridge.intake.files.reading import Form, Reading, form_of
from bridge.operate.settings import Settings

PORTION = 500
SHOWN = 50

Command = Callable[..., Any]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class OrderFile:
    """The file a command was given, and what was said of it."""

    file: IO[bytes]
    form: str | None
    site: str | None

    def reading(self, settings: Settings, **more: Any) -> Reading:
        """Answer how the file is to be read; where there is one site only, it is that."""
        sites = [one.id for one in settings.sites if one.enabled]
        if self.site is not None and self.site not in sites:
            raise OrderFileInvalid(f"--site: the settings have {', '.join(sites) or 'none'}.")
        only = sites[0] if len(sites) == 1 else None
        form = Form(self.form) if self.form else form_of(self.file.name)
        return Reading(form=form, site_id=self.site or only, **more)


def takes_order_file(*, required: bool) -> Callable[[Command], Command]:
    """Give a command FILE, --format and --site, all in one argument `orders`; None without FILE."""
    options = (
        click.argument("file", type=click.File("rb"), required=required),
        click.option(
            "--format",
            "form",
            type=click.Choice([one.value for one in Form]),
            help="What is in FILE, where its name does not tell.",
        ),
        click.option("--site", help="The SFCC site, where the file does not say it."),
    )

    def give(command: Command) -> Command:
        @functools.wraps(command)
        def run(file: IO[bytes] | None, form: str | None, site: str | None, **more: Any) -> Any:
            return command(orders=file and OrderFile(file, form, site), **more)

        return functools.reduce(lambda made, option: option(made), reversed(options), run)

    return give


def in_portions(items: Iterable[Item], size: int = PORTION) -> Iterator[list[Item]]:
    """Cut what comes into lists that memory holds easily."""
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion
