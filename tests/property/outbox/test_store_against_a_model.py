"""The store against a model simple enough to be right by reading.

Senders claim, post, settle, die and come back late; platforms report later on what they accepted;
operators pause, retry and discard; time passes. After every step the database says what the model
says, and the audit is clean.
"""

import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)
from sqlalchemy import Engine, event

from bridge.aftermath.audit import examine
from bridge.aftermath.dead_letter import DeadLetters
from bridge.errors import DeadLetterNotFound, IllegalMove
from bridge.order.model import OrderKey
from bridge.outbox.database import migrate, open_database
from bridge.outbox.queries import OrderStatus, Queries
from bridge.outbox.records import AcceptedRequest, Claim, Sending, Settlement
from bridge.outbox.schema import DELIVERED
from bridge.outbox.states import DEAD_LETTERS, LEGAL_MOVES, OPEN, State
from bridge.outbox.store import Store

from .model import (
    DESTINATIONS,
    FOR_EVER,
    KEYS,
    LEASE,
    START,
    WINDOWS,
    Model,
    new_record,
    order_key,
)

OWNERS = st.sampled_from(["sender-1", "sender-2"])
ENDS = st.sampled_from(sorted(LEGAL_MOVES[State.LEASED]))
FIRST_STATES = st.sampled_from([State.PENDING] * 4 + [State.HELD, State.SKIPPED])
WANTED = st.dictionaries(st.sampled_from(DESTINATIONS), FIRST_STATES)
CALLS = st.lists(
    st.tuples(st.sampled_from(KEYS), WANTED, st.sampled_from(WINDOWS)), min_size=1, max_size=4
)


@cache
def migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bridge.db"
        engine = open_database(f"sqlite:///{path}")
        migrate(engine)
        engine.dispose()
        return path.read_bytes()


