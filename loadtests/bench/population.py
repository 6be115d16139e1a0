"""Orders to measure: each of another person, each an event for the bridge and for the SDK."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import orjson

from bridge.events.event import PlatformEvent, Unsendable
from bridge.identity.identity import identify
from bridge.identity.rules import RULES, Platform, Rule, hash_field
from bridge.identity.sources import Givens, gather
from bridge.order.model import Person, Plain
from bridge.order.parse import parse
from loadtests.bench.bridge_path import BOTH, NOW, SITE, events
from loadtests.bench.meta_sdk import REFUSALS, Purchase, one_a_request, purchase_of
from loadtests.orders import orders

# Not by phone: the numbers are of ranges reserved for fiction, and so few that they come again.
_WHO: Final = ("em", "external_id")
_NEVER_AS_WRITTEN: Final = frozenset({"ge", "db"})
_CLEANED: Final = _NEVER_AS_WRITTEN | {"ph", "country"}
_MOST_ORDERS: Final = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One order as every contender takes it.

    `event` is what the bridge makes of it for Meta, `both` that and Google's. `hashed_texts` are as
    many as are hashed for both.
    """

    raw: bytes
    purchase: Purchase
    hashed_texts: tuple[bytes, ...]
    event: dict[str, Any]
    both: tuple[dict[str, Any], ...]


class Population:
    """Draws cases from the Faker orders of one seed, and counts those it passes over."""

    def __init__(self, seed: int) -> None:
        self.counts = Counter(dict.fromkeys(("generated", "taken", "repeated_person"), 0))
        self.skipped: Counter[str] = Counter()
        self.refused: Counter[str] = Counter({"as_written": 0, "cleaned": 0})
        self._known: set[str] = set()
        self._cases = self._all(seed)

    def take(self, number: int) -> list[Case]:
        """Answer the next `number` cases: nobody stands in two of them, or in one taken before."""
        return list(islice(self._cases, number))

    def _all(self, seed: int) -> Iterator[Case]:
        for order in orders(_MOST_ORDERS, seed, NOW, site_id=SITE.id):
            self.counts["generated"] += 1
            case = self._case(orjson.dumps(order))
            if case is not None:
                self.counts["taken"] += 1
                yield case

    def _case(self, raw: bytes) -> Case | None:
        built = events(raw, BOTH)
        for one in built:
            if isinstance(one, Unsendable):
                self.skipped[one.reason.value] += 1
                return None
        bodies = [orjson.loads(one.body) for one in built if isinstance(one, PlatformEvent)]
        event = bodies[0]
        if not self._is_new(event["user_data"]):
            self.counts["repeated_person"] += 1
            return None
        person = parse(orjson.loads(raw), SITE).person
        texts = hashed_texts(person, _CLEANED)
        purchase = purchase_of(event, texts)
        as_written = purchase_of(event, hashed_texts(person, _NEVER_AS_WRITTEN))
        self.refused["as_written"] += _is_refused(as_written)
        if _is_refused(purchase):
            self.refused["cleaned"] += 1
            return None
        plain = [text.encode() for values in texts.values() for text in values]
        again = sum(map(len, identify(person, Platform.GOOGLE, None).values.values()))
        return Case(
            raw=raw,
            purchase=purchase,
            hashed_texts=(*plain, *plain[:again]),
            event=event,
            both=tuple(bodies),
        )

    def _is_new(self, user_data: dict[str, Any]) -> bool:
        ids = {digest for name in _WHO for digest in user_data.get(name, ())}
        is_new = self._known.isdisjoint(ids)
        self._known |= ids
        return is_new


def hashed_texts(person: Person, cleaned: frozenset[str]) -> dict[str, list[str]]:
    """Collect the texts the bridge hashes, by Meta's field; those of `cleaned` normalised.

    Somebody has to clean for the SDK: it raises for a national phone number and a country's name,
    and takes a gender and a date only in Meta's own form.
    """
    sources = gather(person)
    found: dict[str, list[str]] = {}
    for rule in RULES[Platform.META]:
        texts = list(person.hashed.get(Platform.META, {}).get(rule.field, ()))
        texts += _usable(rule, rule.source(sources), clean=rule.field in cleaned)
        if rule.fallback is not None and not texts:
            texts += _usable(rule, rule.fallback(sources), clean=rule.field in cleaned)
        if texts:
            found[rule.field] = texts
    return found


def _usable(rule: Rule, givens: Givens, *, clean: bool) -> Iterator[str]:
    for given, country in givens:
        if isinstance(given, Plain):
            made = hash_field(Platform.META, rule.field, given.text, country)
            if made.sha256 is not None:
                yield made.normalised if clean and made.normalised else given.text


def _is_refused(purchase: Purchase) -> bool:
    try:
        one_a_request([purchase])
    except REFUSALS:
        return True
    return False
