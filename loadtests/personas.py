"""Who buys: people with names, addresses and numbers of their country, some of whom come back.

Faker is slow, so it fills a pool of names and places once per language, the same for every seed;
the seed then puts people together from the pools, as many as are wanted.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import count
from random import Random

from faker import Faker

from loadtests.chance import happens, seeded, word
from loadtests.markets import Market
from loadtests.phones import Phone, phone

_NAMES = 60
_PLACES = 40
_REPEAT_SHARE = 0.35
_REMEMBERED = 500
_MAIL_DOMAINS = ("example.com", "example.org", "example.net", "mail.example", "shop.test")
_OLDEST, _YOUNGEST = date(1938, 1, 1), date(2006, 12, 31)
# RFC 5737 and RFC 3849: addresses kept for documentation, routed nowhere.
_IPV4_BLOCKS = ("192.0.2", "198.51.100", "203.0.113")
_IPV6_SHARE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where someone lives; `state` is "" where addresses have none."""

    city: str
    state: str
    postal_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """One shopper. `gender` is an index into the market's words, None where not told."""

    market: Market
    locale: str
    first_name: str
    last_name: str
    gender: int | None
    birth_date: date
    email: str
    phone: Phone
    home: Place
    ip: str
    registered: bool
    customer_no: str
    loyalty_no: str | None
    madid: str
    fbp_token: str


@dataclass(frozen=True, slots=True)
class _NamePool:
    first_names: tuple[tuple[str, ...], tuple[str, ...]]
    last_names: tuple[str, ...]
    places: tuple[Place, ...]


@cache
def _name_pool(market: Market, faker_locale: str) -> _NamePool:
    fake = Faker(faker_locale)
    fake.seed_instance(f"{market.country}:{faker_locale}")
    return _NamePool(
        first_names=(
            tuple(fake.first_name_female() for _ in range(_NAMES)),
            tuple(fake.first_name_male() for _ in range(_NAMES)),
        ),
        last_names=tuple(fake.last_name() for _ in range(_NAMES)),
        places=tuple(_place(fake, market) for _ in range(_PLACES)),
    )


def _place(fake: Faker, market: Market) -> Place:
    return Place(
        city=fake.random_element(market.cities) if market.cities else fake.city(),
        state=getattr(fake, market.state_member)() if market.state_member else "",
        postal_code=fake.postcode(),
    )


class Clientele:
    """The shoppers of one market; some draws bring back someone who has bought before."""

    def __init__(self, seed: int, market: Market) -> None:
        self._rng = seeded("personas", seed, market.country)
        self._seed = seed
        self._market = market
        self._pools = [_name_pool(market, locale) for locale in market.faker_locales]
        self._numbers = count(1)
        self._known: list[Persona] = []

    def draw(self) -> tuple[Persona, bool]:
        """A shopper, and whether this is their first order."""
        if self._known and happens(self._rng, _REPEAT_SHARE):
            return self._rng.choice(self._known), False
        newcomer = self._newcomer(next(self._numbers))
        if len(self._known) < _REMEMBERED:
            self._known.append(newcomer)
        else:
            self._known[self._rng.randrange(_REMEMBERED)] = newcomer
        return newcomer, True

    def somebody(self) -> Persona:
        """Someone who has bought before; only after the first draw."""
        return self._rng.choice(self._known)

    def _newcomer(self, number: int) -> Persona:
        rng, market = self._rng, self._market
        language = number % max(len(self._pools), len(market.locales))
        pool = self._pools[language % len(self._pools)]
        sex = rng.randrange(2)
        first_name, last_name = rng.choice(pool.first_names[sex]), rng.choice(pool.last_names)
        registered = happens(rng, 0.6)
        return Persona(
            market=market,
            locale=market.locales[language % len(market.locales)],
            first_name=first_name,
            last_name=last_name,
            gender=rng.choice((sex, sex, None)),
            birth_date=_OLDEST + timedelta(days=rng.randrange((_YOUNGEST - _OLDEST).days)),
            email=_email(rng, first_name, last_name, f"{market.country.lower()}{number}"),
            phone=phone(rng, market.country),
            home=rng.choice(pool.places),
            ip=_ip(rng),
            registered=registered,
            customer_no=f"C{self._seed}{market.country}{number:06d}",
            loyalty_no=f"LOYAL-{rng.randrange(10**7):07d}" if happens(rng, 0.3) else None,
            madid=_advertising_id(rng),
            fbp_token=str(rng.randrange(10**9, 10**10)),
        )


def _email(rng: Random, first_name: str, last_name: str, suffix: str) -> str:
    """An address under a reserved domain (RFC 2606), different for every suffix."""
    own = (
        ".".join(filter(None, map(_latin_letters, (first_name, last_name)))) or word(rng, 6).lower()
    )
    pattern = rng.choice(("{own}.{suffix}", "{own}+{suffix}", "{suffix}_{own}"))
    return f"{pattern.format(own=own, suffix=suffix)}@{rng.choice(_MAIL_DOMAINS)}"


def _latin_letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())


def _ip(rng: Random) -> str:
    if happens(rng, _IPV6_SHARE):
        return f"2001:db8:{rng.randrange(65536):x}::{rng.randrange(1, 65536):x}"
    return f"{rng.choice(_IPV4_BLOCKS)}.{rng.randrange(1, 255)}"


def _advertising_id(rng: Random) -> str:
    text = f"{rng.getrandbits(128):032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
