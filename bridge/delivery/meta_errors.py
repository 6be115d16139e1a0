"""What Meta's error codes ask of a sender: one row a code, the first that fits holds.

Codes decide, not HTTP statuses or texts: texts are localised, statuses differ between edges.
Rows marked unverified stand for what is known of the Graph API at large but was not seen on the
Conversions API; a wrong one costs a pause or a retry, never an event.
"""

from dataclasses import dataclass

from bridge.delivery.treatment import Treatment


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: the codes from `first` to `last`, with `subcode` or with any."""

    first: int
    last: int
    subcode: int | None
    treatment: Treatment
    reference: str


def _code(code: int, treatment: Treatment, reference: str, *, subcode: int | None = None) -> Rule:
    return Rule(code, code, subcode, treatment, reference)


_GRAPH = "Graph API: Handle errors, error codes"
_LIMITS = "Graph API: Rate limits, error codes"
_MARKETING = "Marketing API: Error codes"
_EVENTS = "Conversions API: Troubleshooting"
_UNVERIFIED = "unverified"

ERRORS: tuple[Rule, ...] = (
    _code(1, Treatment.RETRY, f"{_GRAPH}, unknown error"),
    _code(2, Treatment.RETRY, f"{_GRAPH}, service temporarily unavailable"),
    _code(3, Treatment.DESTINATION, f"{_GRAPH}, capability or permission"),
    _code(4, Treatment.THROTTLED, f"{_LIMITS}, application"),
    _code(10, Treatment.DESTINATION, f"{_GRAPH}, permission denied"),
    _code(12, Treatment.DESTINATION, f"{_GRAPH}, deprecated ({_UNVERIFIED})"),
    _code(17, Treatment.THROTTLED, f"{_LIMITS}, user"),
    _code(32, Treatment.THROTTLED, f"{_LIMITS}, page"),
    _code(100, Treatment.DESTINATION, f"{_MARKETING}, object not found", subcode=33),
    _code(100, Treatment.DESTINATION, f"{_MARKETING}, dataset not found", subcode=2044055),
    _code(100, Treatment.REJECTED, f"{_EVENTS}, invalid parameter; subcodes 2804xxx"),
    _code(102, Treatment.DESTINATION, f"{_GRAPH}, session"),
    _code(104, Treatment.DESTINATION, f"{_GRAPH}, signature or token missing ({_UNVERIFIED})"),
    _code(190, Treatment.DESTINATION, f"{_GRAPH}, access token"),
    Rule(200, 299, None, Treatment.DESTINATION, f"{_GRAPH}, permissions"),
    _code(270, Treatment.DESTINATION, f"{_MARKETING}, access tier"),
    _code(341, Treatment.THROTTLED, f"{_GRAPH}, application limit"),
    _code(368, Treatment.DESTINATION, f"{_GRAPH}, blocked for policy"),
    _code(613, Treatment.THROTTLED, f"{_LIMITS}, calls to an ad account"),
    _code(803, Treatment.DESTINATION, f"{_GRAPH}, alias does not exist"),
    _code(2500, Treatment.DESTINATION, f"{_GRAPH}, unknown path ({_UNVERIFIED})"),
    _code(2635, Treatment.DESTINATION, f"{_MARKETING}, version expired ({_UNVERIFIED})"),
    _code(5000, Treatment.RETRY, f"{_MARKETING}, unknown error"),
    _code(21009, Treatment.NOT_READY, f"{_MARKETING}, data set upload not ready ({_UNVERIFIED})"),
    Rule(80000, 89999, None, Treatment.THROTTLED, f"{_LIMITS}, business use cases"),
    _code(2044055, Treatment.DESTINATION, f"{_MARKETING}, dataset not found"),
)


def treatment_of(code: int, subcode: int | None) -> Treatment | None:
    """Answer what the code asks for; None when no row knows it."""
    if code < 0:  # internal to Meta (Graph API: Handle errors); its subcode has no public meaning
        return Treatment.RETRY
    fitting = (rule for rule in ERRORS if rule.first <= code <= rule.last)
    exact = (rule.treatment for rule in fitting if rule.subcode in {None, subcode})
    return next(exact, None)
