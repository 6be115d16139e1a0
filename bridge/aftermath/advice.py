"""What a dead letter's reason means, and what to look at before it is sent again or discarded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bridge.delivery.outcome import EndReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """For people: what happened, what to check in order, and what a retry would do."""

    meaning: str
    check: tuple[str, ...]
    retry: str


NOT_ENABLED = (
    "Nobody sends there: switch it on, or leave it off, and what is open ends as expired at its"
    " deadline."
)
"""What to do about deliveries that are open at a destination that is off."""

_AS_NEW = "The event is built anew from the order and today's settings."
_AS_SENT = "The very event that was sent before goes again."

OURS: Mapping[str, Advice] = {
    EndReason.OUTCOME_UNKNOWN: Advice(
        meaning=(
            "The event was sent and no answer ever came. By now the platform has forgotten what it"
            " deduplicates by, so sending it again could count the order twice."
        ),
        check=(
            "Look the order up at the platform by its event id or order number.",
            "It is there: discard the letter.",
            "It is certainly not there: retry the letter.",
            "Nobody can tell: discard it. One order missing harms less than one counted twice.",
        ),
        retry=_AS_SENT + " If the platform has it already, the order is counted twice.",
    ),
    EndReason.CRASHES_SENDER: Advice(
        meaning="The sender died each time it held this event, at last alone with it.",
        check=(
            "Look for the sender's deaths in the system's log: out of memory, a signal, a restart.",
            "If the machine itself died often, the event is innocent: retry.",
            "If it dies again, report a bug with the order's JSON as `bridge preview` takes it.",
        ),
        retry=_AS_NEW,
    ),
    EndReason.UNRECOGNISED_ANSWER: Advice(
        meaning="The platform kept answering in a way that no documentation describes.",
        check=(
            "Look at the answers' codes in the log: `request_answered` for this destination.",
            "Is base_url right, or does a proxy or a maintenance page answer?",
            "Look at the platform's status page, and at the API version set for the destination.",
        ),
        retry=_AS_SENT,
    ),
    EndReason.BUILDER_FAILED: Advice(
        meaning="The bridge's own code failed on this order; the detail is the kind of error.",
        check=("Report a bug with the kind of error. Update the bridge, then retry.",),
        retry=_AS_NEW,
    ),
}

REFUSED = Advice(
    meaning="The platform refused this event for good; the detail is its own account.",
    check=(
        "Read the detail: it mostly names the field.",
        "Look the code up in the tables of docs/operating.md.",
        "Correct the order's mapping or the destination's settings, and try with `bridge preview`.",
    ),
    retry=_AS_NEW,
)


_LOOK_IT_UP = (
    "Before it was refused, an attempt was never answered: look the order up at the platform by its"
    " event id. It is there: discard the letter."
)
REFUSED_IN_DOUBT = replace(
    REFUSED,
    check=(_LOOK_IT_UP, *REFUSED.check),
    retry=_AS_NEW + " If the platform has the earlier one and has forgotten it since (Meta: after"
    " two days), the order is counted twice.",
)


def advice_on(reason: str | None, *, unanswered: bool = False) -> Advice:
    """Answer what to make of a reason; what is not ours is a platform's refusal.

    `unanswered`: what became of an earlier attempt is not known.
    """
    refused = REFUSED_IN_DOUBT if unanswered else REFUSED
    return OURS.get(reason or "", refused)
