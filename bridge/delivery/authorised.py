"""Sends a request with a destination's token; a refused one that can be replaced is, once."""

from collections.abc import Callable

from bridge.delivery.answer import Answer, NoAnswer, NoAnswerKind
from bridge.delivery.context import DeliveryContext
from bridge.errors import TokenDelayed, TokenUnavailable
from bridge.operate.destinations import Destination

UNAUTHORISED = 401  # RFC 9110, 15.5.2

Send = Callable[[str], Answer | NoAnswer]
"""Sends the request with a token."""


def authorised(context: DeliveryContext, destination: Destination, send: Send) -> Answer | NoAnswer:
    """Answer what came back, or why there was no token to send it with."""
    token = _token(context, destination)
    if isinstance(token, NoAnswer):
        return token
    answer = send(token)
    refused = isinstance(answer, Answer) and answer.status == UNAUTHORISED
    if not refused or not context.tokens.renewable(destination, token):
        return answer
    another = _token(context, destination)
    return another if isinstance(another, NoAnswer) else send(another)


def _token(context: DeliveryContext, destination: Destination) -> str | NoAnswer:
    try:
        return context.tokens.current(destination)
    except TokenUnavailable as error:
        kind, reason = NoAnswerKind.NO_TOKEN, error.reason
    except TokenDelayed as error:
        kind, reason = NoAnswerKind.NO_TOKEN_YET, error.code
    return NoAnswer(kind=kind, certain_not_received=True, reason=reason)
