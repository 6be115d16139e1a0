"""What any platform's answer tells, whatever was asked: whether it came, and what time it is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bridge.aftermath.doctor.finding import Finding, fine, problem
from bridge.delivery.answer import Answer, NoAnswer

CLOCKS_APART = timedelta(seconds=60)
"""Beyond, fresh events look as if they came from the future; hooks bear five minutes."""


def check_reachable(subject: str, answer: Answer | NoAnswer) -> Finding:
    """Whether an answer of any kind came."""
    if isinstance(answer, NoAnswer):
        return problem(
            subject,
            "reachable",
            f"The platform does not answer: {answer.reason or answer.kind.value}.",
            "Check base_url, DNS, proxy and firewall between here and the platform.",
        )
    return fine(subject, "reachable", f"The platform answers (HTTP {answer.status}).")


def check_clock(subject: str, answer: Answer, now: datetime) -> Iterator[Finding]:
    """How far our clock is from the platform's, where its answer tells the time."""
    there = _date(answer.headers.get("date", ""))
    if there is None:
        return
    apart = abs(now - there)
    if apart > CLOCKS_APART:
        yield problem(
            subject,
            "clock",
            f"Clocks are {apart.total_seconds():.0f} s apart.",
            "Set this machine's clock by NTP.",
        )
    else:
        yield fine(subject, "clock", f"Clocks are within {CLOCKS_APART.total_seconds():.0f} s.")


def _date(text: str) -> datetime | None:
    try:
        there = parsedate_to_datetime(text)
    except ValueError:
        return None
    return there if there.tzinfo else there.replace(tzinfo=UTC)
