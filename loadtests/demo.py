"""`make demo`: mock platform and bridge on this machine, 200 orders, and what became of each."""

import csv
import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from loadtests.adjustments import with_adjustments
from loadtests.curl import curl_line
from loadtests.hook_client import HookClient
from loadtests.orders import Order, orders
from loadtests.pixel import fire_pixel
from loadtests.stage import Stage, StageFailed, open_stage
from loadtests.story import Story
from loadtests.traffic import Mix, traffic

ORDERS = 200
SEED = 2026
MIX = Mix(duplicates=0.1, broken=0.05)
EVERY_NTH_HAS_A_PIXEL = 4
DELIVERED_WITHIN = 60.0
SHOPS_LIST = "orders.csv"

console = Console()


def main() -> int:
    """Run the demo; answer the exit code: 0 only when the audit and the books agree."""
    console.rule("One order's way: hook, bridge, Meta and Google")
    with open_stage(Path("var/demo")) as stage:
        console.print(f"mock platform at {stage.mock.url}, bridge at {stage.bridge_url}")
        stage.mock.settings(processing_delay_seconds=0)
        story = _send(stage)
        _wait_until_delivered(stage, story)
        story.add_platform(stage.mock.events())
        story.add_endings(stage.orders(story.uncounted))
        console.print(story.table())
        sound = _audit(stage) and _books_agree(story) and _reconciled(stage)
        _invite(stage)
        if sys.stdin.isatty() and sys.stdout.isatty():
            stage.stay(console)
    return 0 if sound else 1


def _send(stage: Stage) -> Story:
    now = datetime.now(UTC)
    calls = list(with_adjustments(traffic(ORDERS, SEED, now, mix=MIX), now))
    story, listed = Story(), list[Order]()
    # So that the mock's lint knows whose digests it sees.
    stage.mock.know_orders(*(call.order for call in calls if call.broken_rule is None))
    with (
        HookClient(stage.bridge_url, stage.secrets) as client,
        Progress(console=console, disable=not console.is_terminal) as progress,
    ):
        for number, call in enumerate(progress.track(calls, description="sending orders")):
            if number % EVERY_NTH_HAS_A_PIXEL == 0:
                fire_pixel(stage.mock.url, stage.dataset, call)
            answer = client.send(call.order)
            story.add_answer(answer, call.order)
            if call.order["kind"] == "order" and answer.status == HTTPStatus.ACCEPTED:
                listed.append(call.order)
    _write_list(listed, stage.directory / SHOPS_LIST)
    return story


def _write_list(listed: Iterable[Order], path: Path) -> None:
    """Keep the orders as a shop would list them for its books."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("order_no", "site_id", "placed_at", "currency", "gross"))
        for order in listed:
            gross = order["totals"]["gross"]
            rows.writerow(
                [*map(order.get, ("order_no", "site_id", "placed_at", "currency")), gross]
            )


def _wait_until_delivered(stage: Stage, story: Story) -> None:
    with Progress(console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("delivering", total=story.deliveries)
        for done in stage.delivered(story.deliveries, within=DELIVERED_WITHIN):
            progress.update(task, completed=done)


def _audit(stage: Stage) -> bool:
    console.rule("bridge audit")
    audit = stage.bridge("audit")
    console.print(audit.stdout.strip() or audit.stderr.strip(), highlight=False)
    return audit.returncode == 0


def _books_agree(story: Story) -> bool:
    """Hold what the hook acknowledged against what the platform counted."""
    differences = story.differences()
    for line in differences:
        console.print(f"[red]{line}")
    if not differences:
        console.print("Every acknowledged order is at its platforms once, and no other is.")
        console.print("What refunds and cancellations left of an order is its value at Google.")
    return not differences


def _reconciled(stage: Stage) -> bool:
    """Hold the shop's own list against what was delivered."""
    path = stage.directory / SHOPS_LIST
    console.rule(f"bridge reconcile {path}")
    told = stage.bridge("reconcile", str(path), "--json")
    if told.returncode > 1:
        console.print(told.stderr.strip())
        return False
    answer = json.loads(told.stdout)
    totals = ", ".join(f"{count} {name}" for name, count in answer["totals"].items() if count)
    console.print(f"{answer['listed']} orders in the shop's list, at both platforms: {totals}.")
    return bool(answer["ok"])


def _invite(stage: Stage) -> None:
    console.rule("Try it")
    order = _one_that_is_sent()
    with HookClient(stage.bridge_url, stage.secrets) as client:
        line = curl_line(client.signed(order), body_file=stage.directory / "order.json")
    console.print("A signed order, good for five minutes:")
    print(line)  # noqa: T201  # rich would wrap it, and nobody could paste it
    console.print(f"What the mock saw:     {stage.mock.url}/")
    console.print(f"The same as JSON:      {stage.mock.url}/_mock/events?limit=5")
    console.print(f"The bridge's metrics:  {stage.bridge_url}/metrics")


def _one_that_is_sent() -> Order:
    """Find an order whose shopper agreed, so that trying it shows it at the platform."""
    made = orders(100, SEED + 1, datetime.now(UTC))
    return next(o for o in made if (o.get("consent") or {}).get("ad_user_data") == "granted")


if __name__ == "__main__":
    try:
        code = main()
    except StageFailed as failure:
        console.print(f"[red]{failure}")
        code = 1
    sys.exit(code)
