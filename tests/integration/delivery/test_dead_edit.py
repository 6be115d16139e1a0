"""A corrected order is sent again and counted once, with what was corrected."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.aftermath.correcting import Corrections
from bridge.errors import IllegalMove


def at_the_desk(sender: Any) -> Corrections:
    return Corrections(
        store=sender.installation.store,
        queries=sender.installation.queries,
        destinations=sender.installation.settings.destinations,
        clock=sender.clock,
    )


@pytest.fixture
def corrections(sender: Any) -> Corrections:
    return at_the_desk(sender)


@pytest.fixture
def rejected(sender: Any) -> int:
    """An order that the platform refused."""
    sender.take()
    sender.workspace.fault("platform_rejects")
    sender.rounds()
    assert {state for state, _ in sender.states} == {"rejected"}
    sender.workspace.clear_faults()
    number: int = sender.deliveries["1"].id
    return number


def test_what_was_corrected_arrives_and_is_remembered(
    sender: Any, corrections: Corrections, rejected: int
) -> None:
    corrections.correct(rejected, {"currency": "EUR", "totals.gross": "99.90"})
    sender.rounds()

    [event] = sender.workspace.counted()
    body = event["payload"]["custom_data"]
    assert (body["currency"], body["value"]) == ("EUR", 99.9)
    assert sender.states == {("accepted", None): 1}
    [entry] = sender.installation.queries.audit_trail()
    assert (entry.act, entry.subject) == ("edit", f"delivery {rejected}")
    assert "currency USD -> EUR; totals.gross 123.45 -> 99.9;" in entry.detail


def test_another_time_has_another_deadline(
    sender: Any, corrections: Corrections, rejected: int
) -> None:
    before = sender.deliveries["1"].deadline

    corrections.correct(rejected, {"placed_at": "2026-11-21T07:00:00Z"})

    assert (before - sender.deliveries["1"].deadline).days == 1
    sender.rounds()
    assert sender.workspace.counted()[0]["payload"]["event_time"] == 1795244400


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"placed_at": "2026-11-01T07:00:00Z"}, "too_old_for_platform"),
        ({"currency": "USD"}, "Nothing would change"),
    ],
)
def test_what_would_not_be_sent_is_not_corrected(
    sender: Any,
    corrections: Corrections,
    rejected: int,
    changes: dict[str, str],
    said: str,
) -> None:
    with pytest.raises(IllegalMove, match=said):
        corrections.correct(rejected, changes)
    assert {state for state, _ in sender.states} == {"rejected"}


def test_what_the_platform_may_have_is_not_changed(sender: Any, corrections: Corrections) -> None:
    sender.take()
    sender.workspace.fault("answer_lost")
    sender.round()
    sender.wait(hours=47)
    sender.rounds()
    assert sender.states == {("dead", "outcome_unknown"): 1}

    with pytest.raises(IllegalMove, match="may have this event"):
        corrections.correct(sender.deliveries["1"].id, {"currency": "EUR"})


def test_another_destinations_amount_differs_only_with_a_persons_word(sender: Any) -> None:
    settings = sender.installation.settings
    other = sender.destination.model_copy(update={"id": "meta-2", "dataset": "2"})
    both = settings.model_copy(update={"destinations": (sender.destination, other)})
    sender.installation = replace(sender.installation, settings=both)
    sender.take()
    sender.workspace.fault("platform_rejects")
    sender.rounds()
    sender.workspace.clear_faults()
    assert sender.lane(other).run_once()
    desk, number = at_the_desk(sender), sender.deliveries["1"].id

    with pytest.raises(IllegalMove, match=r"meta-2 was sent the order as it was.*--yes"):
        desk.correct(number, {"totals.gross": "99.90"})
    assert {state for state, _ in sender.states} == {"rejected"}
    told = desk.correct(number, {"totals.gross": "99.90"}, though_told=True)

    assert told.kept_by == ["meta-2"]
    [entry] = sender.installation.queries.audit_trail()
    assert "meta-2 was sent the old" in entry.detail
