"""What a workspace can be told about the platform it plays."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from mock_platform.rules.dedup import IdentityDedup
from mock_platform.rules.model import Mode
from mock_platform.rules.time_windows import Windows

_FINGERPRINT = "sha256:"


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it."""


def fingerprint(token: str) -> str:
    """What is kept of a token: never the token itself."""
    if token.startswith(_FINGERPRINT):
        return token
    return _FINGERPRINT + hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One workspace's settings. Those marked (unverified) stand for answers nobody has published.

    Attributes:
        mode: faithful or strict.
        max_age_days: how old an event may be.
        physical_store_max_age_days: the same for physical_store (unverified: 62, or 7 as others).
        future_tolerance_seconds: how far ahead event_time may lie (unverified).
        action_source_required: whether a missing action_source rejects (unverified).
        identity_dedup: when fbp or external_id removes a server event (unverified).
        invalid_tokens: answered with code 190; kept as fingerprints.
        expired_tokens: answered with code 190, subcode 463; kept as fingerprints.
        accepted_tokens: when given, every other token is invalid; kept as fingerprints.
        expired_versions: Graph versions answered as no longer served, such as v16.0.
        known_datasets: when given, every other dataset is answered with 100/33.
        journal_events: how many events are kept to look at.
        journal_requests: how many requests are kept to look at.
        journal_body_bytes: how much of a request's and an answer's body is kept.
        memory_events: how many events deduplication remembers.
    """

    mode: Mode = Mode.FAITHFUL
    max_age_days: float = 7
    physical_store_max_age_days: float = 62
    future_tolerance_seconds: float = 60
    action_source_required: bool = True
    identity_dedup: IdentityDedup = IdentityDedup.WITHOUT_EVENT_ID
    invalid_tokens: tuple[str, ...] = ()
    expired_tokens: tuple[str, ...] = ()
    accepted_tokens: tuple[str, ...] | None = None
    expired_versions: tuple[str, ...] = ()
    known_datasets: tuple[str, ...] | None = None
    journal_events: int = 100_000
    journal_requests: int = 5_000
    journal_body_bytes: int = 16_384
    memory_events: int = 1_000_000

    @property
    def windows(self) -> Windows:
        """The time windows among these settings."""
        return Windows(
            max_age_days=self.max_age_days,
            physical_store_max_age_days=self.physical_store_max_age_days,
            future_tolerance_seconds=self.future_tolerance_seconds,
        )

    def changed(self, changes: Mapping[str, Any]) -> "Settings":
        """These settings with `changes`, as JSON brings them.

        Raises:
            SettingsError: for an unknown name or an unusable value; the message names it.
        """
        unknown = changes.keys() - _READERS.keys()
        if unknown:
            names = ", ".join(sorted(_READERS))
            raise SettingsError(f"unknown setting {min(unknown)!r}: there are {names}")
        return replace(self, **{name: _READERS[name](name, changes[name]) for name in changes})

    def as_json(self) -> dict[str, Any]:
        """What `GET /_mock/settings` answers; it can be posted back."""
        return asdict(self)


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise SettingsError(f"{name}: expected a number of 0 or more")
    return value


def _count(name: str, value: object) -> int:
    if type(value) is not int or value < 1:
        raise SettingsError(f"{name}: expected a whole number of 1 or more")
    return value


def _boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise SettingsError(f"{name}: expected true or false")
    return value


def _mode(name: str, value: object) -> Mode:
    try:
        return Mode(str(value))
    except ValueError:
        raise SettingsError(f"{name}: expected {' or '.join(Mode)}") from None


def _identity(name: str, value: object) -> IdentityDedup:
    try:
        return IdentityDedup(str(value))
    except ValueError:
        raise SettingsError(f"{name}: expected one of {', '.join(IdentityDedup)}") from None


def _texts(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise SettingsError(f"{name}: expected a list of strings")
    return tuple(value)


def _texts_or_any(name: str, value: object) -> tuple[str, ...] | None:
    return None if value is None else _texts(name, value)


def _tokens(name: str, value: object) -> tuple[str, ...]:
    return tuple(fingerprint(token) for token in _texts(name, value))


def _tokens_or_any(name: str, value: object) -> tuple[str, ...] | None:
    return None if value is None else _tokens(name, value)


_READERS: dict[str, Callable[[str, object], Any]] = {
    "mode": _mode,
    "max_age_days": _number,
    "physical_store_max_age_days": _number,
    "future_tolerance_seconds": _number,
    "action_source_required": _boolean,
    "identity_dedup": _identity,
    "invalid_tokens": _tokens,
    "expired_tokens": _tokens,
    "accepted_tokens": _tokens_or_any,
    "expired_versions": _texts,
    "known_datasets": _texts_or_any,
    "journal_events": _count,
    "journal_requests": _count,
    "journal_body_bytes": _count,
    "memory_events": _count,
}
