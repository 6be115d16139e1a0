"""The rounds of one lane: claim what is due and deliver it, after what the last one left behind."""

from collections.abc import Callable, Sequence

from bridge.delivery.context import DeliveryContext
from bridge.delivery.quota import until_turn
from bridge.errors import StoreUnavailable
from bridge.operate.destinations import Destination
from bridge.outbox.records import Claim

Deliver = Callable[[DeliveryContext, Destination, Sequence[Claim]], None]


class Rounds:
    """Delivers for one destination, one claim a round, and holds its leases as `owner`.

    `deliver` takes claims through all stages. The context is the lane's own.
    """

    def __init__(
        self, context: DeliveryContext, destination: Destination, deliver: Deliver, owner: str
    ) -> None:
        self._context = context
        self._destination = destination
        self._deliver = deliver
        self._owner = owner
        self._crashed: bool | None = None  # after trouble: whether a crash is to be counted

    def run_once(self) -> int:
        """Deliver what is due, one claim at most; answer how much that was.

        Waits until no other lane claims or builds; told to stop meanwhile, nothing is delivered.
        Raises what went wrong. The next call then begins with what this one could not write, and
        gives back what it held: no crash is counted where only the store was in the way. After any
        other error one is, so that an event which is the cause is found.
        """
        try:
            self.clear_up()
            return self._round() if self._context.lane.enter() else 0
        except Exception as error:
            self._crashed = bool(self._crashed) or not isinstance(error, StoreUnavailable)
            raise
        finally:
            self._context.lane.end_round()

    def clear_up(self) -> int:
        """Write what trouble kept from being written, and give back what was held in it."""
        if self._crashed is None:
            return 0
        self._context.unwritten.write()
        given = self._context.store.release(self._owner, crashed=self._crashed)
        self._crashed = None
        return given

    def leave(self) -> None:
        """Let the other lanes go on without this one."""
        self._context.lane.leave()

    def _round(self) -> int:
        context, destination = self._context, self._destination
        if context.pace.rests(destination.id, context.clock()):
            return 0
        if context.tokens.rotated(destination):
            context.store.resume(destination.id)
        ahead = not context.lane.is_first
        claims = self._claim(whole=ahead)
        if ahead and not claims:
            # What gathers meanwhile goes in one request.
            return self._round() if context.lane.await_first() else 0
        wait = until_turn(context, destination) if claims else None
        if wait is not None:
            # given back meanwhile: what dies with its sender counts as the likely cause
            context.store.release(self._owner, crashed=False)
            context.stop.wait(max(wait.total_seconds(), 0))
        elif claims:
            self._deliver(context, destination, claims)
        return len(claims)

    def _claim(self, *, whole: bool) -> list[Claim]:
        context, destination = self._context, self._destination
        limit = destination.batch_size
        claims = context.store.claim(
            destination.id, limit=limit, owner=self._owner, lease=context.lease, whole=whole
        )
        # What leases have died with goes by itself: should it kill again, nobody else is blamed.
        suspects = any(claim.crashes for claim in claims)
        context.lane.followed = len(claims) == limit and not suspects
        return claims
