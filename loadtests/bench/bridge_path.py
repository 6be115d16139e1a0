"""The bridge's side: raw JSON to serialised events, in one go and stage by stage.

`events` calls the stages of `bridge.pipeline` and of the sender's build in their order, but for
what storage needs in between; that is measured on its own. A test holds its bytes equal to those
of the whole pipeline.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import orjson
from msgspec.structs import replace

from bridge.events.event import Built, Pseudonym, Unsendable
from bridge.events.opened import opened
from bridge.events.registry import EVENT_APIS
from bridge.identity.encryption import MASTER_BYTES, Sealer
from bridge.identity.identity import Identity, identify
from bridge.identity.pseudonymise import Keys
from bridge.identity.remainder import Remainder, remainder
from bridge.identity.rules import RULES, Platform
from bridge.identity.sources import Sources, gather
from bridge.identity.subject import subject_keys
from bridge.intake.admit import admit
from bridge.operate.destinations import Destination, PlatformApi
from bridge.operate.settings import Settings, with_embedded_defaults
from bridge.order.eligibility import permission
from bridge.order.model import Facts, Person
from bridge.order.parse import parse
from bridge.order.plan import plan, storable
from bridge.order.stored import facts_to_json
from bridge.outbox.records import Record
from bridge.pipeline import prepare

NOW: Final = datetime(2026, 11, 22, 7, tzinfo=UTC)
"""When the measured orders come in; they were placed before."""
# The bridge as it runs without settings, whatever variables and files this machine has.
_EMBEDDED: Final = with_embedded_defaults(Settings.model_construct())
SITE: Final = _EMBEDDED.sites[0]
META, GOOGLE = (
    next(one for one in _EMBEDDED.destinations if one.platform is platform)
    for platform in (PlatformApi.META_CAPI, PlatformApi.GOOGLE_DATA_MANAGER)
)
BOTH: Final = (META, GOOGLE)
SETTINGS: Final = _EMBEDDED.model_copy(update={"destinations": BOTH})

KEPT_AS: Final = {
    rule.field: rule.kept_as for rules in RULES.values() for rule in rules if rule.kept_as
}

Clock = Callable[[], int]
"""Nanoseconds of processor time used so far."""


def new_keys() -> Keys:
    """Answer keys of an installation that is gone after the run."""
    master = secrets.token_bytes(MASTER_BYTES)
    return Keys(sealer=Sealer([master]), master=master)


def events(raw: bytes, destinations: Sequence[Destination]) -> list[Built]:
    """Answer what becomes of one order at each destination; all of them have the same consent."""
    members, _ = admit(orjson.loads(raw), SITE.id)
    order = parse(members, SITE)
    plans = plan(order.facts, destinations, NOW, SETTINGS.future_skew)
    wanted = [one.destination for one in plans if one.skip is None]
    if not wanted:
        return [Unsendable(reason=one.skip) for one in plans if one.skip is not None]
    sources = gather(order.person)
    storage = permission(order.facts, wanted[0].consent).storage
    kept = remainder(order.person, storage_allowed=storage)
    facts = storable(order.facts, plans)
    return [_event(one, order.person, sources, facts, kept) for one in wanted]


def _event(
    destination: Destination, person: Person, sources: Sources, facts: Facts, kept: Remainder
) -> Built:
    api = EVENT_APIS[destination.platform]
    identity = identify(person, api.identity, destination.allowed_fields, sources)
    return api.build(_pseudonym(facts, identity, kept), destination)


def _pseudonym(facts: Facts, identity: Identity, kept: Remainder) -> Pseudonym:
    """Put together what the outbox would: what a platform wants in clear is in the remainder."""
    clear = {
        name: identity.plain[field].text
        for field, name in KEPT_AS.items()
        if field in identity.plain
    }
    kept = replace(kept, **clear) if clear else kept
    return Pseudonym(facts=facts, match_keys=dict(identity.values), remainder=kept)


def record_of(raw: bytes, keys: Keys) -> Record:
    """Answer what the hook would store."""
    return prepare(orjson.loads(raw), SITE, SETTINGS, keys, NOW).record


@dataclass(slots=True)
class Stopwatch:
    """Sums up the time between laps by name."""

    clock: Clock
    laps: dict[str, int] = field(default_factory=dict)
    _since: int = 0

    def start(self) -> None:
        """Forget the time until now."""
        self._since = self.clock()

    def lap(self, name: str) -> None:
        """Add the time since the last lap to `name`."""
        now = self.clock()
        self.laps[name] = self.laps.get(name, 0) + now - self._since
        self._since = self.clock()


def event_stages(chunk: Sequence[bytes], watch: Stopwatch) -> None:
    """Do as `events` for orders that all become two events, each stage for all of them."""
    watch.start()
    raws = [orjson.loads(raw) for raw in chunk]
    watch.lap("read JSON")
    admitted = [admit(raw, SITE.id)[0] for raw in raws]
    watch.lap("validate: contract and warnings")
    orders = [parse(members, SITE) for members in admitted]
    watch.lap("parse: facts, money, person")
    skew = SETTINGS.future_skew
    plans = [plan(order.facts, BOTH, NOW, skew) for order in orders]
    facts = [storable(order.facts, one) for order, one in zip(orders, plans, strict=True)]
    watch.lap("plan: routes, consent, deadline")
    sources = [gather(order.person) for order in orders]
    watch.lap("choose what of the shopper")
    storages = [permission(order.facts, META.consent).storage for order in orders]
    kept = [
        remainder(order.person, storage_allowed=storage)
        for order, storage in zip(orders, storages, strict=True)
    ]
    watch.lap("check what stays in clear")
    for destination in BOTH:
        api, allowed = EVENT_APIS[destination.platform], destination.allowed_fields
        identities = [
            identify(order.person, api.identity, allowed, given)
            for order, given in zip(orders, sources, strict=True)
        ]
        watch.lap(f"normalise and hash for {api.identity}")
        whos = list(map(_pseudonym, facts, identities, kept))
        built = [api.build(who, destination) for who in whos]
        watch.lap(f"build and serialise for {api.identity}")
        del built


def storage_stages(chunk: Sequence[bytes], keys: Keys, watch: Stopwatch) -> None:
    """Measure what keeping an order takes beside its event: the hook's part and the sender's."""
    orders = [parse(orjson.loads(raw), SITE) for raw in chunk]
    sources = [gather(order.person) for order in orders]
    hashes = [
        identify(order.person, Platform.META, None, given).values
        for order, given in zip(orders, sources, strict=True)
    ]
    kept = [remainder(order.person, storage_allowed=True).to_dict() for order in orders]
    watch.start()
    facts = [facts_to_json(order.facts) for order in orders]
    watch.lap("hook: facts to JSON")
    identities = [orjson.dumps({Platform.META.value: values}) for values in hashes]
    watch.lap("hook: hashes to JSON")
    sealed = [keys.sealer.seal(plain) for plain in kept]
    watch.lap("hook: seal what stays in clear")
    for order, given in zip(orders, sources, strict=True):
        subject_keys(order.person, keys.master, given)
    watch.lap("hook: keyed digests for erasure")
    whos = [
        opened(*stored, META, keys.sealer) for stored in zip(facts, identities, sealed, strict=True)
    ]
    watch.lap("sender: read and unseal")
    del whos


def events_of_record(raw: bytes, keys: Keys) -> list[Built]:
    """Go the whole way, storage included; answer an event for each destination that gets one."""
    record = record_of(raw, keys)
    stored = (record.facts, record.identities, record.sealed)
    return [
        EVENT_APIS[one.platform].build(opened(*stored, one, keys.sealer), one)
        for one, delivery in zip(BOTH, record.deliveries, strict=True)
        if delivery.reason is None
    ]
