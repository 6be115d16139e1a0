"""When users call: at moments of their own, as shoppers come, and never in step with each other.

Users that all call every fifth of a second bring a hundred orders at once and then none: what is
measured then is the queue they make.
"""

from random import Random


class Pace:
    """One user's moments, in seconds of any clock that only goes forward."""

    def __init__(self, chance: Random, now: float) -> None:
        self._chance = chance
        self._due = now

    def wait(self, rate: float, now: float) -> float:
        """Answer how long to wait for the next call, at `rate` calls a second on average.

        Who had to wait long for an answer does not make up for it.
        """
        self._due = max(self._due + self._chance.expovariate(rate), now)
        return self._due - now
