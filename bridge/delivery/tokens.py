"""Access tokens, from credentials that are read anew for every request.

So new ones are used without a restart. Where they are no tokens themselves, they are exchanged for
one.
"""

import re
from hashlib import sha256

from bridge.delivery.google_tokens import GoogleTokens
from bridge.errors import SettingsInvalid, TokenUnavailable
from bridge.operate.destinations import Destination
from bridge.operate.google_access import GoogleAccess
from bridge.operate.secret import read_secret

_USABLE = re.compile(r"[\x21-\x7e]+")


class Tokens:
    """Answers each destination's token, and knows which credentials the platform has refused.

    Of refused credentials only a digest is kept.
    """

    def __init__(self, google: GoogleTokens) -> None:
        self._google = google
        self._refused: dict[str, bytes] = {}

    def current(self, destination: Destination) -> str:
        """Answer the token as it stands now.

        Raises:
            TokenUnavailable: there is none, or it cannot stand in a header.
            TokenDelayed: there is none now, because the endpoint that gives it cannot answer.
        """
        token = _credentials(destination)
        if isinstance(destination, GoogleAccess) and token:
            token = self._google.current(destination, token)
        if not _USABLE.fullmatch(token):
            where = destination.credential
            raise TokenUnavailable(f"{destination.id}: put the access token where `{where}` points")
        return token

    def renewable(self, destination: Destination, refused: str) -> bool:
        """Answer whether `current` may now answer another token than the refused one."""
        if not isinstance(destination, GoogleAccess):
            return False
        return self._google.renewable(destination, _credentials(destination), refused)

    def refuse(self, destination: Destination) -> None:
        """Remember that the platform does not take the credentials as they stand now."""
        self._refused[destination.id] = _digest(destination)

    def rotated(self, destination: Destination) -> bool:
        """Answer once whether there are other credentials than the refused ones."""
        refused = self._refused.get(destination.id)
        if refused is None:
            return False
        now = _digest(destination)
        if now in {refused, b""}:
            return False
        del self._refused[destination.id]
        return True


def _credentials(destination: Destination) -> str:
    try:
        return read_secret(destination.secret)
    except (SettingsInvalid, UnicodeDecodeError):
        return ""


def _digest(destination: Destination) -> bytes:
    """Answer the digest of the credentials; empty when there are none."""
    text = _credentials(destination)
    return sha256(text.encode()).digest() if text else b""
