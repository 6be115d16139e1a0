"""Which events the platform counts once (documents: deduplicate-pixel-and-server-events, offline).

Pure: the memory of earlier events is handed in, so the same rules run on SQLite and in tests on
a dictionary. A remembered event keeps the time of the *first* receipt for its whole window.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from mock_platform.rules import catalogue as rule
from mock_platform.rules.model import Rule

HOUR = 3600
ONLINE_WINDOW = 48 * HOUR
OFFLINE_WINDOW = 7 * 24 * HOUR
BROWSER_PREFERENCE = 5 * 60


class Source(StrEnum):
    """Which side reported an event."""

    BROWSER = "browser"
    SERVER = "server"


class IdentityDedup(StrEnum):
    """When fbp or external_id removes a server event; not established, hence a setting."""

    WITHOUT_EVENT_ID = "without_event_id"  # only if one of the two has no event_id to compare
    ALWAYS = "always"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One event as deduplication sees it. `customer` stands for its whole user_data."""

    dataset: str
    source: Source
    offline: bool
    event_name: str
    event_id: str
    event_time: int
    order_id: str
    item_number: str
    fbp: str
    external_ids: tuple[str, ...]
    customer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """The event that holds a key: its number, side, time of first receipt, and its own time."""

    event: int
    source: Source
    received_at: float
    event_time: int = 0


class Memory(Protocol):
    """Earlier events by key."""

    def find(self, key: str) -> Remembered | None:
        """The event that holds `key`."""

    def remember(self, key: str, remembered: Remembered) -> None:
        """Let an event hold `key`, in place of any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Counted when `rule` is None.

    `partner` is the other event of a duplicate pair. With `supersedes` the newcomer is counted
    and the partner, counted until now, is not any more. `retimed` is an earlier event of the same
    side that was the same but for its time: a retry that did not keep it.
    """

    rule: Rule | None = None
    partner: int | None = None
    supersedes: bool = False
    retimed: int | None = None

    @property
    def counted(self) -> bool:
        """Whether the newcomer is the one the platform counts."""
        return self.rule is None or self.supersedes


COUNTED = Decision()


def decide(
    receipt: Receipt,
    event: int,
    now: float,
    memory: Memory,
    identity: IdentityDedup = IdentityDedup.WITHOUT_EVENT_ID,
) -> Decision:
    """Judge `receipt`, numbered `event` and received `now`, and remember it if it counts."""
    newcomer = Remembered(
        event=event, source=receipt.source, received_at=now, event_time=receipt.event_time
    )
    retimed = _retimed(receipt, newcomer, memory)
    decision = _decide(receipt, newcomer, memory, identity)
    return decision if retimed is None else replace(decision, retimed=retimed)


def _decide(
    receipt: Receipt, newcomer: Remembered, memory: Memory, identity: IdentityDedup
) -> Decision:
    if receipt.offline:
        return _offline(receipt, newcomer, memory)
    by_id = _by_event_id(receipt, newcomer, memory)
    if by_id is not COUNTED:
        return by_id
    by_identity = _by_identity(receipt, newcomer, memory, identity)
    if by_identity is COUNTED and receipt.event_id:
        memory.remember(_event_id_key(receipt), newcomer)
    return by_identity


def _retimed(receipt: Receipt, newcomer: Remembered, memory: Memory) -> int | None:
    """The first event of this side and id, or store order, when its event_time was another."""
    key = _untimed_key(receipt) if receipt.offline else _event_id_key(receipt)
    if not (receipt.order_id if receipt.offline else receipt.event_id):
        return None
    first = memory.find(key)
    window = OFFLINE_WINDOW if receipt.offline else ONLINE_WINDOW
    if first is None or not _within(first, newcomer.received_at, window):
        if receipt.offline:
            memory.remember(key, newcomer)
        return None
    changed = first.event_time != newcomer.event_time and first.source is newcomer.source
    return first.event if changed else None


def _untimed_key(receipt: Receipt) -> str:
    return _key(
        "untimed", receipt.dataset, receipt.event_name, receipt.item_number, receipt.order_id
    )


def _key(*parts: str) -> str:
    return "\x1f".join(parts)


def _within(earlier: Remembered | None, now: float, window: float) -> bool:
    return earlier is not None and now - earlier.received_at <= window


def _offline(receipt: Receipt, newcomer: Remembered, memory: Memory) -> Decision:
    """Store events: among themselves only; by order, else by the whole customer information."""
    by_order = bool(receipt.order_id)
    key = _key(
        "order" if by_order else "customer",
        receipt.dataset,
        receipt.event_name,
        str(receipt.event_time),
        receipt.item_number,
        receipt.order_id if by_order else receipt.customer,
    )
    earlier = memory.find(key)
    if earlier is not None and _within(earlier, newcomer.received_at, OFFLINE_WINDOW):
        broken = rule.DEDUP_OFFLINE_ORDER if by_order else rule.DEDUP_OFFLINE_CUSTOMER
        return Decision(rule=broken, partner=earlier.event)
    memory.remember(key, newcomer)
    return COUNTED


def _event_id_key(receipt: Receipt) -> str:
    return _key("id", receipt.dataset, receipt.event_name, receipt.event_id)


def _by_event_id(receipt: Receipt, newcomer: Remembered, memory: Memory) -> Decision:
    if not receipt.event_id:
        return COUNTED
    key = _event_id_key(receipt)
    earlier = memory.find(key)
    if earlier is None or not _within(earlier, newcomer.received_at, ONLINE_WINDOW):
        return COUNTED
    if not _browser_is_preferred(earlier, newcomer):
        return Decision(rule=rule.DEDUP_EVENT_ID, partner=earlier.event)
    kept = Remembered(event=newcomer.event, source=Source.BROWSER, received_at=earlier.received_at)
    memory.remember(key, kept)
    _remember_identity(receipt, newcomer, memory)
    return Decision(rule=rule.DEDUP_BROWSER_PREFERRED, partner=earlier.event, supersedes=True)


def _browser_is_preferred(earlier: Remembered, newcomer: Remembered) -> bool:
    return (
        earlier.source is Source.SERVER
        and newcomer.source is Source.BROWSER
        and newcomer.received_at - earlier.received_at <= BROWSER_PREFERENCE
    )


def _by_identity(
    receipt: Receipt, newcomer: Remembered, memory: Memory, policy: IdentityDedup
) -> Decision:
    """A server event after a browser event of the same visitor; never the other way round."""
    if receipt.source is Source.BROWSER:
        _remember_identity(receipt, newcomer, memory)
        return COUNTED
    if policy is IdentityDedup.OFF:
        return COUNTED
    named = not receipt.event_id or policy is IdentityDedup.ALWAYS
    for kind in ("anonymous", "named") if named else ("anonymous",):
        for key in _identity_keys(receipt, kind):
            earlier = memory.find(key)
            if earlier is not None and _within(earlier, newcomer.received_at, ONLINE_WINDOW):
                return Decision(rule=rule.DEDUP_IDENTITY, partner=earlier.event)
    return COUNTED


def _remember_identity(receipt: Receipt, newcomer: Remembered, memory: Memory) -> None:
    """Keep browser events with and without an event_id apart: the policy asks for either."""
    for key in _identity_keys(receipt, "named" if receipt.event_id else "anonymous"):
        memory.remember(key, newcomer)


def _identity_keys(receipt: Receipt, kind: str) -> Iterator[str]:
    base = (kind, receipt.dataset, receipt.event_name)
    if receipt.fbp:
        yield _key(*base, "fbp", receipt.fbp)
    for external_id in receipt.external_ids:
        yield _key(*base, "external_id", external_id)
