"""Where in an order each thing about the person comes from, whatever the platform.

An address is taken as a unit: a city of one and a postcode of the other would match nobody.
"""

from typing import TypeAlias, TypedDict

from bridge.identity.full_name import split_name
from bridge.identity.normalise.outcome import Normaliser, OmitReason, Outcome
from bridge.identity.normalise.phone import ph
from bridge.identity.normalise.place import country_code
from bridge.order.model import Address, Customer, Person, Plain

Given: TypeAlias = tuple[Plain | OmitReason, str | None]
"""Text with its country's alpha-2 code; or why something given cannot be made use of."""
Givens: TypeAlias = tuple[Given, ...]


class Sources(TypedDict):
    """What was given, each best first and without repetition; empty where nothing was.

    `fallback_phone` counts only when no `phone` is usable. `number` is `ph`, which reads each
    number of this person once for all who ask: no other field costs as much.
    """

    email: Givens
    phone: Givens
    fallback_phone: Givens
    first_name: Givens
    last_name: Givens
    gender: Givens
    birth_date: Givens
    city: Givens
    state: Givens
    postal_code: Givens
    country: Givens
    customer_id: Givens
    number: Normaliser


def gather(person: Person) -> Sources:
    """Collect what was given about the person who bought.

    Phones: the customer's and the billing address's; the shipping address's only as a fallback,
    since a gift's recipient is not the one who bought. Names: the customer's, else the billing
    address's, else the full name split. Places: the billing address, else the shipping address.
    """
    customer, billing, shipping = person.customer, person.billing, person.shipping
    billed, shipped = _country(billing), _country(shipping)
    home = billed or shipped
    place, code = (billing, billed) if _is_place(billing) else (shipping, shipped)
    first_name, last_name = _names(customer, billing)
    return {
        "email": _one(customer.email),
        "phone": _distinct((customer.phone, billing.phone), home),
        "fallback_phone": _one(shipping.phone, shipped or home),
        "first_name": first_name,
        "last_name": last_name,
        "gender": _one(customer.gender),
        "birth_date": _one(customer.birth_date, home),
        "city": _one(place.city),
        "state": _one(place.state, code),
        "postal_code": _one(place.postal_code, code),
        "country": _one(place.country),
        "customer_id": _distinct((customer.customer_no, *customer.external_ids)),
        "number": _reading_once(ph),
    }


def _reading_once(normaliser: Normaliser) -> Normaliser:
    known: dict[tuple[str, str | None], Outcome] = {}

    def read(raw: str, country: str | None) -> Outcome:
        made = known.get((raw, country))
        if made is None:
            made = known[raw, country] = normaliser(raw, country)
        return made

    return read


def _country(address: Address) -> str | None:
    return country_code(address.country.text) if address.country is not None else None


def _one(plain: Plain | None, country: str | None = None) -> Givens:
    return () if plain is None else ((plain, country),)


def _distinct(plains: tuple[Plain | None, ...], country: str | None = None) -> Givens:
    texts = {plain.text: plain for plain in plains if plain is not None}
    return tuple((plain, country) for plain in texts.values())


def _names(customer: Customer, billing: Address) -> tuple[Givens, Givens]:
    for holder in (customer, billing):
        if holder.first_name is not None or holder.last_name is not None:
            return _one(holder.first_name), _one(holder.last_name)
    if customer.name is None:
        return (), ()
    split = split_name(customer.name.text)
    if split is None:
        refused = ((OmitReason.ONE_WORD_NAME, None),)
        return refused, refused
    return _one(Plain(split[0])), _one(Plain(split[1]))


def _is_place(address: Address) -> bool:
    given = address.city or address.state or address.postal_code or address.country
    return given is not None
