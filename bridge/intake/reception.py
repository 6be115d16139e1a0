"""What stands behind the routes: who may call, and how orders are taken, one or many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import orjson

from bridge.clock import Clock
from bridge.errors import BodyNotJson, IntakeError, SignatureInvalid, SiteUnknown, TooManyOrders
from bridge.identity.pseudonymise import Keys
from bridge.intake.answer import Answer, refused, taken
from bridge.intake.signature import Headers, verify
from bridge.operate.destinations import Site
from bridge.operate.metrics import Metrics
from bridge.operate.settings import Settings
from bridge.outbox.records import Recorded
from bridge.pipeline import Accepted, Arrival, Prepared, arrive, prepare_all

SITE_HEADER = "bridge-site"


class Outbox(Protocol):
    """Makes orders durable together; returns only when they are."""

    def submit(self, waiting: Sequence[Arrival | Prepared]) -> Sequence[Accepted]:
        """Answer for each in its place. Raises StoreUnavailable."""
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
        (accepted,) = self.outbox.submit([arrive(read_json(body), site, self.clock())])
        return self._told(*accepted)

    def take_batch(self, site: Site, body: bytes) -> list[Answer]:
        """Take an array of orders: each is taken or refused by itself, `code` says which."""
        raws = read_json(body)
        if not isinstance(raws, list):
            raise BodyNotJson("The body must be a JSON array of orders.")
        most = self.settings.hook.max_batch_orders
        if len(raws) > most:
            raise TooManyOrders(f"A batch may hold {most} orders: split it.")
        came = [self._arrive_or_refuse(raw, site) for raw in raws]
        arrivals = [one for one in came if isinstance(one, Arrival)]
        # Not where checkouts would wait behind it for their own.
        accepted = iter(self.outbox.submit(prepare_all(arrivals, self.settings, self.keys)))
        return [
            _item(*refused(one))
            if isinstance(one, IntakeError)
            else _item(*self._told(*next(accepted)))
            for one in came
        ]

    def _arrive_or_refuse(self, raw: object, site: Site) -> Arrival | IntakeError:
        try:
            return arrive(raw, site, self.clock())
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
