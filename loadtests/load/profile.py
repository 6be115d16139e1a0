"""What a profile file says. Profiles stand in `loadtests/profiles`."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any, Final, Self

from msgspec import Meta, ValidationError, convert

from loadtests.load.objectives import OBJECTIVES

SUFFIX: Final = ".toml"
TIMES: Final = ("starts_in", "lasts")
"""What a fault of the platform says of when it is there."""
SEEN_AT_MOST: Final = 4
EVENTS_AT_LEAST: Final = 100_000
SOURCE: Final = "LOAD_PROFILE"
SECONDS: Final = "LOAD_SECONDS"
RATE: Final = "LOAD_RATE"
PROFILES: Final = Path(__file__).parent.parent / "profiles"


Positive = Annotated[float, Meta(gt=0)]
NotNegative = Annotated[float, Meta(ge=0)]
Weight = Annotated[int, Meta(ge=0)]
AtLeastOne = Annotated[int, Meta(ge=1)]
Batch = Annotated[int, Meta(ge=1, le=500)]


class ProfileInvalid(Exception):
    """The profile cannot be used; the message names the member and what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """So many orders a second for so long."""

    seconds: Positive
    orders_per_second: NotNegative


@dataclass(frozen=True, slots=True, kw_only=True)
class Users:
    """The weights of the three kinds of users."""

    single: Weight = 0
    batch: Weight = 0
    mixed: Weight = 0

    @property
    def anybody(self) -> bool:
        """Whether there are any."""
        return self.single + self.batch + self.mixed > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One load. Each user makes up to `orders_per_user` orders a second, whatever its kind.

    `persons` orders are made beforehand; when they are used up they come again under new numbers.
    `duplicates` is the share of orders that mixed traffic sends twice. `drain_seconds` is how long
    the backlog may take to empty after the last order. `weather` are faults of the mock platform,
    each a body of `POST /_mock/faults`. `environment` changes the bridge's settings. `bridges` is
    how many hooks and senders share the database, PostgreSQL for more than one.
    """

    name: str
    description: str
    seed: Weight
    persons: AtLeastOne
    orders_per_user: Positive
    batch_orders: Batch
    duplicates: NotNegative
    drain_seconds: NotNegative
    bridges: AtLeastOne
    users: Users
    steps: Annotated[tuple[Step, ...], Meta(min_length=1)]
    weather: tuple[Mapping[str, Any], ...]
    objectives: Mapping[str, float]
    environment: Mapping[str, str]

    @property
    def seconds(self) -> float:
        """How long orders come in."""
        return sum(step.seconds for step in self.steps)

    @property
    def planned_orders(self) -> float:
        """How many orders are to be sent, duplicates not counted."""
        return sum(step.seconds * step.orders_per_second for step in self.steps)

    @property
    def most_events(self) -> int:
        """How many events the platforms may have to remember: each order at both, some twice."""
        return max(math.ceil(SEEN_AT_MOST * self.planned_orders), EVENTS_AT_LEAST)

    @property
    def busiest(self) -> float:
        """How many orders come in a second when most do."""
        return max(step.orders_per_second for step in self.steps)

    def crew(self, orders_per_second: float) -> tuple[int, float]:
        """Answer how many users make so many orders a second, and how many each of them makes."""
        users = math.ceil(orders_per_second / self.orders_per_user)
        return users, orders_per_second / users if users else self.orders_per_user

    def lasting(self, seconds: float) -> Self:
        """Answer the same within that time: steps and weather shorter or longer in proportion."""
        times = seconds / self.seconds
        return replace(
            self,
            steps=tuple(replace(step, seconds=step.seconds * times) for step in self.steps),
            weather=tuple(
                {**fault, **{name: fault[name] * times for name in TIMES if name in fault}}
                for fault in self.weather
            ),
        )

    def at_rate(self, orders_per_second: float) -> Self:
        """Answer the same with so many orders in the busiest second, and others in proportion."""
        times = orders_per_second / self.busiest
        rate = "orders_per_second"
        wanted = {rate: self.objectives[rate] * times} if rate in self.objectives else {}
        return replace(
            self,
            steps=tuple(
                replace(step, orders_per_second=step.orders_per_second * times)
                for step in self.steps
            ),
            objectives={**self.objectives, **wanted},
        )

    @property
    def course(self) -> list[tuple[float, float]]:
        """The wanted orders a second as a line over time: corners with their seconds."""
        corners, at = [], 0.0
        for step in self.steps:
            corners += [(at, step.orders_per_second)]
            at += step.seconds
            corners += [(at, step.orders_per_second)]
        return corners

    @property
    def stormy(self) -> list[tuple[float, float]]:
        """When the platforms have faults: from, to."""
        begins = [fault.get("starts_in", 0.0) for fault in self.weather]
        lasting = [fault.get("lasts", math.inf) for fault in self.weather]
        return [(at, at + lasts) for at, lasts in zip(begins, lasting, strict=True)]

    def rate_at(self, seconds: float) -> float | None:
        """Answer the wanted orders a second at a time; None when it is over."""
        for step in self.steps:
            if seconds < step.seconds:
                return step.orders_per_second
            seconds -= step.seconds
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A profile by name or file, and what is to be changed in it: None for nothing."""

    source: str
    seconds: float | None = None
    rate: float | None = None

    def profile(self) -> Profile:
        """Read it; raises ProfileInvalid."""
        chosen = load(self.source)
        chosen = chosen if self.seconds is None else chosen.lasting(self.seconds)
        return chosen if self.rate is None else chosen.at_rate(self.rate)

    def environment(self) -> dict[str, str]:
        """Answer the variables that hand it to another process."""
        given = {SOURCE: self.source, SECONDS: self.seconds, RATE: self.rate}
        return {name: str(value) for name, value in given.items() if value is not None}

    @classmethod
    def of_environment(cls, variables: Mapping[str, str], otherwise: str) -> Self:
        """Take it from there."""
        numbers = {name: float(variables[name]) for name in (SECONDS, RATE) if name in variables}
        source = variables.get(SOURCE, otherwise)
        return cls(source=source, seconds=numbers.get(SECONDS), rate=numbers.get(RATE))


