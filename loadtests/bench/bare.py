"""The yardstick for the hook: a Flask route that parses the same body and does nothing with it."""

import sys

import orjson
from flask import Flask, Response, request
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

THREADS = 16
"""As many as the hook has by default."""


def create_app() -> Flask:
    """Make the application."""
    app = Flask("bare", static_folder=None)

    @app.post("/v1/orders")
    def take() -> Response:
        order = orjson.loads(request.get_data())
        answer = orjson.dumps({"status": "accepted", "order_no": order["order_no"]})
        return Response(answer, status=202, mimetype="application/json")

    @app.get("/health/ready")
    def ready() -> Response:
        return Response(b"{}", mimetype="application/json")

    return app


def main(port: int) -> None:
    """Serve it exactly as the hook is served."""
    Server(
        "loadtests.bench.bare:create_app",
        factory=True,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
