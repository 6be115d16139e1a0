"""The `orders` command: Faker orders as JSON lines, or signed and sent to a bridge."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import randbelow
from typing import Any

import click
import orjson
from requests import RequestException
from rich.console import Console
from rich.progress import Progress

from loadtests.asking import asking, wish_of
from loadtests.curl import curl_line
from loadtests.hook_client import HookClient, HookUnreachable, SecretUnusable
from loadtests.markets import MARKETS
from loadtests.orders import Order
from loadtests.site_secrets import site_secrets
from loadtests.tally import Tally
from loadtests.traffic import Call, Mix, traffic
from loadtests.wish import Wish
from mock_platform.client import MockPlatformError, MockWorkspace

_SITES = tuple(dict.fromkeys(market.site_id for market in MARKETS))
_MOST_IN_A_BATCH = 500
_SHARE = click.FloatRange(0, 1)
_HELP = """Make orders as a storefront's cartridge would send them, from Faker and a seed.

Without --to they are printed as JSON lines. With --to they are signed, sent to a bridge's hook one
by one (or in batches), and what the hook answered is counted.

The same --seed and --placed-before give the same orders, byte for byte. Without --seed every run
makes new ones; the number before the hyphen in an order number is its seed.

\b
Examples:
  mock-platform orders --count 3 --seed 7
  mock-platform orders --count 200 --to http://127.0.0.1:8080 --duplicates 0.1 --broken 0.05
  mock-platform orders --count 5000 --to http://127.0.0.1:8080 --batch 500 --json
  mock-platform orders --count 1 --to http://127.0.0.1:8080 --curl | sh
  mock-platform orders --count 1 --to http://127.0.0.1:8080 --order-no QA-7 --country DE \\
    --consent denied

Ask for orders of one kind with --country, --currency, --channel, --consent, --shopper, --basket,
--click and --order-no; what is not asked for is left to chance. With --mock a mock platform hears
of the orders first, so that it can say whose value was hashed wrongly.

The hook wants signed calls. Secrets come from --secret, BRIDGE_SITE_SECRET, --secret-file, or
var/site.secret, which a bridge without settings makes at its first start. A secret alone is for
all sites; write SITE=SECRET where they differ.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """The options of one run."""

    count: int
    seed: int
    placed_before: datetime
    mix: Mix
    wish: Wish
    mock: str | None
    site_id: str | None
    to: str | None
    secrets: tuple[str, ...]
    secret_file: Path | None
    batch: int | None
    as_json: bool
    as_curl: bool

    def calls(self) -> Iterator[Call]:
        return traffic(
            self.count,
            self.seed,
            self.placed_before,
            mix=self.mix,
            site_id=self.site_id,
            wish=self.wish,
        )

    def client(self, base_url: str) -> HookClient:
        sites = (self.site_id,) if self.site_id else _SITES
        return HookClient(base_url, site_secrets(self.secrets, self.secret_file, sites))


def _instant(_context: click.Context, _parameter: click.Parameter, text: str | None) -> datetime:
    """Midnight UTC by default, so that a seed gives the same orders all day."""
    if text is None:
        return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("write it like 2026-11-22T07:00:00Z") from None
    if moment.tzinfo is None:
        raise click.BadParameter("a UTC offset is missing: write it like 2026-11-22T07:00:00Z")
    return moment


@click.command("orders", help=_HELP)
@click.option(
    "--count", type=click.IntRange(min=0), default=20, show_default=True, help="How many orders."
)
@click.option("--seed", type=click.IntRange(min=0), help="Which orders. Default: new ones.")
@click.option("--placed-before", callback=_instant, help="Default: midnight UTC, today 00:00.")
@click.option(
    "--site", "site_id", help="All orders for this site. Default: RefArch, RefArchGlobal."
)
@click.option("--duplicates", type=_SHARE, default=0.0, help="Share of orders sent twice.")
@click.option("--broken", type=_SHARE, default=0.0, help="Share of orders against the contract.")
@click.option("--to", metavar="URL", help="Send to the bridge there.")
@click.option(
    "--secret",
    "secrets",
    multiple=True,
    envvar="BRIDGE_SITE_SECRET",
    metavar="[SITE=]SECRET",
    help="Sign with it; may be given several times.",
)
@click.option("--secret-file", type=click.Path(path_type=Path), help="One secret a line.")
@click.option("--batch", type=click.IntRange(1, _MOST_IN_A_BATCH), help="Orders in one call.")
@asking
@click.option("--mock", metavar="URL", help="Tell this mock, or its /ws/NAME, who will buy.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@click.option("--curl", "as_curl", is_flag=True, help="Print signed curl lines, send nothing.")
def orders(*, seed: int | None, duplicates: float, broken: float, **options: Any) -> None:
    """Run the command; exits with 1 when the hook cannot be reached, else with 0."""
    try:
        mix, wish = Mix(duplicates=duplicates, broken=broken), wish_of(options)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    seed = randbelow(10**6) if seed is None else seed
    run = _Run(seed=seed, mix=mix, wish=wish, **options)
    if run.mock is not None:
        _tell(run, run.mock)
    if run.to is None:
        _print(run)
        return
    try:
        with run.client(run.to) as client:
            _print_curl(run, client) if run.as_curl else _send(run, client)
    except (HookUnreachable, SecretUnusable) as error:
        raise click.ClickException(str(error)) from error


def _tell(run: _Run, url: str) -> None:
    whole = (call.order for call in run.calls() if call.broken_rule is None)
    try:
        MockWorkspace(url).know_orders(*whole)
    except (MockPlatformError, RequestException) as error:
        raise click.ClickException(f"no mock could be told at {url}: {error}") from error


def _print(run: _Run) -> None:
    if run.as_curl:
        raise click.UsageError("--curl needs --to: where should the call go?")
    for call in run.calls():
        click.echo(orjson.dumps(call.order))


def _print_curl(run: _Run, client: HookClient) -> None:
    for call in run.calls():
        click.echo(curl_line(client.signed(call.order)))


def _send(run: _Run, client: HookClient) -> None:
    tally, started = Tally(), time.monotonic()
    errors = Console(stderr=True)
    try:
        with Progress(console=errors, disable=run.as_json or not errors.is_terminal) as progress:
            task = progress.add_task("orders", total=run.mix.calls(run.count))
            for done in _sent(run, client, tally):
                progress.advance(task, done)
    except HookUnreachable as error:
        raise HookUnreachable(f"{error} (orders answered before: {tally.answered})") from error
    report = {"seed": run.seed, **tally.report(), "seconds": round(time.monotonic() - started, 3)}
    if run.as_json:
        click.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2))
        return
    Console().print(tally.table())
    click.echo(f"{tally.answered} orders in {report['seconds']} s, seed {run.seed}")


def _sent(run: _Run, client: HookClient, tally: Tally) -> Iterator[int]:
    """Send everything; gives the number of orders after each answer."""
    if run.batch is None:
        for call in run.calls():
            tally.add(client.send(call.order))
            yield 1
        return
    for batch in _batches(run.calls(), run.batch):
        tally.add_batch(client.send_batch(batch), len(batch))
        yield len(batch)


def _batches(calls: Iterator[Call], size: int) -> Iterator[list[Order]]:
    """The orders in batches of one site each, as the hook wants them."""
    waiting: dict[str, list[Order]] = {}
    for call in calls:
        batch = waiting.setdefault(call.order["site_id"], [])
        batch.append(call.order)
        if len(batch) == size:
            yield waiting.pop(call.order["site_id"])
    yield from waiting.values()
