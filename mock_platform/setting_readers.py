"""Reading one setting from JSON: what a value must be, and the error that names it."""

import hashlib
from collections.abc import Callable
from enum import StrEnum

_FINGERPRINT = "sha256:"


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it."""


def fingerprint(token: str) -> str:
    """What is kept of a token: never the token itself."""
    if token.startswith(_FINGERPRINT):
        return token
    return _FINGERPRINT + hashlib.sha256(token.encode()).hexdigest()


def one_of(allowed: type[StrEnum]) -> Callable[[str, object], StrEnum]:
    """A reader of the members of a closed set."""

    def read(name: str, value: object) -> StrEnum:
        try:
            return allowed(str(value))
        except ValueError:
            raise SettingsError(f"{name}: expected one of {', '.join(allowed)}") from None

    return read


def one_of_or_none(allowed: type[StrEnum]) -> Callable[[str, object], StrEnum | None]:
    """The same, or None."""
    read = one_of(allowed)
    return lambda name, value: None if value is None else read(name, value)


def number(name: str, value: object) -> float:
    """A number of 0 or more."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise SettingsError(f"{name}: expected a number of 0 or more")
    return value


def count(name: str, value: object) -> int:
    """A whole number of 1 or more."""
    if type(value) is not int or value < 1:
        raise SettingsError(f"{name}: expected a whole number of 1 or more")
    return value


def boolean(name: str, value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise SettingsError(f"{name}: expected true or false")
    return value


def texts(name: str, value: object) -> tuple[str, ...]:
    """A list of strings."""
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise SettingsError(f"{name}: expected a list of strings")
    return tuple(value)


def texts_or_any(name: str, value: object) -> tuple[str, ...] | None:
    """A list of strings, or None for any."""
    return None if value is None else texts(name, value)


def tokens(name: str, value: object) -> tuple[str, ...]:
    """Tokens, of which fingerprints are kept."""
    return tuple(fingerprint(token) for token in texts(name, value))


def tokens_or_any(name: str, value: object) -> tuple[str, ...] | None:
    """The same, or None for any."""
    return None if value is None else tokens(name, value)
