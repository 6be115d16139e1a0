"""A hook of nothing but a signature check by the Standard Webhooks library, on a real socket."""

import base64
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, Response, jsonify, redirect, request
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from werkzeug.serving import make_server
from werkzeug.wrappers import Response as BaseResponse

SECRETS = {
    "RefArch": "whsec_" + base64.b64encode(b"north american secret 01").decode(),
    "RefArchGlobal": base64.b64encode(b"the rest of the world's!").decode(),
}


@dataclass
class Hook:
    """What arrived, verified, and where to send more; `answer` may be replaced by a test."""

    url: str = ""
    orders: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answer: Callable[[dict[str, Any], bool], tuple[int, dict[str, Any]]] = lambda order, known: (
        200 if known else 202,
        {
            "status": "duplicate" if known else "accepted",
            "order_no": order["order_no"],
            "deliveries": [{"destination": "meta", "state": "pending", "reason": None}],
        },
    )

    def take(self, order: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        known = any(order.get("order_no") == one.get("order_no") for one in self.orders)
        self.orders.append(order)
        return self.answer(order, known)


def app_of(hook: Hook) -> Flask:
    app = Flask("hook")

    def verified() -> Any:
        hook.headers.append({name.lower(): value for name, value in request.headers.items()})
        secret = SECRETS[request.headers["bridge-site"]]
        return Webhook(secret).verify(request.get_data(), dict(request.headers))

    @app.post("/v1/orders")
    def one() -> tuple[Response, int]:
        status, answer = hook.take(verified())
        return jsonify(answer), status

    @app.post("/v1/orders/batch")
    def batch() -> tuple[Response, int]:
        taken = map(hook.take, verified())
        return jsonify([{"code": status} | answer for status, answer in taken]), 200

    @app.post("/moved/v1/orders")
    def moved() -> BaseResponse:
        return redirect("/v1/orders", 307)

    @app.errorhandler(WebhookVerificationError)
    def refused(error: WebhookVerificationError) -> tuple[Response, int]:
        return jsonify({"code": "signature_invalid", "detail": str(error)}), 401

    return app


@pytest.fixture
def hook() -> Iterator[Hook]:
    state = Hook()
    server = make_server("127.0.0.1", 0, app_of(state), threaded=True)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()