class StoreMachine(Model, RuleBasedStateMachine):
    tickets = Bundle("tickets")  # a claim, and which of its delivery's claims it was

    def __init__(self) -> None:
        super().__init__()
        self.engine = self.open()
        self.now = START
        self.store = Store(self.engine, lambda: self.now, lambda _: self.now)
        self.queries = Queries(self.engine)
        self.desk = DeadLetters(self.store, self.queries, lambda: self.now, enabled=DESTINATIONS)
        self.orders = {}
        self.paused = {}

    def open(self) -> Engine:
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "bridge.db"
        path.write_bytes(migrated())
        engine = open_database(f"sqlite:///{path}")
        event.listen(engine, "connect", lambda c, _: c.execute("PRAGMA synchronous = OFF"))
        return engine

    def close(self) -> None:
        self.folder.cleanup()

    def teardown(self) -> None:
        self.engine.dispose()
        self.close()

    @initialize(window=st.sampled_from(WINDOWS))
    def start_with_every_order_at_meta(self, window: int) -> None:
        self.record([(key, {"meta": State.PENDING}, window) for key in KEYS])

    @rule(calls=CALLS)
    def record(self, calls: list[tuple[OrderKey, dict[str, State], int]]) -> None:
        known = set(self.orders)
        answers = self.store.record([new_record(*call, self.now) for call in calls])
        for (key, wanted, window), answer in zip(calls, answers, strict=True):
            assert answer.duplicate == (key in known)
            known.add(key)
            self.enter(key, wanted, window)
            assert {d.destination for d in answer.deliveries} == set(self.orders[key])

    def number_of(self, key: OrderKey, destination: str) -> int:
        for order in self.queries.order_status(key.order_no):
            if order_key(order) == key:
                return next(d.id for d in order.deliveries if d.destination == destination)
        raise AssertionError(f"{key} is lost")

    @rule(
        target=tickets,
        destination=st.sampled_from(DESTINATIONS),
        limit=st.sampled_from([1, 2, 3, 9]),
        owner=OWNERS,
        whole=st.booleans(),
    )
    def claim(self, destination: str, limit: int, owner: str, *, whole: bool) -> object:
        expected = self.expected(destination, limit, whole=whole)
        claims = self.store.claim(destination, limit=limit, owner=owner, lease=LEASE, whole=whole)
        assert [claim.delivery_id for claim in claims] == [one.number for one in expected]
        for claim, one in zip(claims, expected, strict=True):
            one.crashes = one.crashes_if_claimed()
            one.attempts += one.state is not State.LEASED
            one.tickets += 1
            one.state, one.owner, one.spent = State.LEASED, owner, False
            one.lease_until = self.now + LEASE
            assert (claim.attempts, claim.crashes) == (one.attempts, one.crashes)
            assert set((claim.sealed or b"none").split(b"sealed")) == {b""}
        return multiple(*((c, self.numbered(c.delivery_id).tickets) for c in claims))

    def valid(self, ticket: tuple[Claim, int]) -> bool:
        one = self.numbered(ticket[0].delivery_id)
        return one.tickets == ticket[1] and not one.spent

    @rule(ticket=tickets)
    def send(self, ticket: tuple[Claim, int]) -> None:
        claim, one = ticket[0], self.numbered(ticket[0].delivery_id)
        sending = Sending(delivery_id=claim.delivery_id, fence=claim.fence, payload=b"event")
        ours = self.store.mark_sending([sending], at=self.now, lease=LEASE)
        assert ours == ({one.number} if self.valid(ticket) else set())
        if ours:
            one.sent = one.unanswered = True
            one.lease_until = self.now + LEASE

    @rule(ticket=tickets)
    def renew_lease(self, ticket: tuple[Claim, int]) -> None:
        one = self.numbered(ticket[0].delivery_id)
        ours = self.store.renew([ticket[0]], lease=LEASE)
        assert ours == ({one.number} if self.valid(ticket) else set())
        if ours:
            one.lease_until = self.now + LEASE

    @rule(ticket=tickets, end=ENDS, counts=st.booleans(), wait=st.sampled_from([0, 1, 30]))
    def settle(self, ticket: tuple[Claim, int], end: State, wait: int, *, counts: bool) -> None:
        claim, one = ticket[0], self.numbered(ticket[0].delivery_id)
        if end is State.ACCEPTED and not one.sent:
            self.send(ticket)
        counts = counts or end is not State.PENDING
        again = self.now + timedelta(minutes=wait)
        settlement = Settlement(
            delivery_id=claim.delivery_id,
            fence=claim.fence,
            state=end,
            reason="why",
            next_attempt_at=again,
            counts=counts,
        )
        valid = self.valid(ticket)
        assert self.store.settle([settlement]) == ({one.number} if valid else set())
        if valid:
            one.state, one.spent, one.due, one.unanswered = end, True, again, False
            one.attempts -= not counts
            one.crashes = 0 if end is State.PENDING and counts else one.crashes

    @rule(ticket=tickets, wait=st.sampled_from([30, 300]))
    def accept_for_a_later_report(self, ticket: tuple[Claim, int], wait: int) -> None:
        claim, one = ticket[0], self.numbered(ticket[0].delivery_id)
        if not one.sent:
            self.send(ticket)
        number = self.store.reserve_request(one.destination, per_minute=None)
        assert isinstance(number, int)
        until = self.now + timedelta(minutes=wait)
        request = AcceptedRequest(
            number=number,
            request_id=f"r-{number}",
            delivery_ids=(claim.delivery_id,),
            ask_at=self.now,
            ask_until=until,
        )
        settlement = Settlement(
            delivery_id=claim.delivery_id,
            fence=claim.fence,
            state=State.ACCEPTED,
            request_id=request.request_id,
            report_until=until,
        )
        valid = self.valid(ticket)
        settled = self.store.settle([settlement], accepted=request)
        assert settled == ({one.number} if valid else set())
        if valid:
            one.state, one.spent, one.unanswered = State.ACCEPTED, True, False
            one.request, one.report_until = request.request_id, until

    @rule(
        destination=st.sampled_from(DESTINATIONS),
        end=st.sampled_from(sorted(LEGAL_MOVES[State.ACCEPTED])),
    )
    def report(self, destination: str, end: State) -> None:
        request = self.store.due_request(destination, per_minute=None, lease=LEASE)
        if request is None:
            return
        waiting = self.store.awaiting(request)
        mine = [one for one in self.deliveries() if one.request == request.request_id]
        assert [one.delivery_id for one in waiting] == [one.number for one in mine]
        ends = [
            Settlement(
                delivery_id=one.delivery_id,
                fence=one.fence,
                state=end,
                reason="why",
                next_attempt_at=self.now,
                thaw=True,
            )
            for one in waiting
        ]
        settled = self.store.close_request(request, ends, outcome="said", report="")
        assert settled == {one.number for one in mine}
        for one in mine:
            one.state, one.request, one.due = end, None, self.now
            one.crashes = 0 if end is State.PENDING else one.crashes

    @rule(ticket=tickets, illegal=st.sampled_from([State.HELD, State.LEASED, State.PROCESSED]))
    def settle_illegally(self, ticket: tuple[Claim, int], illegal: State) -> None:
        claim = ticket[0]
        wrong = Settlement(delivery_id=claim.delivery_id, fence=claim.fence, state=illegal)
        if self.valid(ticket):
            with pytest.raises(IllegalMove):
                self.store.settle([wrong])
        else:
            assert self.store.settle([wrong]) == set()

    @rule(owner=OWNERS, crashed=st.booleans())
    def release(self, owner: str, *, crashed: bool) -> None:
        self.store.release(owner, crashed=crashed)
        for one in self.deliveries():
            if one.state is State.LEASED and one.owner == owner:
                one.state, one.spent = State.PENDING, True
                one.attempts -= not (one.unanswered or crashed)
                one.crashes += crashed

    @rule(seconds=st.sampled_from([1, 60, 90, 3600]))
    def let_time_pass(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(destination=st.sampled_from(DESTINATIONS), seconds=st.sampled_from([0, 30, 90]))
    def pause_or_resume(self, destination: str, seconds: int) -> None:
        if not seconds:
            self.store.resume(destination)
            self.paused.pop(destination, None)
            return
        until = self.now + timedelta(seconds=seconds)
        self.store.pause(destination, until=until, reason="throttled")
        self.paused[destination] = max(until, self.paused.get(destination, until))

    @rule()
    def sweep(self) -> None:
        self.store.expire(self.now)
        self.store.end_reports(self.now)
        self.store.purge(self.now)
        for one in self.deliveries():
            if one.request and one.report_until <= self.now:
                one.request = None
            stranded = one.state is State.LEASED and one.lease_until <= self.now
            if (stranded or one.state in OPEN - {State.LEASED}) and one.deadline <= self.now:
                one.state, one.spent = State.DEAD if one.unanswered else State.EXPIRED, True

    @rule()
    def release_adjustments(self) -> None:
        self.store.release_adjustments(self.now)
        for refund, order in self.held_refunds():
            if order.state in DELIVERED and not self.line_is_busy(refund):
                refund.state = State.PENDING
                refund.due = max(refund.due, self.now + timedelta(seconds=1))
            elif order.state in {State.SKIPPED, State.EXPIRED, State.CANCELLED}:
                refund.state = State.SKIPPED

    @rule(ticket=tickets, discard=st.booleans())
    def operate(self, ticket: tuple[Claim, int], *, discard: bool) -> None:
        (self.discard if discard else self.retry)(ticket)

    def retry(self, ticket: tuple[Claim, int]) -> None:
        one = self.numbered(ticket[0].delivery_id)
        if one.state not in DEAD_LETTERS:
            with pytest.raises(DeadLetterNotFound):
                self.desk.retry(one.number)
        elif one.deadline <= self.now:
            with pytest.raises(IllegalMove):
                self.desk.retry(one.number)
        else:
            self.desk.retry(one.number)
            one.state, one.due, one.unanswered = State.PENDING, self.now, False
            one.attempts = one.crashes = 0

    def discard(self, ticket: tuple[Claim, int]) -> None:
        one = self.numbered(ticket[0].delivery_id)
        if one.state in DEAD_LETTERS:
            self.desk.discard(one.number)
            one.state = State.CANCELLED

    @invariant()
    def the_database_agrees(self) -> None:
        with self.queries.snapshot() as snapshot:
            stored = list(snapshot.orders)
        self.every_delivery_is_as_modelled(stored)
        self.what_may_still_be_sent_has_its_remainder(stored)
        report = examine(stored, self.now, grace=FOR_EVER)
        assert report.findings == ()
        assert report.orders == len(self.orders)

    def every_delivery_is_as_modelled(self, stored: list[OrderStatus]) -> None:
        found = {
            d.id: (d.state, d.attempts, d.crashes, d.report_until is not None)
            for o in stored
            for d in o.deliveries
        }
        assert found == {
            one.number: (one.state, one.attempts, one.crashes, one.request is not None)
            for one in self.deliveries()
        }

    def what_may_still_be_sent_has_its_remainder(self, stored: list[OrderStatus]) -> None:
        needed = {
            one.key
            for one in self.deliveries()
            if one.state in OPEN
            or one.request
            or (one.state in DEAD_LETTERS and one.deadline > self.now)
        }
        for order in stored:
            assert order.sealed or order_key(order) not in needed


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
