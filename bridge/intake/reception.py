"""What stands behind the routes: who may call, and how orders are taken, one or many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import orjson
import structlog

from bridge.clock import Clock
from bridge.errors import (
    BodyNotJson,
    IntakeError,
    SignatureInvalid,
    SiteUnknown,
    StoreUnavailable,
    TooManyOrders,
    Unforeseen,
)
from bridge.identity.pseudonymise import Keys
from bridge.intake.answer import Answer, refused, taken
from bridge.intake.signature import Headers, verify
from bridge.operate.destinations import Site
from bridge.operate.logs import account_of
from bridge.operate.metrics import Metrics
from bridge.operate.settings import Settings
from bridge.outbox.records import Recorded
from bridge.pipeline import Accepted, Arrival, Prepared, arrive, prepare_all

log = structlog.get_logger("bridge.intake")

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
        accepted = iter(self._accept_each([one for one in came if isinstance(one, Arrival)]))
        ends = [next(accepted) if isinstance(one, Arrival) else one for one in came]
        return [
            _item(*refused(one)) if isinstance(one, IntakeError) else _item(*self._told(*one))
            for one in ends
        ]

    def _accept_each(self, arrivals: Sequence[Arrival]) -> Sequence[Accepted | Unforeseen]:
        """Accept all of them together, or each by itself where that fails and nobody knows why."""
        try:
            return self._accept(arrivals)
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - whose fault it is shows when each goes by itself
            return [self._accept_alone(one) for one in arrivals]

    def _accept_alone(self, arrival: Arrival) -> Accepted | Unforeseen:
        try:
            (accepted,) = self._accept([arrival])
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - it must not keep the others out
            log.error("order_failed", site_id=arrival.site.id, **account_of(error))  # noqa: TRY400  # a stack trace may show the order
            self.metrics.answers.labels(arrival.site.id, Unforeseen.code).inc()
            return Unforeseen("A mistake of the bridge, whose log says where: call again later.")
        return accepted

    def _accept(self, arrivals: Sequence[Arrival]) -> Sequence[Accepted]:
        # Prepared here, not where checkouts would wait behind it for their own.
        return self.outbox.submit(prepare_all(arrivals, self.settings, self.keys))

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
