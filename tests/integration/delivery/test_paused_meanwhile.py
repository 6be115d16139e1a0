"""Another sender pauses the destination while this one has claims in its hands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bridge.outbox.records import Sending
from bridge.outbox.store import Store


class PausedAtTheLastMoment(Store):
    """A store at which another sender is faster, once, by the moment before a request."""

    faster = True

    def mark_sending(self, sendings: Sequence[Sending], **more: Any) -> set[int]:
        if self.faster:
            self.faster = False
            until = self._clock() + timedelta(minutes=1)
            self.pause(more["destination"], until=until, reason="throttled")
        return super().mark_sending(sendings, **more)


def test_nothing_is_sent_and_what_was_held_is_given_back_uncounted(sender: Any) -> None:
    sender.take(3)
    store = PausedAtTheLastMoment(sender.installation.engine, sender.clock)
    sender.context = replace(sender.context, store=store)

    sender.round()

    assert sender.requests == 0
    assert sender.states == {("pending", "throttled"): 3}
    assert {one.attempts for one in sender.deliveries.values()} == {0}
    sender.wait(minutes=1)
    sender.rounds()
    assert sorted(sender.counted) == ["1", "2", "3"]
