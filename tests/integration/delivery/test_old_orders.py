"""What a sender does about orders that no platform takes any more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any


def test_a_sender_forgets_orders_that_are_old_enough(sender: Any) -> None:
    sender.take(3)
    sender.rounds()
    sender.wait(days=400)
    sender.context = replace(sender.context, kept_for=timedelta(days=365))
    sender.context.stop.set()

    sender.worker().run()

    assert sender.deliveries.keys() == {"3"}


def test_an_order_told_again_after_that_is_too_old_and_not_counted_again(sender: Any) -> None:
    sender.take(2)
    sender.rounds()
    sender.wait(days=400)
    sender.installation.store.forget_orders(sender.clock(), kept_for=timedelta(days=365))

    sender.take(1)
    sender.rounds()

    assert sender.deliveries["1"].reason == "too_old_for_platform"
    assert sorted(sender.counted) == ["1", "2"]
