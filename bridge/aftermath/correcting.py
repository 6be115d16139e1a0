"""Corrects the order of a dead letter, and has it sent again: what the platform wants of it now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bridge.aftermath.dead_letter import account, must_keep_event
from bridge.clock import Clock
from bridge.errors import IllegalMove
from bridge.operate.destinations import Destination
from bridge.order.correction import Change, corrected, editable
from bridge.order.eligibility import deadline, skip_reason
from bridge.order.model import Facts
from bridge.order.stored import facts_from_json, facts_to_json
from bridge.outbox.operating import Act, Correction
from bridge.outbox.queries import DeadLetter, Queries
from bridge.outbox.store import Store

OF_THE_EVENT = ("placed_at", "channel")
"""What all platforms that know the order have of it, and must be told alike later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What a correction changed; `kept_by` are destinations that were sent the order as it was."""

    changes: Sequence[Change]
    kept_by: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """The desk at which an operator corrects what a platform refused."""

    store: Store
    queries: Queries
    destinations: Sequence[Destination]
    clock: Clock

    def editable(self, delivery_id: int) -> dict[str, object]:
        """Answer what may be corrected, with what it is now; raises DeadLetterNotFound."""
        return editable(facts_from_json(self.queries.facts_of(delivery_id)))

    def correct(
        self, delivery_id: int, texts: Mapping[str, str], *, though_told: bool = False
    ) -> Corrected:
        """Set fields of the letter's order and send it again; answer what that changed.

        Where another destination was sent the order as it was, `though_told` says that it may
        keep that: the two then differ for good.

        Raises:
            DeadLetterNotFound: there is no such letter.
            IllegalMove: a field may not be corrected, or the order not be sent with it; says why.
        """
        letter = self.queries.dead_letter(delivery_id)
        before = self.queries.facts_of(delivery_id)
        facts, changes = corrected(facts_from_json(before), texts)
        kept_by = self._sent_elsewhere(letter)
        _require_correctable(letter, changes, kept_by)
        if kept_by and not though_told:
            raise IllegalMove(_kept(kept_by))
        destination = self._destination(letter)
        self._require_wanted(facts, destination)
        gross = facts.totals.gross
        correction = Correction(
            before=before,
            facts=facts_to_json(facts),
            currency=facts.currency,
            gross=None if gross is None else f"{gross:f}",
            placed_at=facts.placed_at,
            deadline=deadline(facts, destination),
        )
        told = [f"{name} {was} -> {now}" for name, was, now in changes]
        told += [f"{', '.join(kept_by)} was sent the old"] if kept_by else []
        detail = "; ".join([*told, account(letter)])
        act = Act(delivery_id=delivery_id, name="edit", detail=detail, thaw=True)
        self.store.correct_dead_letter(act, correction)
        return Corrected(changes=changes, kept_by=kept_by)

    def _destination(self, letter: DeadLetter) -> Destination:
        name = letter.delivery.destination
        for one in self.destinations:
            if one.id == name:
                return one
        raise IllegalMove(f"The destination {name} is not enabled: it would not be sent again.")

    def _sent_elsewhere(self, letter: DeadLetter) -> list[str]:
        same = [
            order
            for order in self.queries.order_status(letter.order_no, letter.site_id)
            if (order.kind, order.reference) == (letter.kind, letter.reference)
        ]
        return [
            one.destination
            for order in same
            for one in order.deliveries
            if one.id != letter.delivery.id and one.first_sent_at is not None
        ]

    def _require_wanted(self, facts: Facts, destination: Destination) -> None:
        reason = skip_reason(facts, destination, self.clock())
        if reason is not None:
            raise IllegalMove(f"The order would not be sent with that: {reason}.")


def _require_correctable(
    letter: DeadLetter, changes: Sequence[Change], kept_by: Sequence[str]
) -> None:
    if not changes:
        raise IllegalMove("Nothing would change: see `bridge dead edit` for what it is now.")
    if must_keep_event(letter):
        raise IllegalMove(
            "The platform may have this event, and recognises only the very same again: look it"
            " up there, then `bridge dead retry` or `bridge dead discard`."
        )
    fixed = [name for name, _, _ in changes if name in OF_THE_EVENT]
    if fixed and kept_by:
        raise IllegalMove(
            f"{fixed[0]} cannot be corrected: {', '.join(kept_by)} has the order with it."
        )


def _kept(kept_by: Sequence[str]) -> str:
    return (
        f"{', '.join(kept_by)} was sent the order as it was, and keeps that: your destinations"
        " would differ. Give --yes to correct it all the same."
    )
