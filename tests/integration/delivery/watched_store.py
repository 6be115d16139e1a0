"""A store that tells what its senders do."""

import threading
from typing import Any

from bridge.errors import StoreUnavailable
from bridge.outbox.records import Claim, Settlement
from bridge.outbox.store import Store


class Watched(Store):
    """The store, which tells what was claimed, by whom and how, and can fail once at a moment."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.steps: list[str] = []
        self.claims: list[tuple[bool, int]] = []
        self.claimants: list[str] = []
        self.renewed: list[set[int]] = []
        self.fails_to_settle: int | None = None

    def mark_sending(self, *args: Any, **more: Any) -> set[int]:
        self.steps.append("mark")
        return super().mark_sending(*args, **more)

    def claim(self, *args: Any, whole: bool = False, **more: Any) -> list[Claim]:
        self.steps.append("claim ahead" if whole else "claim")
        claimed = super().claim(*args, whole=whole, **more)
        self.claims.append((whole, len(claimed)))
        self.claimants.append(threading.current_thread().name)
        return claimed

    def renew(self, claims: Any, **more: Any) -> set[int]:
        ours = super().renew(claims, **more)
        self.renewed.append(ours)
        return ours

    def settle(self, settlements: Any, **more: Any) -> set[int]:
        ended: list[Settlement] = list(settlements)
        if self.fails_to_settle in {one.delivery_id for one in ended}:
            self.fails_to_settle = None
            raise StoreUnavailable("for this once")
        return super().settle(ended, **more)
