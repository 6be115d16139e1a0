"""docs/operating.md knows every state, reason, code, metric, log key and rule of the audit."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bridge.aftermath.audit import DELIVERY_RULES, NOBODY_SENDS, ORDER_RULES
from bridge.aftermath.dead_letter import DISCARDED
from bridge.aftermath.listed import NotDue
from bridge.aftermath.reconcile import MissingReason, Outcome
from bridge.aftermath.sync import Stays
from bridge.clock import system_clock
from bridge.delivery import google_ads_errors, google_errors, google_status
from bridge.delivery.answer import NoAnswerKind
from bridge.delivery.meta_errors import ERRORS, Rule
from bridge.delivery.outcome import EndReason
from bridge.delivery.report import COUNTS_ONLY, Fate
from bridge.delivery.treatment import Treatment
from bridge.errors import BridgeError, IntakeError
from bridge.intake.files.separated import COLUMNS
from bridge.operate.logs import SAFE_KEYS
from bridge.operate.metrics import Metrics
from bridge.outbox.database import migrate, open_database
from bridge.outbox.erasing import ERASED, WITHDRAWN
from bridge.outbox.queries import Queries
from bridge.outbox.states import LEGAL_MOVES, State
from bridge.outbox.sweeping import DEADLINE_PASSED, ORDER_NOT_DELIVERED, STATUS_UNKNOWN

Spans = Callable[[str], list[str]]


@pytest.fixture
def page(read_page: Callable[[str], Any]) -> Any:
    return read_page("docs/operating.md")


def test_every_state_stands_there(page: Any, spans: Spans) -> None:
    rows = page.table("The states of a delivery")

    assert {spans(row[0])[0] for row in rows} == set(State)


def test_the_diagram_shows_every_legal_move_and_no_other(page: Any) -> None:
    (diagram,) = page.blocks("mermaid")

    moves = set(re.findall(r"(\w+) --> (\w+)", diagram))

    assert moves == {
        (str(before), str(after)) for before, ends in LEGAL_MOVES.items() for after in ends
    }


def test_every_reason_stands_there(page: Any, spans: Spans) -> None:
    ends, unanswered = page.tables("Reasons")

    told = {name for row in ends for name in spans(row[0])}
    assert told >= {*EndReason, DEADLINE_PASSED, DISCARDED, COUNTS_ONLY, STATUS_UNKNOWN, ERASED} | {
        WITHDRAWN,
        ORDER_NOT_DELIVERED,
    }
    assert {name for row in unanswered for name in spans(row[0])} == set(NoAnswerKind)


def codes(kind: type[BridgeError] = BridgeError) -> Iterator[tuple[str, str]]:
    if kind.code != getattr(kind.__base__, "code", ""):
        yield kind.code, str(kind.status) if issubclass(kind, IntakeError) else ""
    for narrower in kind.__subclasses__():
        yield from codes(narrower)


def test_every_error_code_stands_there_with_its_status(page: Any, spans: Spans) -> None:
    rows = page.table("Error codes")

    assert {(spans(row[0])[0], row[1]) for row in rows} == set(codes())


def written(rule: Rule) -> str:
    if rule.first != rule.last:
        return f"{rule.first}-{rule.last}"
    if rule.subcode is not None:
        return f"{rule.first}/{rule.subcode}"
    return {100: "100 otherwise"}.get(rule.first, str(rule.first))


def test_every_error_of_meta_has_its_treatment(page: Any, spans: Spans) -> None:
    by_code, by_treatment = page.tables("Meta's error codes")

    told = {code: row[1] for row in by_code for code in row[0].split(", ")}

    assert told.pop("negative ones") == Treatment.RETRY
    assert told == {written(rule): str(rule.treatment) for rule in ERRORS}
    assert {spans(row[0])[0] for row in by_treatment} == set(Treatment)


def by_row(rows: list[list[str]], spans: Spans) -> dict[str, str]:
    """The names in each row's last cell -> the name in its first."""
    return {name: spans(row[0])[0] for row in rows for name in spans(row[-1])}


