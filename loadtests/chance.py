"""Seeded chance: the same seed draws the same things on every machine and in every process."""

import string
from collections.abc import Iterable, Mapping
from itertools import chain, repeat
from random import Random
from typing import Generic, TypeVar

_Card = TypeVar("_Card")
_WORD_CHARACTERS = string.ascii_letters + string.digits + "-_"


def seeded(*parts: object) -> Random:
    """A generator that depends on `parts` alone, not on PYTHONHASHSEED or the clock."""
    return Random(":".join(map(str, parts)))  # noqa: S311 - repeatable on purpose, no secret


class Deck(Generic[_Card]):
    """Weighted draws without long droughts: every card comes up once per pass through the deck.

    Plain weighted chance leaves a rare case out of some runs; a demo of 200 orders should show all.
    """

    def __init__(
        self, rng: Random, weights: Mapping[_Card, int] | Iterable[tuple[_Card, int]]
    ) -> None:
        pairs = weights.items() if isinstance(weights, Mapping) else weights
        self._cards = list(chain.from_iterable(repeat(card, n) for card, n in pairs))
        self._rng = rng
        self._next = len(self._cards)

    def draw(self) -> _Card:
        """The next card; the deck is shuffled again whenever it is used up."""
        if self._next == len(self._cards):
            self._rng.shuffle(self._cards)
            self._next = 0
        self._next += 1
        return self._cards[self._next - 1]


def happens(rng: Random, share: float) -> bool:
    """True in `share` of all cases."""
    return rng.random() < share


def digits(rng: Random, mask: str) -> str:
    """`mask` with every # replaced by a digit."""
    return "".join(str(rng.randrange(10)) if mark == "#" else mark for mark in mask)


def filled(mask: str, figures: str) -> str:
    """`mask` with its # replaced by `figures`, in order; both must have the same count."""
    following = iter(figures)
    return "".join(next(following) if mark == "#" else mark for mark in mask)


def word(rng: Random, length: int) -> str:
    """An opaque token such as a click id: letters of both cases, digits, - and _."""
    return "".join(rng.choices(_WORD_CHARACTERS, k=length))
