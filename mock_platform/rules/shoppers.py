"""The shoppers a workspace knows, by the digests their values may and may not become.

A digest alone tells nothing. Of people the mock was told of it can say what was hashed: a value
nobody trimmed, the other platform's form, a digest hashed again.
"""

import hashlib
import re
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mock_platform.rules.mistakes import mistakes, writings
from mock_platform.rules.normal_forms import Kind, Platform, normal_forms, tidy

SHOPPERS_MAX = 1000
_KEY_BYTES = 8
_SHOWN = 6
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_DIGITS = re.compile(r"(?<![0-9A-Za-z])\d{8,15}(?![0-9A-Za-z])")
_WORDS_OF_NAME_MAX = 6
# Members that nobody mixes up by chance: a city may well be called as a person is.
_UNMISTAKABLE = frozenset({Kind.EMAIL, Kind.PHONE, Kind.BIRTH_DATE})


@dataclass(frozen=True, slots=True)
class Value:
    """One value of one shopper, as it was told."""

    kind: Kind
    text: str
    country: str


@dataclass(frozen=True, slots=True)
class Origin:
    """What a digest was made of: a value, and what was done to it."""

    value: Value
    text: str
    told: str

    def __str__(self) -> str:
        shown = repr(self.text[:_SHOWN] + ("..." if len(self.text) > _SHOWN else ""))
        return f"the SHA-256 of {shown} ({self.told})"


_NAME = (Kind.FIRST_NAME, Kind.LAST_NAME)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(tidy(text)))


def digest_of(text: str) -> bytes:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).digest()


class Shoppers:
    """Values by digest. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Forget everyone."""
        with self._lock:
            self.known = 0
            self._names: set[tuple[str, ...]] = set()
            self._values: set[Value] = set()
            self._right: dict[tuple[Platform, Kind], dict[bytes, Value]] = defaultdict(dict)
            self._twice: dict[bytes, Value] = {}
            self._wrong: dict[tuple[Kind, bytes], Value] = {}

    def add(self, shopper: Mapping[Kind, str], country: str) -> bool:
        """Know one shopper more; False when `SHOPPERS_MAX` are known already."""
        with self._lock:
            if self.known >= SHOPPERS_MAX:
                return False
            self.known += 1
            first, last = (_words(shopper.get(kind, "")) for kind in _NAME)
            if first and last:
                self._names |= {first + last, last + first}
            for kind, text in shopper.items():
                value = Value(kind, text, country)
                if text.strip() and value not in self._values:
                    self._values.add(value)
                    self._learn(value)
        return True

    def _learn(self, value: Value) -> None:
        for platform in Platform:
            for form in normal_forms(platform, value.kind, value.text, value.country):
                digest = digest_of(form)
                self._right[platform, value.kind][digest[:_KEY_BYTES]] = value
                self._hashed_again(digest, value)
        for text in writings(value.text):
            self._hashed_again(digest_of(text), value)
        for text, _ in mistakes(value.kind, value.text, value.country):
            self._wrong.setdefault((value.kind, digest_of(text)[:_KEY_BYTES]), value)

    def _hashed_again(self, digest: bytes, value: Value) -> None:
        for again in (digest.hex(), digest.hex().upper()):
            self._twice[digest_of(again)[:_KEY_BYTES]] = value

    def is_right(self, platform: Platform, kind: Kind, digest: bytes) -> bool:
        """Whether somebody's value rightly has this digest."""
        return digest[:_KEY_BYTES] in self._right.get((platform, kind), ())

    def is_in_clear(self, text: str) -> bool:
        """Whether a text holds the full name of somebody, or the digits of a phone number."""
        if not self.known:
            return False
        if any(
            self.is_right(Platform.META, Kind.PHONE, digest_of(digits))
            for digits in _DIGITS.findall(text)
        ):
            return True
        words = _words(text)
        return any(
            words[start : start + length] in self._names
            for length in range(2, _WORDS_OF_NAME_MAX + 1)
            for start in range(len(words) - length + 1)
        )

    def is_twice(self, digest: bytes) -> bool:
        """Whether a digest, of the value normalised or as written, was hashed again."""
        return digest[:_KEY_BYTES] in self._twice

    def other_kind(self, platform: Platform, kind: Kind, digest: bytes) -> Kind | None:
        """The kind this digest is right for, where it is another one."""
        key = digest[:_KEY_BYTES]
        for other in _UNMISTAKABLE - {kind}:
            if key in self._right.get((platform, other), ()):
                return other
        return None

    def wrong(self, kind: Kind, digest: bytes) -> Origin | None:
        """What went wrong with a value before it was hashed."""
        value = self._wrong.get((kind, digest[:_KEY_BYTES]))
        if value is None:
            return None
        return next(_origins(value, digest), None)


def _origins(value: Value, digest: bytes) -> Iterator[Origin]:
    for text, told in mistakes(value.kind, value.text, value.country):
        if digest_of(text) == digest:
            yield Origin(value, text, told)
