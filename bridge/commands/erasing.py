"""`bridge erase`: forget a person."""

import sys
from dataclasses import asdict

import click

from bridge.clock import system_clock
from bridge.commands.output import as_json, explained, show_json, show_table
from bridge.errors import SettingsInvalid
from bridge.identity.subject import SubjectKey, keys_to_find
from bridge.operate.settings import load_settings
from bridge.order.model import Address, Customer, Person, Plain
from bridge.outbox.database import require_current
from bridge.outbox.store import Store
from bridge.wiring import open_engine, open_masters

STANDARD_INPUT = "-"


@click.command()
@click.option("--email", help="The address; - reads it from standard input.")
@click.option("--phone", help="The number, international or with --country; - reads it.")
@click.option("--customer-no", help="The storefront's customer number; - reads it.")
@click.option("--country", help="ISO 3166-1 alpha-2, for a phone number in national form.")
@as_json
@explained
def erase(
    *,
    email: str | None,
    phone: str | None,
    customer_no: str | None,
    country: str | None,
    as_json: bool,
) -> None:
    """Forget a person: hashes, encrypted values, events, and whatever is queued or a dead letter.

    Orders keep their number, money, lines and fate, and are sent nowhere any more. What platforms
    already have is for them to delete. The value itself is neither stored nor logged; with - it
    does not show in the list of processes either.

    \b
    echo jane@example.com | bridge erase --email -
    """
    person = Person(
        customer=Customer(
            email=_given(email), phone=_given(phone), customer_no=_given(customer_no)
        ),
        billing=Address(country=_given(country)),
    )
    settings = load_settings()
    engine = open_engine(settings)
    require_current(engine)  # before a key is made where there is nothing to erase
    keys = [key for master in open_masters(settings) for key in keys_to_find(person, master)]
    _require_usable(keys, email, phone, customer_no)
    erased = Store(engine, system_clock).erase(keys)
    if as_json:
        show_json(asdict(erased))
        return
    click.echo(
        f"{erased.orders} orders forgotten, {erased.cancelled} deliveries cancelled;"
        f" a second search finds {erased.left}. The audit trail has a line for each order."
    )
    show_table("Orders without their shopper", ("site", "order"), erased.forgotten)


def _given(value: str | None) -> Plain | None:
    if value == STANDARD_INPUT:
        value = sys.stdin.readline().strip()
    return Plain(value) if value else None


def _require_usable(keys: list[SubjectKey], *given: str | None) -> None:
    kinds = {key.kind for key in keys}
    if not keys or len(kinds) < sum(value is not None for value in given):
        raise SettingsInvalid(
            "erase: give --email, --phone or --customer-no with a value that can be read;"
            " a phone number in national form needs --country"
        )
