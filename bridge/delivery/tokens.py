"""Access tokens, read anew for every request, so that a rotated one is used without a restart."""

import re
from hashlib import sha256

from bridge.errors import SettingsInvalid, TokenUnavailable
from bridge.operate.destinations import Destination
from bridge.operate.secret import read_secret

_USABLE = re.compile(r"[\x21-\x7e]+")


class Tokens:
    """Reads each destination's token, and knows which ones the platform has refused.

    Of a refused token only a digest is kept.
    """

    def __init__(self) -> None:
        self._refused: dict[str, bytes] = {}

    def current(self, destination: Destination) -> str:
        """Answer the token as it stands now.

        Raises:
            TokenUnavailable: it is missing, empty, or cannot stand in a header.
        """
        try:
            token = read_secret(destination.secret)
        except (SettingsInvalid, UnicodeDecodeError):
            token = ""
        if not _USABLE.fullmatch(token):
            where = destination.credential
            raise TokenUnavailable(f"{destination.id}: put the access token where `{where}` points")
        return token

    def refuse(self, destination: Destination) -> None:
        """Remember that the platform does not take the token as it stands now."""
        self._refused[destination.id] = self._digest(destination)

    def rotated(self, destination: Destination) -> bool:
        """Answer once whether there is another token than the refused one."""
        refused = self._refused.get(destination.id)
        if refused is None:
            return False
        now = self._digest(destination)
        if now in {refused, b""}:
            return False
        del self._refused[destination.id]
        return True

    def _digest(self, destination: Destination) -> bytes:
        try:
            return sha256(self.current(destination).encode()).digest()
        except TokenUnavailable:
            return b""
