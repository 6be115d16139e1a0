"""The bridge's side: raw JSON to one serialised Meta event, in one go and stage by stage.

`meta_event` calls the stages of `bridge.pipeline` and of the sender's build in their order, but for
what storage needs in between; that is measured on its own. A test holds its bytes equal to those
of the whole pipeline.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import orjson

from bridge.events.event import Built, PlatformEvent, Pseudonym
from bridge.events.opened import opened
from bridge.events.registry import EVENT_APIS
from bridge.identity.encryption import MASTER_BYTES, Sealer
from bridge.identity.identity import identify
from bridge.identity.pseudonymise import Keys
from bridge.identity.remainder import remainder
from bridge.identity.rules import Platform
from bridge.identity.subject import subject_keys
from bridge.intake.admit import admit
from bridge.operate.destinations import PlatformApi
from bridge.operate.settings import Settings, with_embedded_defaults
from bridge.order.eligibility import SkipReason, permission
from bridge.order.parse import parse
from bridge.order.plan import plan, storable
from bridge.order.stored import facts_to_json
from bridge.pipeline import prepare

NOW: Final = datetime(2026, 11, 22, 7, tzinfo=UTC)
"""When the measured orders come in; they were placed before."""
# The bridge as it runs without settings, whatever variables and files this machine has.
_EMBEDDED: Final = with_embedded_defaults(Settings.model_construct())
SITE: Final = _EMBEDDED.sites[0]
DESTINATION: Final = next(
    one for one in _EMBEDDED.destinations if one.platform is PlatformApi.META_CAPI
)
SETTINGS: Final = _EMBEDDED.model_copy(update={"destinations": (DESTINATION,)})

_build: Final = EVENT_APIS[DESTINATION.platform].build

Clock = Callable[[], int]
"""Nanoseconds of processor time used so far."""


def new_keys() -> Keys:
    """Answer keys of an installation that is gone after the run."""
    master = secrets.token_bytes(MASTER_BYTES)
    return Keys(sealer=Sealer([master]), master=master)


def meta_event(raw: bytes) -> PlatformEvent | SkipReason:
    """Answer the event of one order, or why there is none."""
    members, _ = admit(orjson.loads(raw), SITE.id)
    order = parse(members, SITE)
    plans = plan(order.facts, (DESTINATION,), NOW, SETTINGS.future_skew)
    if plans[0].skip is not None:
        return plans[0].skip
    identity = identify(order.person, Platform.META, DESTINATION.allowed_fields)
    storage = permission(order.facts, DESTINATION.consent).storage
    kept = remainder(order.person, storage_allowed=storage)
    facts = storable(order.facts, plans)
    who = Pseudonym(facts=facts, match_keys=dict(identity.values), remainder=kept)
    built = _build(who, DESTINATION)
    return built if isinstance(built, PlatformEvent) else built.reason


def prepare_only(raw: bytes, keys: Keys) -> None:
    """Run the hook's half: raw JSON to a record ready for the outbox."""
    prepare(orjson.loads(raw), SITE, SETTINGS, keys, NOW)


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
    """Do as `meta_event` for orders that all become events, each stage for all of them."""
    watch.start()
    raws = [orjson.loads(raw) for raw in chunk]
    watch.lap("read JSON")
    admitted = [admit(raw, SITE.id)[0] for raw in raws]
    watch.lap("validate: contract and warnings")
    orders = [parse(members, SITE) for members in admitted]
    watch.lap("parse: facts, money, person")
    skew = SETTINGS.future_skew
    plans = [plan(order.facts, (DESTINATION,), NOW, skew) for order in orders]
    watch.lap("plan: routes, consent, deadline")
    allowed = DESTINATION.allowed_fields
    identities = [identify(order.person, Platform.META, allowed) for order in orders]
    watch.lap("normalise and hash")
    storages = [permission(order.facts, DESTINATION.consent).storage for order in orders]
    kept = [
        remainder(order.person, storage_allowed=storage)
        for order, storage in zip(orders, storages, strict=True)
    ]
    watch.lap("check what stays in clear")
    facts = [storable(order.facts, one) for order, one in zip(orders, plans, strict=True)]
    whos = [
        Pseudonym(facts=facts, match_keys=dict(identity.values), remainder=kept)
        for facts, identity, kept in zip(facts, identities, kept, strict=True)
    ]
    built = [_build(who, DESTINATION) for who in whos]
    watch.lap("build and serialise")
    del built


def storage_stages(chunk: Sequence[bytes], keys: Keys, watch: Stopwatch) -> None:
    """Measure what keeping an order takes beside its event: the hook's part and the sender's."""
    orders = [parse(orjson.loads(raw), SITE) for raw in chunk]
    hashes = [identify(order.person, Platform.META, None).values for order in orders]
    kept = [remainder(order.person, storage_allowed=True).to_dict() for order in orders]
    watch.start()
    facts = [facts_to_json(order.facts) for order in orders]
    watch.lap("hook: facts to JSON")
    identities = [orjson.dumps({Platform.META.value: values}) for values in hashes]
    watch.lap("hook: hashes to JSON")
    sealed = [keys.sealer.seal(plain) for plain in kept]
    watch.lap("hook: seal what stays in clear")
    for order in orders:
        subject_keys(order.person, keys.master)
    watch.lap("hook: keyed digests for erasure")
    whos = [
        opened(*stored, DESTINATION, keys.sealer)
        for stored in zip(facts, identities, sealed, strict=True)
    ]
    watch.lap("sender: read and unseal")
    del whos


def event_of_record(raw: bytes, keys: Keys) -> Built | None:
    """Go the whole way, storage included; None where the order is not to be sent."""
    record = prepare(orjson.loads(raw), SITE, SETTINGS, keys, NOW).record
    if record.deliveries[0].reason is not None:
        return None
    return _build(
        opened(record.facts, record.identities, record.sealed, DESTINATION, keys.sealer),
        DESTINATION,
    )
