"""The outbox as the rest of the bridge sees it: every method is one short, durable transaction.

All of them raise StoreUnavailable when the database cannot serve now; nothing is then stored.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from bridge.clock import Clock
from bridge.errors import ConnectionLost
from bridge.identity.subject import SubjectKey
from bridge.outbox import (
    adjusting,
    claiming,
    destinations,
    erasing,
    forgetting,
    operating,
    recording,
    reporting,
    settling,
    sweeping,
)
from bridge.outbox.claiming import Claimant
from bridge.outbox.database import reading, writing
from bridge.outbox.destinations import DestinationState
from bridge.outbox.erasing import Erased
from bridge.outbox.lease_clock import LeaseClock, Moment, lease_clock
from bridge.outbox.operating import Act, Correction
from bridge.outbox.records import (
    AcceptedRequest,
    Awaiting,
    Claim,
    OpenRequest,
    Record,
    Recorded,
    Sending,
    Settlement,
)
from bridge.outbox.sqlite_file import empty_log


class Store:
    """Orders and their deliveries in one database, shared by any number of processes."""

    def __init__(self, engine: Engine, clock: Clock, lease_time: LeaseClock | None = None) -> None:
        """Take the clock of all that happens; leases go by the database's unless told otherwise."""
        self._engine = engine
        self._clock = clock
        self._lease_time = lease_time or lease_clock(engine, clock)
        self._looked_at = self._forgotten_to = 0

    def record(self, records: Sequence[Record]) -> list[Recorded]:
        """Make orders durable in one transaction; answer each in its place.

        Of calls about the same order the first wins; a later one only adds the deliveries for
        destinations that have none yet, with the identities and remainder these may need. Consent
        denied by a later one cancels what is still open where that consent is required.
        """
        try:
            return self._record(records)
        except ConnectionLost:
            # Stored or not, nobody knows: those that are will be met by their keys.
            return self._record(records)

    def _record(self, records: Sequence[Record]) -> list[Recorded]:
        with writing(self._engine) as connection:
            return recording.record_all(connection, records, self._clock())

    def try_writing(self) -> None:
        """Return when a transaction can be written; it leaves nothing behind."""
        with writing(self._engine) as connection:
            destinations.write_and_take_back(connection)

    def claim(
        self,
        destination: str,
        *,
        limit: int,
        owner: str,
        lease: timedelta,
        whole: bool = False,
    ) -> list[Claim]:
        """Lease what is due, each order's deliveries one after another.

        Sites have fair shares; of each site the oldest deadline goes first. Nothing while the
        destination is paused; a single one as long as nobody has resumed it. What earlier leases
        died with comes with its like, fewer each time. A `whole` claim is as many as the limit
        and of what no lease has died with, or nothing.
        """
        claimant = Claimant(
            destination=destination, limit=limit, owner=owner, lease=lease, whole=whole
        )
        with writing(self._engine) as connection:
            moment = Moment(now=self._clock(), lease_time=self._lease_time(connection))
            return claiming.claim(connection, claimant, moment)

    def mark_sending(
        self,
        sendings: Sequence[Sending],
        *,
        at: datetime,
        lease: timedelta,
        destination: str | None = None,
    ) -> set[int]:
        """Freeze events and commit, before the POST, that they may be sent from `at` on.

        Answers the deliveries still ours; the others belong to another sender now: do not post.
        Raises DestinationPaused, with nothing written, when another sender paused `destination`.
        """
        with writing(self._engine) as connection:
            if destination is not None:
                destinations.require_open(connection, destination, self._clock())
            until = self._lease_time(connection) + lease
            return settling.mark_sending(connection, sendings, at, until)

    def renew(self, claims: Sequence[Claim], *, lease: timedelta) -> set[int]:
        """Lengthen leases from now on; answer the deliveries still ours."""
        with writing(self._engine) as connection:
            return settling.renew(connection, claims, self._lease_time(connection) + lease)

    def settle(
        self, settlements: Sequence[Settlement], *, accepted: AcceptedRequest | None = None
    ) -> set[int]:
        """End attempts; answer the deliveries that were still ours, the others are unchanged.

        What the platform will report on is kept with them, or neither is. Raises IllegalMove, and
        changes nothing at all, when one of ours may not move as asked.
        """
        with writing(self._engine) as connection:
            if accepted is not None:
                reporting.accepted(connection, accepted)
            return settling.settle(connection, settlements, self._clock())

    def release(self, owner: str, *, crashed: bool = False) -> int:
        """Give back everything an owner holds, due at once; answer how many.

        `crashed` counts like a lease that ran out: fewer go together then.
        """
        with writing(self._engine) as connection:
            return claiming.release(connection, owner, crashed=crashed)

    def pause(self, destination: str, *, until: datetime, reason: str) -> None:
        """Keep every sender from claiming for a destination until then."""
        with writing(self._engine) as connection:
            destinations.pause(connection, destination, until, reason, self._clock())

    def resume(self, destination: str, *, early: bool = True) -> None:
        """Say that a destination is well: claims are whole again.

        Not `early`: only once its pause is over. What is accepted before was sent before, by one
        who did not know of the pause yet.
        """
        paused_until = None if early else self._clock()
        with reading(self._engine) as connection:  # after every request: it has no time for a lock
            if not destinations.may_resume(connection, destination, paused_until):
                return
        with writing(self._engine) as connection:
            destinations.resume(connection, destination, paused_until)

    def destination_states(self) -> list[DestinationState]:
        """Answer every destination that was ever paused."""
        with reading(self._engine) as connection:
            return destinations.states(connection)

    def reserve_request(self, destination: str, *, per_minute: int | None) -> int | datetime:
        """Count a request that is about to be sent, and answer its number.

        When there were so many in the last minute, by all senders together, nothing is counted and
        the answer is when the next one may be.
        """
        with writing(self._engine) as connection:
            return reporting.reserve(connection, destination, per_minute, self._clock())

    def next_turn(self, destination: str, *, per_minute: int) -> datetime | None:
        """Answer when the next request may be sent, as things stand; None when one may be now."""
        with reading(self._engine) as connection:
            return reporting.next_turn(connection, destination, per_minute, self._clock())

    def due_request(
        self, destination: str, *, per_minute: int | None, lease: timedelta
    ) -> OpenRequest | None:
        """Answer a request to ask about now; nobody else is told of it during the lease.

        None when nothing is due, or when so many were asked about in the last minute.
        """
        asker = reporting.Asker(destination=destination, per_minute=per_minute, lease=lease)
        with writing(self._engine) as connection:
            return reporting.due(connection, asker, self._clock())

    def awaiting(self, request: OpenRequest) -> list[Awaiting]:
        """Answer which of the request's deliveries still await its report."""
        with reading(self._engine) as connection:
            return reporting.awaiting(connection, request)

    def put_off_request(self, request: OpenRequest, *, until: datetime) -> None:
        """Ask again then."""
        with writing(self._engine) as connection:
            reporting.put_off(connection, request.number, until)

    def close_request(
        self, request: OpenRequest, settlements: Sequence[Settlement], *, outcome: str, report: str
    ) -> set[int]:
        """End what a report says of a request; answer the deliveries that still awaited it."""
        with writing(self._engine) as connection:
            reporting.close(connection, request.number, outcome=outcome, report=report)
            return settling.settle(connection, settlements, self._clock())

    def retry_dead_letters(self, acts: Sequence[Act], *, settled: bool = True) -> None:
        """Make dead letters pending again: all, or none and DeadLetterNotFound when one is none.

        Unless `settled`, it stays in doubt whether the platform has them.
        """
        with writing(self._engine) as connection:
            operating.lock_letters(connection, acts)
            for act in acts:
                operating.retry(connection, act, settled=settled, now=self._clock())

    def correct_dead_letter(self, act: Act, correction: Correction) -> None:
        """Correct the order of a dead letter and make that pending again.

        Raises DeadLetterNotFound, and IllegalMove when the order has changed meanwhile.
        """
        with writing(self._engine) as connection:
            operating.correct(connection, act, correction, now=self._clock())

    def discard_dead_letters(self, acts: Sequence[Act], *, reason: str) -> None:
        """Cancel dead letters for good: all, or none and DeadLetterNotFound when one is none."""
        with writing(self._engine) as connection:
            operating.lock_letters(connection, acts)
            for act in acts:
                operating.discard(connection, act, reason=reason, now=self._clock())

    def release_adjustments(self, now: datetime) -> int:
        """Send on its way what waited for its order, or end it; answer how many.

        Of each conversion at most one at a time becomes pending. Of a great many held a portion is
        looked at, the next one by the next call; where something is found, more at once.
        """
        total = 0
        while True:
            with reading(self._engine) as connection:
                found = adjusting.look(connection, self._looked_at)
            self._looked_at = found.last
            if found.ripe:
                with writing(self._engine) as connection:
                    total += adjusting.end(connection, found.ripe, now)
                    total += adjusting.release(connection, found.ripe, now)
            if not found.ripe or not found.last:
                return total

    def erase(self, keys: Collection[SubjectKey]) -> Erased:
        """Forget whoever has one of the keys, queued orders and dead letters included."""
        with writing(self._engine) as connection:
            erased = erasing.erase(connection, keys, self._clock())
        if self._engine.dialect.name == "sqlite":
            empty_log(self._engine)
        return erased

    def expire(self, now: datetime) -> int:
        """End what no living sender holds past its deadline, expired or dead; answer how many."""
        waited = self._in_portions(sweeping.expire, now)
        return waited + self._in_portions(self._expire_stranded, now)

    def _expire_stranded(self, connection: Connection, now: datetime) -> int:
        moment = Moment(now=now, lease_time=self._lease_time(connection))
        return sweeping.expire_stranded(connection, moment)

    def purge(self, now: datetime) -> int:
        """Forget the events of dead letters that cannot be retried any more; answer how many."""
        return self._in_portions(sweeping.purge, now)

    def end_reports(self, now: datetime) -> int:
        """End the wait for reports that can no longer come; answer how many deliveries waited."""
        self._in_portions(sweeping.close_requests, now)
        return self._in_portions(sweeping.end_reports, now)

    def forget_requests(self, now: datetime) -> int:
        """Delete requests nobody can be asked about any more; answer how many."""
        return self._in_portions(sweeping.forget_requests, now)

    def forget_orders(self, now: datetime, *, kept_for: timedelta) -> int:
        """Delete orders that came in so long ago, with all that is theirs; answer how many.

        A portion in which none may go ends the call; the next call goes on behind it.
        """
        total = 0
        while True:
            with writing(self._engine) as connection:
                gone = forgetting.forget_orders(connection, now, kept_for, self._forgotten_to)
            self._forgotten_to = gone.last
            total += gone.count
            if not gone.count or not gone.last:
                return total

    def _in_portions(self, sweep: Callable[[Connection, datetime], int], now: datetime) -> int:
        total, swept = 0, sweeping.PORTION
        while swept == sweeping.PORTION:
            with writing(self._engine) as connection:
                swept = sweep(connection, now)
            total += swept
        return total
