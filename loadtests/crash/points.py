"""Where a process can be killed, by name."""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What can be killed, named after the command that runs it."""

    HOOK = "serve"
    SENDER = "work"


class Point(StrEnum):
    """A moment in the life of an order at which its process dies."""

    HOOK_BEFORE_COMMIT = "hook_before_commit"  # understood, and nothing written yet
    HOOK_INSIDE_COMMIT = "hook_inside_commit"  # while the database writes it
    HOOK_AFTER_COMMIT = "hook_after_commit"  # durable, and the storefront never hears of it
    AFTER_CLAIM = "after_claim"  # leased, and nobody works on it
    BEFORE_POST = "before_post"  # marked as sent, and not a byte left
    MID_POST = "mid_post"  # half a request left
    UNREAD_ANSWER = "unread_answer"  # the platform has the whole request, nobody reads its answer
    AFTER_ANSWER = "after_answer"  # the platform said yes, and nobody wrote it down
    INSIDE_COMMIT = "inside_commit"  # while the database writes that the platform said yes
    AFTER_COMMIT = "after_commit"  # all is written, the sender knows nothing of it

    @property
    def part(self) -> Part:
        """Whose moment it is."""
        return Part.HOOK if self.name.startswith("HOOK") else Part.SENDER


def points_of(part: Part) -> list[Point]:
    """Answer every point of one part."""
    return [point for point in Point if point.part is part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """A process dies when it comes to this point for the `passing`th time, counted from 1."""

    point: Point
    passing: int = 1