def names() -> list[str]:
    """Answer the profiles there are."""
    return sorted(path.stem for path in PROFILES.glob(f"*{SUFFIX}"))


def load(name: str) -> Profile:
    """Read a profile by its name, or from the TOML file that `name` is the path of.

    Raises:
        ProfileInvalid: there is no such profile, or it says something unusable.
    """
    path = Path(name) if name.endswith(SUFFIX) else PROFILES / f"{name}{SUFFIX}"
    if not path.is_file():
        known = ", ".join(names())
        raise ProfileInvalid(f"there is no profile {name}: use one of {known}, or a TOML file")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileInvalid(f"{name} cannot be read: {error}") from None
    return read(path.stem, text)


_DEFAULTS: Final[Mapping[str, Any]] = {
    "seed": 2026,
    "persons": 2000,
    "orders_per_user": 5.0,
    "batch_orders": 100,
    "duplicates": 0.1,
    "drain_seconds": 60.0,
    "bridges": 1,
    "users": {"single": 1},
    "weather": [],
    "objectives": {},
    "environment": {},
}
_REQUIRED: Final = ("description", "steps")


def read(name: str, text: str) -> Profile:
    """Read a profile's text.

    Raises:
        ProfileInvalid: it is no TOML, or says something unusable.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileInvalid(f"{name} is not TOML: {error}") from None
    _require_known(name, given, [one.name for one in fields(Profile) if one.name != "name"])
    for member in _REQUIRED:
        if not given.get(member):
            raise ProfileInvalid(f"{name}: {member} must be given")
    try:
        profile = convert({**_DEFAULTS, **given, "name": name}, Profile)
    except ValidationError as error:
        raise ProfileInvalid(f"{name}: {error}") from None
    _require_sense(profile, given)
    return profile


def _require_sense(profile: Profile, given: Mapping[str, Any]) -> None:
    name = profile.name
    _require_known(f"{name}: objectives", profile.objectives, OBJECTIVES)
    for where, kind, tables in (
        ("users", Users, [given.get("users", {})]),
        ("steps", Step, given["steps"]),
    ):
        for table in tables:
            _require_known(f"{name}: {where}", table, [one.name for one in fields(kind)])
    if not profile.users.anybody:
        raise ProfileInvalid(f"{name}: users: one weight must be more than 0")
    if not profile.planned_orders:
        raise ProfileInvalid(f"{name}: steps: one must have orders_per_second")


def _require_known(where: str, given: Mapping[str, Any], known: Any) -> None:
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ProfileInvalid(f"{where}: {unknown[0]} is unknown, use {', '.join(known)}")
