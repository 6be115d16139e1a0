"""The WSGI application, neutral to the server that runs it."""

from flask import Flask

from bridge.intake.hook import hook
from bridge.intake.taking import Taking
from bridge.operate.health import Health
from bridge.operate.logs import configure_logs
from bridge.operate.settings import load_settings
from bridge.operate.supervise import stop_with_parent
from bridge.wiring import Installation, open_installation, open_outbox, open_reception


def create_app() -> Flask:
    """Make the application from the settings in the environment."""
    configure_logs()
    stop_with_parent()
    settings = load_settings()
    return make_app(open_installation(settings, lock_timeout=settings.hook.lock_timeout))


def make_app(installation: Installation) -> Flask:
    """Make the application of one installation."""
    app = Flask("bridge", static_folder=None)
    app.register_blueprint(hook)
    outbox = open_outbox(installation)
    app.extensions["reception"] = reception = open_reception(installation, outbox)
    app.extensions["health"] = Health(queries=installation.queries, outbox=outbox)
    app.wsgi_app = Taking(app.wsgi_app, reception)  # type: ignore[method-assign]  # as Flask says
    return app
