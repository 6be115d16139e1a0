"""What is posted, whatever the platform."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. Neither token nor events show in its repr."""

    url: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
