"""What goes into the outbox and what comes out of it: the types, without any SQL.

Nothing here is personal in clear: `identities` are hashes, `sealed` and `payload` are encrypted.
"""

from dataclasses import dataclass
from datetime import datetime

from bridge.identity.subject import SubjectKey
from bridge.order.model import OrderKey
from bridge.outbox.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """One destination's copy of a new order: pending, held, or ended at once with its reason."""

    destination: str
    state: State
    reason: str | None
    not_before: datetime
    deadline: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An order ready to be made durable. `gross` is the decimal text of totals.gross.

    `replaces` is the number of the order it replaces, where it was edited from another. `denied`
    names the destinations, with a delivery here or not, that the shopper says no to.
    """

    key: OrderKey
    event_id: str
    placed_at: datetime
    received_at: datetime
    currency: str | None
    gross: str | None
    facts: bytes
    identities: bytes
    sealed: bytes | None
    subjects: tuple[SubjectKey, ...]
    deliveries: tuple[NewDelivery, ...]
    replaces: str | None = None
    denied: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryState:
    """Where one delivery stands, as callers and operators are told."""

    destination: str
    state: State
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of a Record. `differs` names currency, totals.gross, placed_at where they do."""

    duplicate: bool
    event_id: str
    differs: tuple[str, ...]
    deliveries: tuple[DeliveryState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another order, refund or cancellation about the same conversion, as it is stored."""

    facts: bytes
    identities: bytes
    sealed: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery leased to this sender; a write with an older `fence` changes nothing.

    `crashes` counts leases that ended without a verdict, `odd_answers` the answers that were not
    believed at once. `unanswered_since` is the start of the
    earliest attempt whose outcome nobody knows. `payload` is the sealed event once frozen.
    `conversion_no` is the number of the conversion's first order, `related` what else is known of
    the conversion when it is claimed, at `claimed_at`.
    """

    delivery_id: int
    fence: int
    destination: str
    attempts: int
    crashes: int
    odd_answers: int
    deadline: datetime
    first_sent_at: datetime | None
    unanswered_since: datetime | None
    event_id: str
    facts: bytes
    identities: bytes
    sealed: bytes | None
    payload: bytes | None
    claimed_at: datetime
    conversion_no: str = ""
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A claim about to be posted, with the sealed event that will be sent for ever after."""

    delivery_id: int
    fence: int
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The end of one attempt: the delivery's next state and why.

    `detail` is the platform's own account, scrubbed. `unanswered_since` replaces the row's value.
    `counts` is False when the attempt says nothing about the event (a paused destination).
    `odd` counts the answer among those that are not believed at once: of no described shape, or a
    refusal that is likelier somebody else's fault.
    `thaw` forgets the frozen event, for events the platform certainly did not keep.
    `report_until` is for what is accepted only: until when the platform may report on it.
    """

    delivery_id: int
    fence: int
    state: State
    reason: str | None = None
    detail: str | None = None
    request_id: str | None = None
    next_attempt_at: datetime | None = None
    unanswered_since: datetime | None = None
    counts: bool = True
    odd: bool = False
    thaw: bool = False
    report_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedRequest:
    """A request the platform took and will report on under `request_id`.

    `number` is what it was reserved under. `delivery_ids` stand as their events do in the request.
    """

    number: int
    request_id: str
    delivery_ids: tuple[int, ...]
    ask_at: datetime
    ask_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """A request to ask about; `asks` counts how often that was done, this time included."""

    number: int
    request_id: str
    sent_at: datetime
    asks: int
    ask_until: datetime
    delivery_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaiting:
    """A delivery that awaits the report on its request; `place` is its event's in the request."""

    place: int
    delivery_id: int
    fence: int
    attempts: int
    odd_answers: int
    deadline: datetime
