"""SHA-256 as the platforms want it: lower-case hex of UTF-8 text, and never of nothing.

`Hashed` is a type of its own, so that mypy refuses plain text where a digest belongs.
"""

import re
from hashlib import sha256
from typing import Final, NewType

from bridge.identity.normalise.outcome import OmitReason
from bridge.identity.normalise.text import PLACEHOLDERS

Hashed = NewType("Hashed", str)

# Meta's Parameter Builder libraries append what they are to a digest: eight base64url characters,
# two in their first releases. Meta ignores it, we drop it.
_DIGEST: Final = re.compile(
    r"([0-9a-fA-F]{64})(?:\.(?:[A-Za-z0-9_-]{8}|A[Qgw]|B[Qg]))?",
    re.ASCII,
)
SHORTEST_DIGEST: Final = 64

_OF_NOTHING: Final = frozenset(
    sha256(text.encode()).hexdigest() for text in ("", " ", *PLACEHOLDERS)
)


def sha256_hex(text: str) -> Hashed:
    """Answer the lower-case hex SHA-256 of `text` in UTF-8; ValueError when it is empty."""
    if not text:
        raise ValueError("An empty text has no digest: leave the field out instead.")
    return sha256(text.encode()).hexdigest()  # type: ignore[return-value]  # Hashed() is a call, made for every field


def is_digest(text: str) -> bool:
    """Whether `text` is 64 hex digits in any case, with or without Parameter Builder's suffix."""
    return len(text) >= SHORTEST_DIGEST and _DIGEST.fullmatch(text.strip()) is not None


def accept_digest(text: str) -> Hashed | OmitReason:
    """Answer a digest that came ready-made in lower case without suffix, or why it is unusable."""
    match = _DIGEST.fullmatch(text.strip())
    if match is None:
        return OmitReason.NOT_A_DIGEST
    digest = match[1].lower()
    return OmitReason.DIGEST_OF_NOTHING if digest in _OF_NOTHING else Hashed(digest)