def test_every_error_of_the_data_manager_has_its_treatment(page: Any, spans: Spans) -> None:
    tables = page.tables("Data Manager API")
    rules = (google_errors.REASONS, google_errors.FIELDS, google_errors.STATUSES)

    for rows, known in zip(tables, rules, strict=True):
        assert by_row(rows, spans) == {rule.name: str(rule.treatment) for rule in known}


def test_every_error_of_google_ads_has_its_treatment(page: Any, spans: Spans) -> None:
    def written(rule: google_ads_errors.Rule) -> str:
        alone = rule.category == "conversionUploadError" and rule.name is not None
        return str(rule.name) if alone else f"{rule.category}.{rule.name or '*'}"

    rows = page.table("Google Ads API")

    assert by_row(rows, spans) == {
        written(rule): str(rule.treatment) for rule in google_ads_errors.ERRORS
    }
    assert [spans(row[0])[0] for row in rows] == list(google_ads_errors.AdsTreatment)
    for code, remedy in google_ads_errors.WHAT_TO_DO.items():
        assert f"google_ads:{code}:{remedy}" in page.under("Google Ads API")


def test_every_end_of_an_accepted_event_stands_there(page: Any, spans: Spans) -> None:
    rows = page.table("Accepted and processed")

    told = {name: Fate(spans(row[1])[0]) for row in rows for name in spans(row[0])}

    assert told == {rule.name: rule.fate for rule in google_status.ERRORS}
    assert spans(rows[-1][1]) == [Fate.REJECTED]


def test_every_metric_stands_there_with_its_labels(page: Any, spans: Spans, tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'bridge.sqlite3'}")
    migrate(engine)
    metrics = Metrics(Queries(engine), system_clock)
    rows = page.tables("Health and metrics")[1]

    exposed = text_string_to_metric_families(metrics.exposition().decode())
    ours = [family for family in exposed if not family.name.endswith("_created")]
    names = {f"{one.name}_total" if one.type == "counter" else one.name for one in ours}

    assert {spans(row[0])[0] for row in rows} == names
    labels = {spans(row[0])[0]: spans(row[1]) for row in rows}
    assert labels["bridge_hook_orders_total"] == list(metrics.answers._labelnames)
    engine.dispose()


def test_every_log_key_and_event_stands_there(page: Any, spans: Spans, root: Path) -> None:
    text = page.under("Logs")
    keys = text.partition("before it is written:")[2].partition("|")[0]
    sources = "".join(path.read_text() for path in (root / "bridge").rglob("*.py"))

    logged = re.findall(r"\blog\.(info|warning|error)\(\s*\"(\w+)\"", sources)

    assert set(spans(keys)) == SAFE_KEYS
    assert {(row[1], spans(row[0])[0]) for row in page.table("Logs")} == set(logged)


def test_every_rule_of_the_audit_stands_there(page: Any, spans: Spans) -> None:
    rows = page.table("The audit")

    assert [spans(row[0])[0] for row in rows] == [
        *(rule.name for rule in (*ORDER_RULES, *DELIVERY_RULES)),
        NOBODY_SENDS,
    ]


def test_every_column_and_outcome_of_reconciling_stands_there(page: Any, spans: Spans) -> None:
    columns, outcomes = page.tables("The shop's list against the bridge's")

    assert {name for row in columns for name in spans(row[0])} == set(COLUMNS)
    assert {spans(row[0])[0] for row in outcomes} == set(Outcome)
    told = {name for row in outcomes for name in spans(row[1])}
    assert told >= {*NotDue, *MissingReason}


def test_everything_that_a_sync_leaves_alone_stands_there(page: Any, spans: Spans) -> None:
    rows = page.table("The daily job")

    assert {spans(row[0])[0] for row in rows} == set(Stays)
