"""What a shopper's answer means, by region and purpose: the consent table of a destination.

The most specific row wins, cell by cell: a US state before its country, a country before its group,
that before `*`; what a destination sets itself before the default for the same region.
"""

import re
from collections.abc import Hashable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from bridge.identity.normalise.place import country_code
from bridge.order.model import ConsentState

EEA: Final = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
    " AX GF GP MF MQ RE YT".split()
)
"""The 30 EEA states, with those of their regions that have a country code of their own."""

GROUPS: Final[Mapping[str, frozenset[str]]] = {
    "EEA": EEA,
    "UK": frozenset({"GB", "GI"}),
    "CH": frozenset({"CH"}),
}

EEA_UK_CH: Final = frozenset().union(*GROUPS.values())

ANYWHERE: Final = "*"
NOWHERE_KNOWN: Final = "unknown"

US_STATES: Final = frozenset("CA CO CT DE FL MD MN MT NE NH NJ OR RI TX".split())
"""The states whose addresses are told apart: those with a law on it, which Meta has codes for."""

Purpose = Literal["ad_storage", "ad_user_data", "ad_personalization"]
PURPOSES: Final[tuple[Purpose, ...]] = ("ad_storage", "ad_user_data", "ad_personalization")


class Meaning(StrEnum):
    """What an answer allows, mildest first."""

    SEND = "send"
    LIMIT = "limit"  # without what the purpose is about
    SKIP = "skip"


class Answers(BaseModel):
    """A row: what each answer means. What is not given is as in the next wider region."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    granted: Meaning | None = None
    unknown: Meaning | None = None
    denied: Meaning | None = None


Table = Mapping[str, Mapping[Purpose, Answers]]

_CAUTIOUS: Final[Mapping[Purpose, Answers]] = {
    "ad_user_data": Answers(unknown=Meaning.SKIP),
    "ad_storage": Answers(unknown=Meaning.LIMIT),
    "ad_personalization": Answers(unknown=Meaning.LIMIT),
}

DEFAULT: Final[Table] = {
    **dict.fromkeys((*GROUPS, NOWHERE_KNOWN), _CAUTIOUS),
    ANYWHERE: {
        "ad_user_data": Answers(granted=Meaning.SEND, unknown=Meaning.SEND, denied=Meaning.SKIP),
        "ad_storage": Answers(granted=Meaning.SEND, unknown=Meaning.SEND, denied=Meaning.LIMIT),
        "ad_personalization": Answers(
            granted=Meaning.SEND, unknown=Meaning.SEND, denied=Meaning.LIMIT
        ),
    },
}

REPLACED: Final = {
    # what older settings said -> what to write now
    "required": '[destinations.consent.regions."*"] with PURPOSE = { denied = "skip" } for each'
    ' purpose that is required, and ad_user_data = { denied = "send" } where that is not one; in'
    ' the regions EEA, UK, CH and unknown also PURPOSE = { unknown = "skip" }',
    "unknown_denied_in": "[destinations.consent.regions.XX] with ad_user_data = { unknown ="
    ' "skip" } for each country XX of the list, and "send" in EEA, UK, CH where they are not in it',
    "unknown_region": "[destinations.consent.regions.unknown] with ad_user_data = { unknown ="
    ' "send" } for "granted"',
}


class ConsentPolicy(BaseModel):
    """A destination's own rows over the default ones."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    regions: dict[str, dict[Purpose, Answers]] = {}
    opt_out_without_personalization: bool = True

    @model_validator(mode="before")
    @classmethod
    def _older_settings_are_explained(cls, given: Any) -> Any:
        for name in REPLACED.keys() & given.keys() if isinstance(given, dict) else ():
            raise ValueError(f"{name} has become a table: write {REPLACED[name]}")
        return given

    @field_validator("regions")
    @classmethod
    def _regions_exist(
        cls, regions: dict[str, dict[Purpose, Answers]]
    ) -> dict[str, dict[Purpose, Answers]]:
        for name in regions:
            if not _is_region(name):
                states = ", ".join(f"US-{state}" for state in sorted(US_STATES))
                raise ValueError(
                    f"{ANYWHERE}, {NOWHERE_KNOWN}, {', '.join(GROUPS)}, a country's two capital"
                    f" letters, or one of {states}"
                )
        return regions

    def meaning(self, names: tuple[str, ...], purpose: Purpose, answer: ConsentState) -> Meaning:
        """Answer what an answer means where the regions `names` hold, most specific first."""
        for name in names:
            found = self._cells.get((name, purpose, answer))
            if found is not None:
                return found
        return Meaning.SKIP  # the default has every answer for `*`

    @property
    def rows(self) -> Iterator[tuple[str, Purpose, dict[ConsentState, Meaning]]]:
        """Answer the table in force: every region that has a row, and what it comes to there."""
        for name in sorted({**DEFAULT, **self.regions}, key=lambda one: (one == ANYWHERE, one)):
            for purpose in PURPOSES:
                told = {one: self.meaning(wider(name), purpose, one) for one in ConsentState}
                yield name, purpose, told

    @cached_property
    def decided(self) -> dict[Hashable, Any]:
        """Keep what was worked out from the table; there are few places and answers."""
        return {}

    @cached_property
    def _cells(self) -> dict[tuple[str, str, str], Meaning]:
        cells: dict[tuple[str, str, str], Meaning] = {}
        for table in (DEFAULT, self.regions):
            for name, purposes in table.items():
                for purpose, answers in purposes.items():
                    for answer, meaning in answers.model_dump(exclude_none=True).items():
                        cells[name, purpose, answer] = meaning
        return cells


def regions_of(country: str | None, state: str | None = None) -> tuple[str, ...]:
    """Answer the regions a shopper is in, most specific first."""
    if country is None:
        return NOWHERE_KNOWN, ANYWHERE
    return wider(f"{country}-{state}" if state else country)


def wider(name: str) -> tuple[str, ...]:
    """Answer a region, and those around it."""
    country = name.partition("-")[0]
    groups = (group for group, members in GROUPS.items() if country in members)
    return tuple(dict.fromkeys((name, country, *groups, ANYWHERE)))


def _is_region(name: str) -> bool:
    if name in {ANYWHERE, NOWHERE_KNOWN, *GROUPS}:
        return True
    country, _, state = name.partition("-")
    if state:
        return country == "US" and state in US_STATES
    return bool(re.fullmatch("[A-Z]{2}", name)) and country_code(name) == name.lower()
