"""Sends again what did not arrive and still may: the daily job.

`verdict` is pure: it says of one dead letter whether it may go again without a person's word.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bridge.aftermath.dead_letter import DeadLetters
from bridge.delivery.outcome import EndReason
from bridge.errors import DeadLetterNotFound
from bridge.outbox.queries import DeadLetter, Queries
from bridge.outbox.states import State

PAGE = 500


class Stays(StrEnum):
    """Why a delivery that ended badly is not sent again by itself."""

    DEADLINE_PASSED = "deadline_passed"  # the platform takes it no longer, and its data is purged
    DESTINATION_OFF = "destination_off"  # its destination is switched off, or gone
    REJECTED = "rejected"  # it would be refused again: something has to be corrected first
    OUTCOME_UNKNOWN = "outcome_unknown"  # sent again it might count twice
    CRASHES_SENDER = "crashes_sender"  # it would take the sender with it again


PASSING: Mapping[str, Stays | None] = {
    # why we gave up -> None: it may pass by itself, or with an upgrade
    EndReason.UNRECOGNISED_ANSWER: None,
    EndReason.BUILDER_FAILED: None,
    EndReason.OUTCOME_UNKNOWN: Stays.OUTCOME_UNKNOWN,
    EndReason.CRASHES_SENDER: Stays.CRASHES_SENDER,
}

WHAT_TO_DO: Mapping[Stays, str] = {
    Stays.DEADLINE_PASSED: "nothing: the platform's time window is closed",
    Stays.DESTINATION_OFF: "switch the destination on, or discard the letters",
    Stays.REJECTED: "bridge dead explain; correct the settings or bridge dead edit; then retry",
    Stays.OUTCOME_UNKNOWN: "bridge dead explain: look the order up at the platform first",
    Stays.CRASHES_SENDER: "bridge dead explain",
}


@dataclass(slots=True)
class Synced:
    """How many deliveries went out again, and how many stay for which reason, by destination."""

    resent: Counter[str] = field(default_factory=Counter)
    staying: Counter[tuple[str, Stays]] = field(default_factory=Counter)


def verdict(letter: DeadLetter, enabled: Iterable[str], now: datetime) -> Stays | None:
    """Answer why a dead letter is not to be sent again now; None when it is."""
    delivery = letter.delivery
    if delivery.deadline <= now:
        return Stays.DEADLINE_PASSED
    if delivery.destination not in enabled:
        return Stays.DESTINATION_OFF
    if delivery.state is State.REJECTED:
        return Stays.REJECTED
    return PASSING.get(delivery.reason or "", Stays.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """Works through what ended badly."""

    desk: DeadLetters
    queries: Queries
    clock: Callable[[], datetime]

    def run(self, since: datetime) -> Synced:
        """Send again what may be, of orders placed since then; answer what was and what was not."""
        told, now = Synced(), self.clock()
        for letter in self._letters():
            if letter.placed_at < since:
                continue
            stays = verdict(letter, self.desk.enabled, now)
            destination = letter.delivery.destination
            if stays is not None:
                told.staying[destination, stays] += 1
            elif self._resent(letter):
                told.resent[destination] += 1
        for destination, count in self.queries.expired_since(since).items():
            told.staying[destination, Stays.DEADLINE_PASSED] += count
        return told

    def _letters(self) -> Iterator[DeadLetter]:
        after = 0
        while page := self.desk.page(limit=PAGE, after=after):
            yield from page
            after = page[-1].delivery.id

    def _resent(self, letter: DeadLetter) -> bool:
        try:
            self.desk.resend(letter)
        except DeadLetterNotFound:  # a person was quicker
            return False
        return True
