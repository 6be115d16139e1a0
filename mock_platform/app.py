"""The application: every workspace's URLs, with and without `/ws/{workspace}` in front."""

import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from mock_platform.admin import admin
from mock_platform.admin_request import problem
from mock_platform.fault import FaultError
from mock_platform.fault_taking import read_header
from mock_platform.google.ads import blueprint as google_ads
from mock_platform.google.answer import not_found
from mock_platform.google.data_manager import blueprint as data_manager
from mock_platform.google.token import blueprint as token
from mock_platform.meta.answer import failed
from mock_platform.meta.errors import ERRORS
from mock_platform.meta.nodes import OLDEST_VERSION
from mock_platform.meta.routes import meta
from mock_platform.page.routes import blueprint as page
from mock_platform.violations import report
from mock_platform.workspace import DEFAULT, WorkspaceError, Workspaces

_SERVER_ERROR = 500
BODY_MAX = 64 * 1024 * 1024
# Google's versions have no second number, Meta's have.
_GOOGLE_PATH = re.compile(r"/v\d+/|/token$")
_ENVIRON_KEY = "mock_platform.workspace"
Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class GraphVersion(BaseConverter):
    """A version in a path, such as v26.0."""

    regex = r"v\d{1,3}\.\d{1,2}"


class AdsVersion(BaseConverter):
    """A version of the Google Ads API in a path, such as v26."""

    regex = r"v\d{1,3}"


class Digits(BaseConverter):
    """A numeric id."""

    regex = r"\d{1,32}"


class WorkspacePrefix:
    """Takes `/ws/{workspace}` off the path, so that no route needs to know of it."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request."""
        path = environ.get("PATH_INFO", "")
        if path.startswith("/ws/"):
            name, slash, rest = path.removeprefix("/ws/").partition("/")
            environ[_ENVIRON_KEY] = name
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/ws/{name}"
            environ["PATH_INFO"] = slash + rest or "/"
        return self._application(environ, start_response)


def create_app(workspaces: Workspaces) -> Flask:
    """The Flask application on `workspaces`, which stay the caller's to close."""
    app = Flask("mock_platform", static_folder=None)
    # A thousand events urlencoded exceed Flask's own limit for form fields.
    app.config.update(MAX_CONTENT_LENGTH=BODY_MAX, MAX_FORM_MEMORY_SIZE=BODY_MAX)
    app.url_map.converters.update(graph_version=GraphVersion, ads_version=AdsVersion, digits=Digits)
    app.url_map.strict_slashes = False

    @app.before_request
    def enter_workspace() -> Response | None:
        g.began = time.perf_counter()
        g.workspaces = workspaces
        try:
            g.workspace = workspaces.get(request.environ.get(_ENVIRON_KEY, DEFAULT))
        except WorkspaceError as error:
            return problem(400, str(error))
        try:
            read_header()
        except FaultError as error:
            return problem(400, str(error))
        return None

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    app.after_request(report)
    app.register_blueprint(page)
    app.register_blueprint(admin)
    app.register_blueprint(meta)
    app.register_blueprint(data_manager)
    app.register_blueprint(google_ads)
    app.register_blueprint(token)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.register_error_handler(HTTPException, http_problem)
    app.wsgi_app = WorkspacePrefix(app.wsgi_app)  # type: ignore[method-assign]  # Flask's own idiom
    return app


def http_problem(error: HTTPException) -> Response:
    """Unknown paths and methods: as each platform answers them, in our words under /_mock."""
    status = error.code or _SERVER_ERROR
    if request.path.startswith("/_mock"):
        return problem(status, error.description or error.name)
    if status in (404, 405) and _GOOGLE_PATH.match(request.path):
        return not_found().response()
    if status in (404, 405):
        return failed(ERRORS["unknown_path"]).response(OLDEST_VERSION)
    known = ERRORS["parameter"].saying(error.name) if status < _SERVER_ERROR else ERRORS["unknown"]
    return failed(known).response(OLDEST_VERSION)
