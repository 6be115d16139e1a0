"""What the outbox keeps of an order, opened for one destination."""

from collections.abc import Mapping
from functools import reduce

import orjson
from msgspec.structs import replace

from bridge.events.event import Pseudonym
from bridge.events.registry import EVENT_APIS
from bridge.identity.encryption import Sealer, each_of
from bridge.identity.pseudonymise import without_storage, without_user_data
from bridge.identity.remainder import Remainder, completed
from bridge.operate.destinations import Destination
from bridge.order.eligibility import permission
from bridge.order.stored import facts_from_json


def opened(
    facts: bytes, identities: bytes, sealed: bytes | None, destination: Destination, sealer: Sealer
) -> Pseudonym:
    """Answer the order as this destination may know it.

    Raises:
        DecryptionFailed: no configured key opens the sealed remainder.
    """
    known = facts_from_json(facts)
    boxes = [Remainder.from_dict(sealer.unseal(box)) for box in each_of(sealed)] if sealed else []
    kept = reduce(completed, boxes) if boxes else Remainder()
    permitted = permission(known, destination.consent)
    if not permitted.storage:
        kept = without_storage(kept)
    platform = EVENT_APIS[destination.platform].identity
    hashes: Mapping[str, list[str]] = orjson.loads(identities).get(platform.value, {})
    if not permitted.user_data:
        kept, hashes = without_user_data(kept), {}
    match_keys = {name: tuple(values) for name, values in hashes.items()}
    return Pseudonym(facts=known, match_keys=match_keys, remainder=kept)


def adjusting(own: Pseudonym, order: Pseudonym) -> Pseudonym:
    """Answer the order as what adjusts it is sent: with the adjustment's hashes if it has none."""
    return replace(
        order,
        match_keys=order.match_keys or own.match_keys,
        remainder=order.remainder if order.remainder != Remainder() else own.remainder,
        adjusting=own.facts,
        at=own.at,
    )
