"""What an error of a platform asks of a sender, whatever the platform calls it."""

from enum import StrEnum


class Treatment(StrEnum):
    """What to do about an error."""

    THROTTLED = "throttled"  # rest, then go on
    RETRY = "retry"  # the platform failed; it may have kept the events
    NOT_READY = "not_ready"  # the platform failed before it kept anything
    DESTINATION = "destination"  # pause until somebody puts the destination right
    REJECTED = "rejected"  # at least one event of the request is not acceptable
