"""The states of a delivery and the moves between them, as one table."""

from enum import StrEnum

from bridge.errors import IllegalMove


class State(StrEnum):
    """Where the delivery of one order to one destination stands."""

    HELD = "held"  # waits for something other than time: a fail-over, an adjustment's order
    PENDING = "pending"  # to be sent at next_attempt_at
    LEASED = "leased"  # a sender has it until the lease ends
    ACCEPTED = "accepted"  # the platform took the request; final where it says no more
    PROCESSED = "processed"  # the platform reported that it counted the event
    REJECTED = "rejected"  # the platform refused this event for good
    DEAD = "dead"  # we gave up: it crashes the sender, or its outcome is unknown
    SKIPPED = "skipped"  # never meant to be sent, with the reason
    EXPIRED = "expired"  # the platform's time window closed first
    CANCELLED = "cancelled"  # withdrawn by an operator, an erasure or withdrawn consent


LEGAL_MOVES: dict[State, frozenset[State]] = {
    State.HELD: frozenset({State.PENDING, State.SKIPPED, State.EXPIRED, State.CANCELLED}),
    State.PENDING: frozenset(
        {State.LEASED, State.DEAD, State.SKIPPED, State.EXPIRED, State.CANCELLED}
    ),
    State.LEASED: frozenset(
        {
            State.PENDING,
            State.ACCEPTED,
            State.REJECTED,
            State.DEAD,
            State.SKIPPED,
            State.EXPIRED,
            State.CANCELLED,
        }
    ),
    State.ACCEPTED: frozenset({State.PROCESSED, State.REJECTED, State.PENDING}),
    State.PROCESSED: frozenset(),
    State.REJECTED: frozenset({State.PENDING, State.CANCELLED}),
    State.DEAD: frozenset({State.PENDING, State.CANCELLED}),
    State.SKIPPED: frozenset(),
    State.EXPIRED: frozenset(),
    State.CANCELLED: frozenset(),
}

OPEN = frozenset({State.HELD, State.PENDING, State.LEASED})
DEAD_LETTERS = frozenset({State.REJECTED, State.DEAD})
FINAL = frozenset(State) - OPEN


def require_legal(before: State, after: State) -> None:
    """Raise IllegalMove unless a delivery may go from `before` to `after`."""
    if after not in LEGAL_MOVES[before]:
        raise IllegalMove(f"a delivery may not go from {before} to {after}")
