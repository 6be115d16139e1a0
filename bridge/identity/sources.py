"""Where in an order each thing about the person comes from, whatever the platform.

An address is taken as a unit: a city of one and a postcode of the other would match nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bridge.identity.full_name import split_name
from bridge.identity.normalise.outcome import OmitReason
from bridge.identity.normalise.place import country_code
from bridge.identity.normalise.text import tidy
from bridge.order.model import Address, Customer, Person, Plain


class Source(StrEnum):
    """A thing known about the person, named as in the order contract."""

    EMAIL = "email"
    PHONE = "phone"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    GENDER = "gender"
    BIRTH_DATE = "birth_date"
    CITY = "city"
    STATE = "state"
    POSTAL_CODE = "postal_code"
    COUNTRY = "country"
    CUSTOMER_ID = "customer_id"


@dataclass(frozen=True, slots=True, repr=False)
class Given:
    """Raw text and its country's alpha-2 code, or why there is none to normalise.

    A `fallback` counts only when nothing before it was usable.
    """

    text: str
    country: str | None = None
    fallback: bool = False
    unusable: OmitReason | None = None


Sources: TypeAlias = dict[Source, tuple[Given, ...]]


def gather(person: Person) -> Sources:
    """Collect what was given, best first and without repetition; sources without text are absent.

    Phones: the customer's and the billing address's; the shipping address's only as a fallback,
    since a gift's recipient is not the one who bought. Names: the customer's, else the billing
    address's, else the full name split. Places: the billing address, else the shipping address.
    """
    customer = person.customer
    billing = country_code(_text(person.billing.country))
    shipping = country_code(_text(person.shipping.country))
    home = billing or shipping
    ids = (customer.customer_no, *customer.external_ids)
    found: dict[Source, list[Given]] = {
        Source.EMAIL: [Given(_text(customer.email))],
        Source.PHONE: [
            Given(_text(customer.phone), home),
            Given(_text(person.billing.phone), home),
            Given(_text(person.shipping.phone), shipping or billing, fallback=True),
        ],
        Source.GENDER: [Given(_text(customer.gender))],
        Source.BIRTH_DATE: [Given(_text(customer.birth_date), home)],
        Source.CUSTOMER_ID: [Given(_text(plain)) for plain in ids],
    }
    for source, given in (*_names(customer, person.billing), *_place(person, billing, shipping)):
        found[source] = [given]
    return {source: kept for source, givens in found.items() if (kept := _distinct(givens))}


def _text(plain: Plain | None) -> str:
    return "" if plain is None else plain.text


def _distinct(givens: list[Given]) -> tuple[Given, ...]:
    kept: dict[tuple[str, str | None], Given] = {}
    for given in givens:
        if given.unusable or (given.text and not given.text.isspace()):
            kept.setdefault((given.text, given.country), given)
    return tuple(kept.values())


def _names(customer: Customer, billing: Address) -> Iterator[tuple[Source, Given]]:
    for holder in (customer, billing):
        first, last = _text(holder.first_name), _text(holder.last_name)
        if tidy(first) or tidy(last):
            yield Source.FIRST_NAME, Given(first)
            yield Source.LAST_NAME, Given(last)
            return
    if not tidy(_text(customer.name)):
        return
    split = split_name(_text(customer.name))
    reason = None if split else OmitReason.ONE_WORD_NAME
    first, last = split or ("", "")
    yield Source.FIRST_NAME, Given(first, unusable=reason)
    yield Source.LAST_NAME, Given(last, unusable=reason)


def _place(
    person: Person, billing: str | None, shipping: str | None
) -> Iterator[tuple[Source, Given]]:
    address, code = person.billing, billing
    if not any(tidy(text) for text in _place_texts(address).values()):
        address, code = person.shipping, shipping
    for source, text in _place_texts(address).items():
        yield source, Given(text, code)


def _place_texts(address: Address) -> dict[Source, str]:
    return {
        Source.CITY: _text(address.city),
        Source.STATE: _text(address.state),
        Source.POSTAL_CODE: _text(address.postal_code),
        Source.COUNTRY: _text(address.country),
    }
