"""What the doctor tells: one finding a question, each with what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is; only a problem makes the command fail."""

    FINE = "fine"
    ADVICE = "advice"  # works, and something better is possible or could not be told
    PROBLEM = "problem"  # orders are or will be lost to a destination, or refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`subject` is a destination's or site's id, or a part of the machine such as `database`."""

    level: Level
    subject: str
    check: str
    message: str
    to_do: str = ""


def fine(subject: str, check: str, message: str) -> Finding:
    """Answer that a check found nothing."""
    return Finding(level=Level.FINE, subject=subject, check=check, message=message)


def advice(subject: str, check: str, message: str, to_do: str) -> Finding:
    """Answer what could be better."""
    return Finding(level=Level.ADVICE, subject=subject, check=check, message=message, to_do=to_do)


def problem(subject: str, check: str, message: str, to_do: str) -> Finding:
    """Answer what does not work."""
    return Finding(level=Level.PROBLEM, subject=subject, check=check, message=message, to_do=to_do)
