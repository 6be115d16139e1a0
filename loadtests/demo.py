"""`make demo`: mock platform and bridge on this machine, 200 orders, and what became of each."""

import sys
from datetime import UTC, datetime
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
        sound = _audit(stage) and _books_agree(story)
        _invite(stage)
        if sys.stdin.isatty() and sys.stdout.isatty():
            stage.stay(console)
    return 0 if sound else 1


def _send(stage: Stage) -> Story:
    now = datetime.now(UTC)
    calls = list(with_adjustments(traffic(ORDERS, SEED, now, mix=MIX), now))
    story = Story()
    with (
        HookClient(stage.bridge_url, stage.secrets) as client,
        Progress(console=console, disable=not console.is_terminal) as progress,
    ):
        for number, call in enumerate(progress.track(calls, description="sending orders")):
            if number % EVERY_NTH_HAS_A_PIXEL == 0:
                fire_pixel(stage.mock.url, stage.dataset, call)
            story.add_answer(client.send(call.order), call.order)
    return story


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
