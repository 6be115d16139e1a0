"""The countries orders come from: sites, locales, currencies and tax, one entry a country."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Taxation(StrEnum):
    """Whether a site's list prices include tax (contract member `taxation`)."""

    GROSS = "gross"
    NET = "net"


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """A currency: its ISO 4217 minor digits, and roughly what one US dollar is in it."""

    code: str
    digits: int
    per_dollar: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """One country as a storefront sees it; the first of its currencies is the usual one.

    `locales` and `faker_locales` pair up where there are several of each. `state_member` is Faker's
    name for a state there ("" where addresses have none), `cities` stands in where Faker has no
    usable ones, and `gender_words` is how the shop's forms there spell female and male.
    """

    country: str
    site_id: str
    locales: tuple[str, ...]
    faker_locales: tuple[str, ...]
    currencies: tuple[Currency, ...]
    taxation: Taxation
    tax_rate: Decimal
    utc_offset_minutes: int
    gender_words: tuple[str, str]
    weight: int
    state_member: str = ""
    cities: tuple[str, ...] = ()


def _currency(code: str, digits: int, per_dollar: str) -> Currency:
    return Currency(code=code, digits=digits, per_dollar=Decimal(per_dollar))


USD = _currency("USD", 2, "1")
CAD = _currency("CAD", 2, "1.36")
GBP = _currency("GBP", 2, "0.79")
EUR = _currency("EUR", 2, "0.92")
PLN = _currency("PLN", 2, "3.95")
CHF = _currency("CHF", 2, "0.88")
JPY = _currency("JPY", 0, "151")
INR = _currency("INR", 2, "84")
BRL = _currency("BRL", 2, "5.4")
KWD = _currency("KWD", 3, "0.307")

MARKETS = (
    Market(
        country="US",
        site_id="RefArch",
        locales=("en_US", "es_US"),
        faker_locales=("en_US",),
        currencies=(USD,),
        taxation=Taxation.NET,
        tax_rate=Decimal("0.0825"),
        utc_offset_minutes=-300,
        gender_words=("female", "male"),
        weight=5,
        state_member="state_abbr",
    ),
    Market(
        country="CA",
        site_id="RefArch",
        locales=("en_CA", "fr_CA"),
        faker_locales=("en_CA", "fr_CA"),
        currencies=(CAD, USD),
        taxation=Taxation.NET,
        tax_rate=Decimal("0.13"),
        utc_offset_minutes=-300,
        gender_words=("Female", "Male"),
        weight=1,
        state_member="province_abbr",
    ),
    Market(
        country="GB",
        site_id="RefArchGlobal",
        locales=("en_GB",),
        faker_locales=("en_GB",),
        currencies=(GBP,),
        taxation=Taxation.GROSS,
        tax_rate=Decimal("0.20"),
        utc_offset_minutes=0,
        gender_words=("F", "M"),
        weight=3,
    ),
    Market(
        country="DE",
        site_id="RefArchGlobal",
        locales=("de_DE",),
        faker_locales=("de_DE",),
        currencies=(EUR,),
        taxation=Taxation.GROSS,
        tax_rate=Decimal("0.19"),
        utc_offset_minutes=60,
        gender_words=("female", "male"),
        weight=3,
    ),
    Market(
        country="FR",
        site_id="RefArchGlobal",
        locales=("fr_FR",),
        faker_locales=("fr_FR",),
        currencies=(EUR,),
        taxation=Taxation.GROSS,
        tax_rate=Decimal("0.20"),
        utc_offset_minutes=60,
        gender_words=("f", "m"),
        weight=2,
    ),
    Market(
        country="IT",
        site_id="RefArchGlobal",
        locales=("it_IT",),
        faker_locales=("it_IT",),
        currencies=(EUR,),
        taxation=Taxation.GROSS,
        tax_rate=Decimal("0.22"),
        utc_offset_minutes=60,
        gender_words=("F", "M"),
        weight=1,
        state_member="state_abbr",
        # Faker's own Italian cities come in another order with every PYTHONHASHSEED.
        cities=(
            "Roma",
            "Milano",
            "Forlì",
            "Cantù",
            "L'Aquila",
            "San Donà di Piave",
            "Reggio Emilia",
        ),
    ),
    Market(
        country="PL",
        site_id="RefArchGlobal",
        locales=("pl_PL",),
        faker_locales=("pl_PL",),
        currencies=(PLN, EUR),
        taxation=Taxation.GROSS,
        tax_rate=Decimal("0.23"),
        utc_offset_minutes=60,
        gender_words=("female", "male"),
        weight=1,
    ),
    Market(
        country="CH",
        site_id="RefArchGlobal",
        locales=("de_CH", "fr_CH"),
        faker_locales=("de_CH", "fr_CH"),
        currencies=(CHF,),
        taxation=Taxation.GROSS,
        tax_rate=Decimal("0.081"),
        utc_offset_minutes=60,
        gender_words=("Female", "Male"),
        weight=1,
        state_member="canton_code",
    ),
    Market(
        country="JP",
        site_id="RefArchGlobal",
        locales=("ja_JP",),
        faker_locales=("ja_JP",),
        currencies=(JPY,),
        taxation=Taxation.GROSS,
        tax_rate=Decimal("0.10"),
        utc_offset_minutes=540,
        gender_words=("female", "male"),
        weight=1,
        state_member="prefecture",
    ),
    Market(
        country="IN",
        site_id="RefArchGlobal",
        locales=("en_IN", "hi_IN"),
        faker_locales=("en_IN", "hi_IN"),
        currencies=(INR,),
        taxation=Taxation.GROSS,
        tax_rate=Decimal("0.18"),
        utc_offset_minutes=330,
        gender_words=("Female", "Male"),
        weight=1,
        state_member="state",
    ),
    Market(
        country="BR",
        site_id="RefArchGlobal",
        locales=("pt_BR",),
        faker_locales=("pt_BR",),
        currencies=(BRL,),
        taxation=Taxation.GROSS,
        tax_rate=Decimal("0.18"),
        utc_offset_minutes=-180,
        gender_words=("f", "m"),
        weight=1,
        state_member="estado_sigla",
    ),
    Market(
        country="KW",
        site_id="RefArchGlobal",
        locales=("ar_KW", "en_KW"),
        faker_locales=("ar_AA",),
        currencies=(KWD, USD),
        taxation=Taxation.GROSS,
        tax_rate=Decimal(0),
        utc_offset_minutes=180,
        gender_words=("female", "male"),
        weight=1,
        cities=("الكويت", "حولي", "الفروانية", "السالمية", "الأحمدي", "الجهراء"),
    ),
)
