"""Dead letters: deliveries that ended badly and wait for an operator's decision.

The letters are read with `bridge.outbox.queries`; here is what may be done with one. Every act is
written to the audit trail in the transaction that does it.
"""

from collections.abc import Collection

from bridge.clock import Clock
from bridge.errors import IllegalMove
from bridge.outbox.operating import Act
from bridge.outbox.queries import DeadLetter, Queries
from bridge.outbox.states import State
from bridge.outbox.store import Store
from bridge.outbox.sweeping import OUTCOME_UNKNOWN

DISCARDED = "discarded"


class DeadLetters:
    """An operator's desk: look at dead letters, retry or discard them.

    `enabled` are the destinations that anything is sent to.
    """

    def __init__(
        self, store: Store, queries: Queries, clock: Clock, *, enabled: Collection[str]
    ) -> None:
        self.enabled = enabled
        self._store = store
        self._queries = queries
        self._clock = clock

    def page(
        self, *, limit: int = 100, after: int = 0, destination: str | None = None
    ) -> list[DeadLetter]:
        """Answer dead letters by delivery number, from the one after `after` on."""
        return self._queries.dead_letters(limit=limit, after=after, destination=destination)

    def destinations(self) -> set[str]:
        """Answer which destinations letters can be of, those gone from the settings included."""
        return self._queries.destinations()

    def show(self, delivery_id: int) -> DeadLetter:
        """Answer one dead letter; raises DeadLetterNotFound."""
        return self._queries.dead_letter(delivery_id)

    def retry(self, *numbers: int) -> None:
        """Have dead letters sent again as if they were new: all of them, or none.

        None when one raises DeadLetterNotFound, or IllegalMove: where nobody sends, and once its
        deadline has passed (the platform would refuse it, and what it is made of is purged).
        """
        letters = [self.show(number) for number in numbers]
        for letter in letters:
            self._require_sendable(letter)
        self._store.retry_dead_letters([_act("retry", letter) for letter in letters])

    def _require_sendable(self, letter: DeadLetter) -> None:
        delivery = letter.delivery
        if delivery.deadline <= self._clock():
            raise IllegalMove(
                f"Delivery {delivery.id} cannot be retried: its platform took this event only until"
                f" {delivery.deadline:%Y-%m-%d %H:%M} UTC. Discard it with `bridge dead discard`."
            )
        if delivery.destination not in self.enabled:
            raise IllegalMove(
                f"Delivery {delivery.id} cannot be retried: {delivery.destination} is switched off,"
                " or gone from the settings, and nobody sends there. Switch it on, or discard the"
                " letter with `bridge dead discard`."
            )

    def resend(self, letter: DeadLetter) -> None:
        """Send a dead letter again without an operator's word on what became of it.

        What may have been kept stays in doubt: the sender sends it only while its platform would
        recognise it. Raises DeadLetterNotFound when it is none any more.
        """
        self._store.retry_dead_letters([_act("sync", letter)], settled=False)

    def discard(self, *numbers: int) -> None:
        """End dead letters as cancelled, for good: all, or none when one is DeadLetterNotFound."""
        acts = [_act("discard", self.show(number)) for number in numbers]
        self._store.discard_dead_letters(acts, reason=DISCARDED)


def _act(name: str, letter: DeadLetter) -> Act:
    thaw = not must_keep_event(letter)
    return Act(delivery_id=letter.delivery.id, name=name, detail=account(letter), thaw=thaw)


def must_keep_event(letter: DeadLetter) -> bool:
    """Answer whether a retry must send the very event that was sent before.

    A platform keeps nothing of what it rejected, so a corrected mapping may take effect. An event
    whose outcome is unknown may have been counted: only the same one is recognised as a duplicate.
    """
    delivery = letter.delivery
    uncertain = delivery.unanswered_since is not None or delivery.reason == OUTCOME_UNKNOWN
    return delivery.state is not State.REJECTED and uncertain


def account(letter: DeadLetter) -> str:
    """Say in the audit trail what a letter was before somebody acted on it."""
    delivery = letter.delivery
    return f"was {delivery.state} ({delivery.reason}) after {delivery.attempts} attempt(s)"
