"""Asks the platform of every enabled destination what its token is good for."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from bridge.aftermath.doctor import google_checks, meta_checks
from bridge.aftermath.doctor.answers import check_clock, check_reachable
from bridge.aftermath.doctor.finding import Finding, advice, problem
from bridge.clock import Clock
from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.tokens import Tokens
from bridge.delivery.transport import Transport
from bridge.errors import TokenDelayed, TokenUnavailable
from bridge.operate.google_destination import GoogleDestination
from bridge.operate.meta_destination import MetaDestination
from bridge.operate.settings import AnyDestination


def examine(
    destinations: Iterable[AnyDestination], transport: Transport, tokens: Tokens, clock: Clock
) -> Iterator[Finding]:
    """Ask each destination's platform; what cannot be asked is a finding, never an error."""
    for destination in destinations:
        try:
            token = tokens.current(destination)
        except (TokenUnavailable, TokenDelayed) as error:
            yield problem(
                destination.id,
                "token",
                str(error),
                f"Look where `{destination.credential}` points.",
            )
            continue
        yield from _asked(destination, token, transport, clock)


def _asked(
    destination: AnyDestination, token: str, transport: Transport, clock: Clock
) -> Iterator[Finding]:
    subject = destination.id

    def ask(url: str) -> Answer | NoAnswer:
        headers = {"Authorization": f"Bearer {token}"}
        return transport.get(url, headers, destination.timeout_seconds)

    if isinstance(destination, MetaDestination):
        first = ask(meta_checks.me_url(destination))
        yield from _answered(subject, first, clock())
        if isinstance(first, Answer):
            yield meta_checks.check_token(subject, first)
            told = ask(meta_checks.debug_url(destination, token))
            yield from meta_checks.check_scopes(subject, told)
            reached = ask(meta_checks.dataset_url(destination))
            yield meta_checks.check_dataset(subject, reached, destination.dataset)
    elif isinstance(destination, GoogleDestination):
        first = ask(google_checks.status_url(destination))
        yield from _answered(subject, first, clock())
        if isinstance(first, Answer):
            yield google_checks.check_access(subject, first)
    else:
        yield advice(
            subject,
            "token",
            "There is a token. Google Ads tells what it is good for only when something is sent.",
            "Send one order, and look at `bridge status`.",
        )


def _answered(subject: str, answer: Answer | NoAnswer, now: datetime) -> Iterator[Finding]:
    yield check_reachable(subject, answer)
    if isinstance(answer, Answer):
        yield from check_clock(subject, answer, now)
