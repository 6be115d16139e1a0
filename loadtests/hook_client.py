"""A signed client of the hook: what a cartridge does, from Python.

The signature is made by the `standardwebhooks` library, so that the bridge is never checked against
its own idea of one.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Self
from urllib.parse import quote

import orjson
import requests
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from loadtests.orders import Order

ONE_PATH = "/v1/orders"
BATCH_PATH = "/v1/orders/batch"
# With letters, digits and -_. what a cartridge's encodeURIComponent leaves alone.
_UNRESERVED = "!~*'()"


class HookUnreachable(Exception):
    """Nothing answered at the hook's address; the message says what to try."""


class SecretUnusable(Exception):
    """A site has no secret, or one that is not base64; the message names the site only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the hook said: the HTTP status, and the parsed JSON body (None when it is not JSON)."""

    status: int
    body: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCall:
    """A call as it goes out: where to, with which headers, with exactly these bytes."""

    url: str
    headers: dict[str, str]
    body: bytes


def _now() -> datetime:
    return datetime.now(UTC)


class HookClient:
    """Sends orders to one bridge over kept-alive connections; close it, or use it with `with`.

    `base_url` is the bridge's address, with or without the hook's path; `site_secrets` maps site
    ids to secrets as Standard Webhooks writes them (base64, `whsec_` in front or not). Not for
    sharing between threads.
    """

    def __init__(
        self,
        base_url: str,
        site_secrets: Mapping[str, str],
        *,
        timeout: float = 10.0,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.base_url = base_url.rstrip("/").removesuffix(BATCH_PATH).removesuffix(ONE_PATH)
        self._webhooks = {site: _webhook(site, secret) for site, secret in site_secrets.items()}
        self._timeout = timeout
        self._clock = clock
        self._session = requests.Session()

    def send(self, order: Order) -> Answer:
        """Post one order to `/v1/orders`.

        Raises:
            HookUnreachable: no answer came.
            SecretUnusable: the order's site has no secret.
        """
        return self._post(self.signed(order))

    def send_batch(self, orders: Sequence[Order]) -> Answer:
        """Post orders of one site to `/v1/orders/batch`; the bridge takes at most 500 at once.

        Raises:
            HookUnreachable: no answer came.
            SecretUnusable: the site has no secret.
            ValueError: there are no orders, or they belong to several sites.
        """
        sites = {order.get("site_id") for order in orders}
        if len(sites) != 1:
            raise ValueError("a batch needs at least one order, and all of the same site")
        body = orjson.dumps(orders)
        name = f"batch.{sha256(body).hexdigest()[:32]}"
        return self._post(self.signed_bytes(BATCH_PATH, str(sites.pop()), name, body))

    def signed(self, order: Order) -> SignedCall:
        """The call `send` would make now."""
        members = ("kind", "order_no", "reference")
        name = ".".join(str(order[member]) for member in members if order.get(member))
        return self.signed_bytes(ONE_PATH, str(order.get("site_id")), name, orjson.dumps(order))

    def signed_bytes(self, path: str, site_id: str, name: str, body: bytes) -> SignedCall:
        """The call that takes `body`, JSON already, to `path`; `name` makes its id.

        Raises:
            SecretUnusable: the site has no secret.
        """
        if site_id not in self._webhooks:
            known = ", ".join(sorted(self._webhooks)) or "none"
            raise SecretUnusable(f"no secret for site {site_id} (secrets given for: {known})")
        message_id = quote(f"{site_id}.{name}", safe=_UNRESERVED)
        at = self._clock().astimezone(UTC)
        return SignedCall(
            url=f"{self.base_url}{path}",
            headers={
                "content-type": "application/json",
                "bridge-site": site_id,
                "webhook-id": message_id,
                "webhook-timestamp": str(int(at.timestamp())),
                "webhook-signature": self._webhooks[site_id].sign(message_id, at, body.decode()),
            },
            body=body,
        )

    def close(self) -> None:
        """Close the kept-alive connections."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _post(self, call: SignedCall) -> Answer:
        try:
            response = self._session.post(
                call.url,
                data=call.body,
                headers=call.headers,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise HookUnreachable(self._why(error)) from error
        return Answer(status=response.status_code, body=_parsed(response.content))

    def _why(self, error: requests.RequestException) -> str:
        """A line for people; the library's own text is a nest of object names."""
        advice = "is a bridge running there? `bridge up` starts one"
        if isinstance(error, requests.Timeout):
            return f"{self.base_url} did not answer within {self._timeout:g} s: {advice}"
        if isinstance(error, requests.ConnectionError):
            return f"cannot connect to {self.base_url}: {advice}"
        return f"cannot call {self.base_url}: write it as http://host:port"


def _webhook(site_id: str, secret: str) -> Webhook:
    text = secret.strip().removeprefix("whsec_").rstrip("=")
    try:
        # The library itself would skip over a mistyped character and sign with another key.
        return Webhook(base64.b64decode(text + "=" * (-len(text) % 4), validate=True))
    except (binascii.Error, ValueError, EmptyWebhookSecretError) as error:
        message = f"the secret of site {site_id} is not base64 (with or without whsec_ in front)"
        raise SecretUnusable(message) from error


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
