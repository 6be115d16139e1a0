"""How any of Google's interfaces is opened."""

from typing import ClassVar

from pydantic import Field

from bridge.operate.destinations import Destination
from bridge.operate.secret import SecretReference


class GoogleAccess(Destination):
    """A destination of Google's. `scope` is what its access tokens must be good for.

    `credentials` point to a service account's or an authorised user's JSON, or, for the mock
    platform only, to any text, which then is the access token.
    """

    credential: ClassVar[str] = "credentials"
    restates: ClassVar[bool] = True
    anonymous: ClassVar[frozenset[str]] = frozenset({"click_id", "session_attributes"})
    scope: ClassVar[str]

    credentials: SecretReference
    token_url: str | None = None
    adjustment_days: int = Field(default=30, ge=1)
    adjustable_days: int

    @property
    def window_days(self) -> int:
        """An order may be corrected for some time, and the correction wait for some more."""
        return max(super().window_days, self.adjustable_days + self.adjustment_days)
