"""A storefront whose server side is the cartridges' real files, on a stand-in for SFRA's base."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from cartridge_spec.rig.instance import switched_on
from cartridge_spec.rig.order_records import record_of
from cartridge_spec.rig.rhino import CARTRIDGES, Rhino

BASE = Path(__file__).parent / "app_storefront_base"
SFRA = CARTRIDGES / "int_conversion_bridge_sfra"
TEMPLATES = str(SFRA / "cartridge/templates/default")
GRANTED = {"ad_storage": "granted", "ad_user_data": "granted", "ad_personalization": "granted"}

Json = dict[str, Any]

_INSTANCE: Json = {
    "sessions": {},
    "profiles": {},
    "basket": {},
    "checkout": {"behaviour": "places", "carriesOver": True},
    "templates": [TEMPLATES],
    "consentRoutes": ["SetSession", "SetConsent"],
    "sessionNames": ["cbTouches", "cbPixelOrder", "consent"],
    "hooks": {
        "app.template.afterFooter": [
            "int_conversion_bridge_sfra/cartridge/scripts/hooks/afterFooter"
        ]
    },
}


@dataclass
class Shopper:
    """A browser without JavaScript: keeps cookies, asks for routes."""

    rhino: Rhino
    session: str = "session-1"
    cookies: dict[str, str] = field(default_factory=dict)
    host: str = "www.shop.example.com"

    def ask(
        self, route: str, method: str = "GET", query: str = "", form: str = "", **more: Any
    ) -> Json:
        controller, _, name = route.partition("-")
        asked = {
            "controller": controller,
            "route": name,
            "method": method,
            "path": f"/s/RefArch/{route}",
            "query": query,
            "form": form,
            "headers": {"user-agent": "Mozilla/5.0 (test)"} | more.pop("headers", {}),
            "cookies": self.cookies,
            "sessionId": self.session,
            "host": self.host,
            "address": "203.0.113.7",
        } | more
        answer: Json = self.rhino.call("rig/storefront", "handle", asked)
        self._keep(answer["cookies"])
        return answer

    def land(self, query: str, page: str = "https://www.shop.example.com/sale") -> Json:
        """What the client script posts on a landing page."""
        form = urlencode({"query": query, "page": page, "referrer": "https://ads.example.com/"})
        return self.ask(
            "ConversionBridge-Capture",
            "POST",
            form=form,
            headers={"x-conversion-bridge": "capture"},
        )

    def answer_banner(self, *, consent: bool, route: str = "SetSession") -> Json:
        """SetConsent takes a POST with a token, the older SetSession a GET."""
        method = "POST" if route == "SetConsent" else "GET"
        query = f"consent={str(consent).lower()}"
        return self.ask(f"ConsentTracking-{route}", method, query=query, form="csrf_token=valid")

    def log_in(self, customer_no: str, route: str = "Account-Login") -> Json:
        return self.ask(route, "POST", form=urlencode({"customerNo": customer_no}))

    def remembered(self) -> str | None:
        """The session's touches, as JSON."""
        kept: str | None = self.rhino.call(
            "rig/storefront", "sessionValue", self.session, "cbTouches"
        )
        return kept

    def _keep(self, cookies: list[Json]) -> None:
        for cookie in cookies:
            if cookie["maxAge"] == 0:
                self.cookies.pop(cookie["name"], None)
            else:
                self.cookies[cookie["name"]] = cookie["value"]


@pytest.fixture(scope="session")
def storefront_process() -> Iterator[Rhino]:
    with Rhino(["int_conversion_bridge_sfra", "int_conversion_bridge", BASE]) as rhino:
        yield rhino


@pytest.fixture
def storefront(storefront_process: Rhino, hook: tuple[str, Any], secret: str) -> Rhino:
    """The cartridges switched on, calling a real hook; nobody has come yet."""
    storefront_process.call("rig/world", "reset", _INSTANCE | switched_on(hook[0], secret))
    return storefront_process


@pytest.fixture
def shopper(storefront: Rhino) -> Shopper:
    return Shopper(storefront)


@pytest.fixture
def prefer(storefront: Rhino, hook: tuple[str, Any], secret: str) -> Callable[..., None]:
    """Set site preferences beside the master switch."""

    def change(**preferences: object) -> None:
        storefront.call("rig/world", "change", switched_on(hook[0], secret, **preferences))

    return change


@pytest.fixture
def checkout(storefront: Rhino, placed_order: Callable[..., Json]) -> Callable[..., str]:
    """Fill the basket with an order that the next PlaceOrder creates; answers its number."""

    def fill(behaviour: str = "places", *, carries_over: bool = True, **members: object) -> str:
        record = record_of(placed_order(**members))
        record["plain"]["orderToken"] = "token-" + record["plain"]["orderNo"]
        record["custom"] = {}
        storefront.call(
            "rig/world",
            "change",
            {
                "basket": {},
                "checkout": {"behaviour": behaviour, "carriesOver": carries_over, "record": record},
            },
        )
        return str(record["plain"]["orderNo"])

    return fill
