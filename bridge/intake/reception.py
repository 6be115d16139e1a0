"""What stands behind the routes: who may call, and how orders are taken, one or many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import orjson

from bridge.clock import Clock
from bridge.errors import BodyNotJson, IntakeError, SignatureInvalid, SiteUnknown, TooManyOrders
from bridge.identity.pseudonymise import Keys
from bridge.intake.admit import Admitted, admit
from bridge.intake.answer import Answer, refused, taken
from bridge.intake.signature import Headers, verify
from bridge.operate.destinations import Site
from bridge.operate.metrics import Metrics
from bridge.operate.settings import Settings
from bridge.outbox.records import Record, Recorded
from bridge.pipeline import Prepared, prepare_all

SITE_HEADER = "bridge-site"


class Outbox(Protocol):
    """Makes records durable together; returns only when they are."""

    def submit(self, records: Sequence[Record]) -> list[Recorded]:
        """Answer one Recorded for each Record, in order. Raises StoreUnavailable."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """Takes signed calls. `secrets` are each site's live ones, at most two during a rotation."""

    settings: Settings
    secrets: Mapping[str, Sequence[bytes]]
    keys: Keys
    outbox: Outbox
    metrics: Metrics
    clock: Clock

    def site_of(self, headers: Headers) -> Site:
        """Answer the enabled site the call names."""
        name = headers.get(SITE_HEADER)
        if not name:
            raise SignatureInvalid(f"{SITE_HEADER} is missing: send the SFCC site id.")
        site = self.settings.site(name)
        if site is None:
            raise SiteUnknown(f"{SITE_HEADER} names no enabled site: add it to the settings.")
        return site

    def verify(self, site: Site, headers: Headers, body: bytes) -> None:
        """Return when the call is signed with one of the site's secrets and fresh."""
        tolerance = timedelta(seconds=self.settings.hook.signature_tolerance)
        verify(headers, body, self.secrets[site.id], self.clock(), tolerance)

    def take_one(self, site: Site, body: bytes) -> tuple[int, Answer]:
        """Take one order; raises IntakeError when it is refused."""
        (prepared,) = self._prepare([admit(read_json(body), site.id)], site)
        return self._told(prepared, *self.outbox.submit([prepared.record]))

    def take_batch(self, site: Site, body: bytes) -> list[Answer]:
        """Take an array of orders: each is taken or refused by itself, `code` says which."""
        raws = read_json(body)
        if not isinstance(raws, list):
            raise BodyNotJson("The body must be a JSON array of orders.")
        most = self.settings.hook.max_batch_orders
        if len(raws) > most:
            raise TooManyOrders(f"A batch may hold {most} orders: split it.")
        admitted = [self._admit_or_refuse(raw, site) for raw in raws]
        ready = self._prepare([one for one in admitted if not isinstance(one, IntakeError)], site)
        recorded = self.outbox.submit([one.record for one in ready])
        taken_ones = zip(ready, recorded, strict=True)
        return [
            _item(*refused(one))
            if isinstance(one, IntakeError)
            else _item(*self._told(*next(taken_ones)))
            for one in admitted
        ]

    def _prepare(self, admitted: Sequence[Admitted], site: Site) -> list[Prepared]:
        return prepare_all(admitted, site, self.settings, self.keys, self.clock())

    def _admit_or_refuse(self, raw: object, site: Site) -> Admitted | IntakeError:
        try:
            return admit(raw, site.id)
        except IntakeError as error:
            self.metrics.answers.labels(site.id, error.code).inc()
            return error

    def _told(self, prepared: Prepared, recorded: Recorded) -> tuple[int, Answer]:
        outcome = "duplicate" if recorded.duplicate else "accepted"
        self.metrics.answers.labels(prepared.record.key.site_id, outcome).inc()
        order_no = prepared.record.key.order_no
        return taken(recorded, order_no, prepared.warnings, prepared.omissions)


def read_json(body: bytes) -> Any:
    """Parse strict UTF-8 JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BodyNotJson(
            f"The body is not JSON in UTF-8: line {error.lineno}, column {error.colno}."
        ) from None


def _item(code: int, answer: Answer) -> Answer:
    """Give a batch's item its own code; a refused one keeps its problem's code as `error`."""
    if "violations" in answer or "title" in answer:
        return {"code": code, "status": "refused", "problem": answer}
    return {"code": code} | answer
