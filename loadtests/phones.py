"""How people in each country write their telephone numbers.

The numbers lie in ranges kept for fiction where the country has one (NANPA 555-01xx; Ofcom's,
Arcep's and the Bundesnetzagentur's numbers for drama). Italy, Poland, Switzerland, Japan, India,
Brazil and Kuwait keep none, so theirs are only well-formed: never call or text them.
"""

from dataclasses import dataclass
from random import Random

from loadtests.chance import digits, filled, happens


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneRange:
    """A block of numbers: `own` is what differs (# any digit), `spellings` how it is written."""

    own: tuple[str, ...]
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One number: the digits that tell it apart inside its range."""

    range: PhoneRange
    own: str


_NORTH_AMERICAN = (
    "(###) 555-01##",
    "###-555-01##",
    "###.555.01##",
    "1-###-555-01##",
    "+1 ### 555 01##",
    "+1###55501##",
    "001 ### 555 01##",
)

PHONES: dict[str, tuple[PhoneRange, ...]] = {
    "US": (
        PhoneRange(own=("212##", "310##", "415##", "602##", "617##"), spellings=_NORTH_AMERICAN),
    ),
    "CA": (PhoneRange(own=("416##", "514##", "604##"), spellings=_NORTH_AMERICAN),),
    "GB": (
        PhoneRange(
            own=("###",),
            spellings=(
                "020 7946 0###",
                "(020) 7946 0###",
                "+44 20 7946 0###",
                "+44 (0)20 7946 0###",
                "0044 20 7946 0###",
                "+442079460###",
            ),
        ),
        PhoneRange(own=("###",), spellings=("0113 496 0###", "01134960###", "+44 113 496 0###")),
    ),
    "DE": (
        PhoneRange(
            own=("###",),
            spellings=(
                "030 23125###",
                "030/23125-###",
                "(030) 23125 ###",
                "+49 30 23125###",
                "+49 (0)30 23125-###",
                "0049 30 23125###",
            ),
        ),
        PhoneRange(own=("##",), spellings=("0171 39200##", "+49 171 39200##", "0171/39200##")),
    ),
    "FR": (
        PhoneRange(
            own=("####",),
            spellings=(
                "01 99 00 ## ##",
                "01.99.00.##.##",
                "019900####",
                "+33 1 99 00 ## ##",
                "+33 (0)1 99 00 ## ##",
                "0033 1 99 00 ## ##",
            ),
        ),
    ),
    "IT": (
        PhoneRange(
            own=("######",), spellings=("339 1######", "+39 339 1######", "0039 3391######")
        ),
        # Italy keeps the leading zero of a landline after +39: a classic normalisation error.
        PhoneRange(own=("####",), spellings=("02 1234 ####", "+39 02 1234 ####", "+39021234####")),
    ),
    "PL": (
        PhoneRange(
            own=("######",),
            spellings=("501 ### ###", "501-###-###", "+48 501 ### ###", "0048501######"),
        ),
    ),
    "CH": (
        PhoneRange(
            own=("####",),
            spellings=("079 010 ## ##", "+41 79 010 ## ##", "+41 (0)79 010 ## ##", "004179010####"),
        ),
    ),
    "JP": (
        PhoneRange(
            own=("######",),
            spellings=("090-12##-####", "09012######", "+81 90-12##-####", "+81 (0)90 12## ####"),
        ),
    ),
    "IN": (
        PhoneRange(
            own=("#####",),
            spellings=("98765 #####", "098765#####", "+91 98765 #####", "0091-98765#####"),
        ),
    ),
    "BR": (
        PhoneRange(
            own=("######",),
            spellings=(
                "(11) 999##-####",
                "11999######",
                "+55 11 999##-####",
                "+55 (11) 999##-####",
            ),
        ),
    ),
    "KW": (PhoneRange(own=("####",), spellings=("5012 ####", "+965 5012 ####", "009655012####")),),
}

# People type the digits of their own script where their keyboard offers them.
_FIGURES = {
    "JP": "０１２３４５６７８９",  # noqa: RUF001 - full-width digits are the point
    "KW": "٠١٢٣٤٥٦٧٨٩",
}
_FIGURES_SHARE = 0.2


def phone(rng: Random, country: str) -> Phone:
    """A number of `country`, one of the keys of `PHONES`."""
    block = rng.choice(PHONES[country])
    return Phone(range=block, own=digits(rng, rng.choice(block.own)))


def spelled(rng: Random, number: Phone, country: str) -> str:
    """`number` as its owner might write it today: the same number, another spelling each time."""
    text = filled(rng.choice(number.range.spellings), number.own)
    figures = _FIGURES.get(country)
    if figures and happens(rng, _FIGURES_SHARE):
        return text.translate(str.maketrans("0123456789", figures))
    return text
