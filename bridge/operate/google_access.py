"""How any of Google's interfaces is opened."""

from typing import ClassVar

from bridge.operate.destinations import Destination
from bridge.operate.secret import SecretReference


class GoogleAccess(Destination):
    """A destination of Google's. `scope` is what its access tokens must be good for.

    `credentials` point to a service account's or an authorised user's JSON, or, for the mock
    platform only, to any text, which then is the access token.
    """

    credential: ClassVar[str] = "credentials"
    scope: ClassVar[str]

    credentials: SecretReference
    token_url: str | None = None
