"""What a workspace can be told about the platform it plays."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from mock_platform.google.settings import GOOGLE_READERS
from mock_platform.rules.dedup import IdentityDedup
from mock_platform.rules.google_world import GoogleWorld
from mock_platform.rules.known import ValueBasis
from mock_platform.rules.model import Mode
from mock_platform.rules.time_windows import Windows
from mock_platform.setting_readers import (
    SettingsError,
    boolean,
    count,
    number,
    one_of,
    one_of_or_none,
    texts,
    texts_or_any,
    tokens,
    tokens_or_any,
)


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
        value_basis: which amount of an order its events report, for the lint.
        invalid_tokens: answered with 401 (Meta: code 190); kept as fingerprints.
        expired_tokens: answered with 401 (Meta: subcode 463); kept as fingerprints.
        accepted_tokens: when given, every other token is invalid; kept as fingerprints.
        expired_versions: Graph versions answered as no longer served, such as v16.0.
        known_datasets: when given, every other dataset is answered with 100/33.
        journal_events: how many events are kept to look at.
        journal_requests: how many requests are kept to look at.
        journal_body_bytes: how much of a request's and an answer's body is kept.
        memory_events: how many events deduplication remembers.
        google: what concerns Google alone; in JSON its members stand beside these.
    """

    mode: Mode = Mode.FAITHFUL
    max_age_days: float = 7
    physical_store_max_age_days: float = 62
    future_tolerance_seconds: float = 60
    action_source_required: bool = True
    identity_dedup: IdentityDedup = IdentityDedup.WITHOUT_EVENT_ID
    value_basis: ValueBasis | None = None
    invalid_tokens: tuple[str, ...] = ()
    expired_tokens: tuple[str, ...] = ()
    accepted_tokens: tuple[str, ...] | None = None
    expired_versions: tuple[str, ...] = ()
    known_datasets: tuple[str, ...] | None = None
    journal_events: int = 100_000
    journal_requests: int = 5_000
    journal_body_bytes: int = 16_384
    memory_events: int = 1_000_000
    google: GoogleWorld = field(default_factory=GoogleWorld)

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
        unknown = changes.keys() - _READERS.keys() - GOOGLE_READERS.keys()
        if unknown:
            names = ", ".join(sorted({*_READERS, *GOOGLE_READERS}))
            raise SettingsError(f"unknown setting {min(unknown)!r}: there are {names}")
        google = replace(self.google, **_read(changes, GOOGLE_READERS))
        return replace(self, google=google, **_read(changes, _READERS))

    def as_json(self) -> dict[str, Any]:
        """What `GET /_mock/settings` answers; it can be posted back."""
        own = asdict(self)
        google: dict[str, Any] = own.pop("google")
        return {**own, **google}


Readers = dict[str, Callable[[str, object], Any]]


def _read(changes: Mapping[str, Any], readers: Readers) -> dict[str, Any]:
    return {name: readers[name](name, changes[name]) for name in changes if name in readers}


_READERS: Readers = {
    "mode": one_of(Mode),
    "max_age_days": number,
    "physical_store_max_age_days": number,
    "future_tolerance_seconds": number,
    "action_source_required": boolean,
    "identity_dedup": one_of(IdentityDedup),
    "value_basis": one_of_or_none(ValueBasis),
    "invalid_tokens": tokens,
    "expired_tokens": tokens,
    "accepted_tokens": tokens_or_any,
    "expired_versions": texts,
    "known_datasets": texts_or_any,
    "journal_events": count,
    "journal_requests": count,
    "journal_body_bytes": count,
    "memory_events": count,
}
