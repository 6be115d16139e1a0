"""Orders from a file into the outbox, through the hook's own stages; what was there stays."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from bridge.aftermath.listed import not_due
from bridge.clock import Clock
from bridge.errors import ContractViolated, IntakeError, SiteUnknown
from bridge.identity.pseudonymise import Keys
from bridge.intake.files.row import BadRow, Read, Row
from bridge.operate.settings import Settings
from bridge.order.model import ConsentState
from bridge.outbox.records import Record, Recorded
from bridge.pipeline import Prepared, prepare

PURPOSES: Final = ("ad_storage", "ad_user_data", "ad_personalization")
MOST_REFUSED: Final = 50


class Outbox(Protocol):
    """Makes records durable together."""

    def record(self, records: Sequence[Record]) -> list[Recorded]:
        """Answer one Recorded for each Record, in order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """Takes rows. `consent` is what a shopper answered of whom the file says nothing."""

    settings: Settings
    keys: Keys
    outbox: Outbox
    clock: Clock
    consent: ConsentState = ConsentState.UNKNOWN


@dataclass(slots=True)
class Imported:
    """What became of the rows: how many of each, and the first that were refused."""

    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    deliveries: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    first_refused: list[BadRow] = field(default_factory=list)

    def refuse(self, bad: BadRow) -> None:
        """Count a row that cannot be taken."""
        self.refused += 1
        if len(self.first_refused) < MOST_REFUSED:
            self.first_refused.append(bad)


def take(rows: Iterable[Read], importer: Importer, told: Imported) -> None:
    """Take a portion of rows in one transaction, and add to `told` what became of each."""
    ready = [one.record for one in _ready(rows, importer, told)]
    for recorded in importer.outbox.record(ready) if ready else ():
        told.duplicates += recorded.duplicate
        told.accepted += not recorded.duplicate
        if not recorded.duplicate:
            told.deliveries.update(
                (one.destination, str(one.state), one.reason or "") for one in recorded.deliveries
            )


def _ready(rows: Iterable[Read], importer: Importer, told: Imported) -> Iterator[Prepared]:
    for row in rows:
        if isinstance(row, BadRow):
            told.refuse(row)
            continue
        unwanted = not_due(row.members)
        if unwanted is not None:
            told.left_out[unwanted] += 1
            continue
        try:
            yield _prepared(row, importer)
        except IntakeError as error:
            told.refuse(_refusal(row, error))


def _prepared(row: Row, importer: Importer) -> Prepared:
    members = _with_consent(row.members, importer.consent)
    site = importer.settings.site(str(members.get("site_id")))
    if site is None:
        raise SiteUnknown("must name an enabled site of the settings: give --site")
    return prepare(members, site, importer.settings, importer.keys, importer.clock())


def _with_consent(members: Mapping[str, Any], consent: ConsentState) -> dict[str, Any]:
    given = members.get("consent") or dict.fromkeys(PURPOSES, consent.value)
    return {**members, "consent": given}


def _refusal(row: Row, error: IntakeError) -> BadRow:
    if isinstance(error, ContractViolated):
        first = error.violations[0]
        more = len(error.violations) - 1
        also = f" (and {more} more)" if more else ""
        return BadRow(line=row.line, field=first["path"], message=first["message"] + also)
    return BadRow(line=row.line, field="$.site_id", message=str(error))
