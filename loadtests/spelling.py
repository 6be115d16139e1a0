"""A persona as forms, tills and agents write them down: one person, many spellings."""

from random import Random
from typing import Any

from loadtests.chance import happens
from loadtests.personas import Persona
from loadtests.phones import spelled

_TIDY = 0.8
_BY_MONTH_FIRST = frozenset({"US", "CA"})


def customer(rng: Random, persona: Persona, channel: str) -> dict[str, Any]:
    """The contract's `customer`: guests leave little, agents write one name, tills skip mail."""
    by_agent = channel in {"call_center", "customer_service_center"}
    known = persona.registered
    named = known and not by_agent
    return {
        "customer_no": persona.customer_no if known else None,
        "external_ids": [persona.loyalty_no] if persona.loyalty_no else [],
        "registered": known,
        "email": None if channel == "store" and not known else _email(rng, persona.email),
        "phone": spelled(rng, persona.phone, persona.market.country) if _has_phone(rng) else None,
        "first_name": _typed(rng, persona.first_name) if named else None,
        "last_name": _typed(rng, persona.last_name) if named else None,
        "name": f"{persona.first_name} {persona.last_name}" if by_agent else None,
        "birth_date": _birth_date(rng, persona) if known else None,
        "gender": _gender(rng, persona) if known else None,
        "lead_id": None,
        "madid": persona.madid if channel == "app" else None,
    }


def address(rng: Random, persona: Persona) -> dict[str, Any]:
    """The contract's `billing_address` or `shipping_address` of a persona at home."""
    country = persona.market.country
    return {
        "first_name": _typed(rng, persona.first_name),
        "last_name": _typed(rng, persona.last_name),
        "phone": spelled(rng, persona.phone, country) if _has_phone(rng) else "",
        "city": _typed(rng, persona.home.city),
        "state": persona.home.state,
        "postal_code": _typed(rng, persona.home.postal_code),
        "country": country,
    }


def _has_phone(rng: Random) -> bool:
    return happens(rng, 0.7)


def _typed(rng: Random, text: str) -> str:
    if happens(rng, _TIDY):
        return text
    return rng.choice((text.upper(), text.lower(), f" {text}", f"{text} "))


def _email(rng: Random, email: str) -> str:
    if happens(rng, _TIDY):
        return email
    return rng.choice((email.upper(), email.title(), email.capitalize(), f" {email}", f"{email}  "))


def _birth_date(rng: Random, persona: Persona) -> str:
    born = persona.birth_date
    if happens(rng, _TIDY):
        return born.isoformat()
    if persona.market.country in _BY_MONTH_FIRST:
        return f"{born.month}/{born.day}/{born.year}"
    return born.strftime("%Y%m%d")


def _gender(rng: Random, persona: Persona) -> str | None:
    if persona.gender is None:
        return rng.choice((None, "", "not specified"))
    spelling = persona.market.gender_words[persona.gender]
    return rng.choice((spelling, spelling, spelling[0], spelling.lower()))
