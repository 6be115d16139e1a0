"""The list of events and the page of one; what every page has; who may press a button."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from mock_platform import current
from mock_platform.entries import Verdict
from mock_platform.journal import Query, QueryError, parse_query
from mock_platform.page import books, controls, demo_shop, order_sender, pairing, reports
from mock_platform.page.chart import HEIGHT, WIDTH, Chart, chart, step_for
from mock_platform.page.checklist import checklist
from mock_platform.page.document import lines
from mock_platform.page.timeline import timeline
from mock_platform.rules.currencies import exponent
from mock_platform.rules.model import sentence
from mock_platform.search import NAMES

_ON_A_PAGE = 50
_NOTHING_NEW = 204
# Scripts, styles and images are the mock's own files; nothing else runs, loads or frames.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

blueprint = Blueprint("page", __name__, template_folder="templates", static_folder="static")
for _part in (reports, controls, order_sender, demo_shop):
    blueprint.register_blueprint(_part.blueprint)


@blueprint.before_request
def refuse_other_sites() -> None:
    """A page of somebody else's in the same browser must not press our buttons."""
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin and urlsplit(origin).netloc != request.host:
        abort(403, "This form was sent from another site's page.")


@blueprint.after_request
def protect(response: Response) -> Response:
    """Let a page load nothing but the mock's own files, and nobody keep it."""
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if not (request.endpoint or "").endswith(".static"):
        response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.app_context_processor
def on_every_page() -> dict[str, Any]:
    """What the frame around every page shows."""
    return {"workspace": current.workspace(), "verdicts": list(Verdict)}


blueprint.add_app_template_filter(sentence)


@blueprint.app_template_filter()
def in_currency(value: float, currency: str | None) -> str:
    """The amount with as many decimals as its currency has; as it came where it has more."""
    decimals = exponent(currency or "")
    if value != round(value, decimals):
        return f"{Decimal(str(value)):f}"
    return f"{value:.{decimals}f}"


@blueprint.get("/")
def index() -> Response:
    """The latest events, kept up to date; `q` searches, `before` goes back."""
    shown = _listing()
    status = 400 if shown.get("problem") else 200
    return Response(render_template("page/events.html", **shown), status)


@blueprint.get("/live")
def live() -> AnyResponse:
    """The list alone; 204 while nothing is new since the revision `seen`."""
    workspace = current.workspace()
    workspace.settle()
    revision = workspace.ledger.revision
    if request.args.get("seen") == revision:
        return Response(status=_NOTHING_NEW)
    answer = Response(render_template("page/_live.html", **_listing()))
    answer.set_etag(f"{revision}-{crc32(request.full_path.encode()):x}")
    return answer.make_conditional(request)


def _listing() -> dict[str, Any]:
    workspace = current.workspace()
    workspace.settle()
    search, before = request.args.get("q", "").strip(), request.args.get("before", "")
    shown: dict[str, Any] = {
        "q": search,
        "before": before,
        "search_names": NAMES,
        "paused": request.args.get("live") == "off",
        "revision": workspace.ledger.revision,
        "tally": books.tally(workspace),
        "events": [],
    }
    try:
        query = parse_query({"q": search, "limit": str(_ON_A_PAGE), **_if_given(before)})
        everything = parse_query({"q": search})
    except QueryError as error:
        return {**shown, "problem": str(error)}
    events = books.newest(workspace, query)
    older = events[-1]["id"] if len(events) == _ON_A_PAGE else None
    return {**shown, "events": events, "older": older, "chart": _chart(everything), **_SIZES}


_SIZES = {"chart_width": WIDTH, "chart_height": HEIGHT}


def _if_given(before: str) -> dict[str, str]:
    return {"before": before} if before else {}


def _chart(query: Query) -> Chart | None:
    workspace = current.workspace()
    between = books.span(workspace, query)
    if between is None:
        return None
    step = step_for(*between)
    return chart(books.over_time(workspace, query, step), step)


@blueprint.get("/events/<int:number>")
def event(number: int) -> str:
    """One event: what is right and wrong with it, what it met, and how it came."""
    workspace = current.workspace()
    shown = books.event(workspace, number)
    if shown is None:
        abort(404, f"The books hold no event {number}: it was never there, reset, or is too old.")
    alike = books.alike(workspace, shown)
    return render_template(
        "page/event.html",
        event=shown,
        checklist=checklist(shown),
        lines=lines(shown["payload"], shown["findings"]),
        pair=pairing.pair(shown, pairing.partner(shown, alike)),
        timeline=timeline(alike, shown),
        carried=books.request(workspace, shown["request_id"]),
    )


@blueprint.errorhandler(400)
@blueprint.errorhandler(403)
@blueprint.errorhandler(404)
def problem(error: Any) -> tuple[str, int]:
    """Say in the page's own frame what is wrong."""
    return render_template("page/problem.html", error=error), error.code
