"""What the checks of one event need to know of its request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mock_platform.rules.google_world import Action, GoogleWorld
from mock_platform.rules.known import NOTHING_KNOWN, Known

Read = Mapping[str, Any]
GOOGLE_ADS = "GOOGLE_ADS"
DATA_PARTNER = "DATA_PARTNER"


def account_type(account: Read | None) -> str | int | None:
    """The type of an account, by its present or its former name; None when it says neither."""
    given = account or {}
    return given.get("account_type") or given.get("product")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One destination as its events see it."""

    destination: Read
    action: Action | None
    problems: frozenset[str]

    @property
    def by_data_partner(self) -> bool:
        """Whether a data partner sends."""
        return account_type(self.destination.get("login_account")) == DATA_PARTNER


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One request, without its events."""

    now: float
    world: GoogleWorld
    encoding: str | int | None
    encrypted: bool
    targets: Sequence[Target]
    known: Known = NOTHING_KNOWN

    def targets_of(self, event: Read) -> list[Target]:
        """The destinations an event goes to: those it names, or all."""
        named = event.get("destination_references")
        if not named:
            return list(self.targets)
        return [each for each in self.targets if each.destination.get("reference") in named]


def context_of(
    request: Read, world: GoogleWorld, now: float, known: Known = NOTHING_KNOWN
) -> Context:
    """The context of a request that could be read."""
    return Context(
        now=now,
        world=world,
        encoding=request.get("encoding"),
        encrypted=bool(request.get("encryption_info")),
        targets=[_target(each, world) for each in request.get("destinations") or ()],
        known=known,
    )


def _target(destination: Read, world: GoogleWorld) -> Target:
    account = (destination.get("operating_account") or {}).get("account_id") or ""
    return Target(
        destination=destination,
        action=world.action(destination.get("product_destination_id") or ""),
        problems=world.problems(account),
    )
