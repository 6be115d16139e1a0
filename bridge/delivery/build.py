"""From a claim to its event: the order as its destination may know it, and all that adjusts it."""

from msgspec.structs import replace

from bridge.events.event import Built, Pseudonym, Unsendable
from bridge.events.opened import adjusting, opened
from bridge.events.registry import EVENT_APIS
from bridge.identity.encryption import Sealer
from bridge.operate.destinations import Destination
from bridge.order.conversion import conversion_of
from bridge.order.eligibility import SkipReason, takes
from bridge.order.model import Kind
from bridge.order.stored import facts_from_json
from bridge.outbox.records import Claim


def build_event(claim: Claim, destination: Destination, sealer: Sealer) -> Built:
    """Answer the event of a claim that has none yet, or why there will be none.

    An order's event knows of every refund that is known by now, and a refund's of its order.

    Raises:
        DecryptionFailed: no configured key opens what is sealed.
    """
    own = replace(
        opened(claim.facts, claim.identities, claim.sealed, destination, sealer),
        at=claim.claimed_at,
    )
    who = _of_conversion(own, claim, destination, sealer)
    if isinstance(who, Unsendable):
        return who
    return EVENT_APIS[destination.platform].build(who, destination)


def _of_conversion(
    own: Pseudonym, claim: Claim, destination: Destination, sealer: Sealer
) -> Pseudonym | Unsendable:
    is_about_an_order = own.facts.amends or own.facts.key.kind is Kind.ORDER
    if not is_about_an_order or not (claim.related or own.facts.amends):
        return own
    stored = [(facts_from_json(one.facts), one) for one in claim.related]
    known = [own.facts, *(facts for facts, _ in stored)]
    conversion = conversion_of(
        (one for one in known if takes(one, destination)), claim.conversion_no
    )
    if not own.facts.amends:
        return replace(own, conversion=conversion)
    kept = next((one for facts, one in stored if conversion and facts == conversion.first), None)
    if conversion is None or kept is None:
        return Unsendable(reason=SkipReason.ORDER_NOT_SENT)
    order = opened(kept.facts, kept.identities, kept.sealed, destination, sealer)
    return adjusting(own, replace(order, conversion=conversion))
