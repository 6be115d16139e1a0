from collections.abc import Callable
from typing import Any

import pytest

Call = Callable[..., Any]

CLICKED_AT = 1_795_418_257_123


@pytest.fixture
def cookies(capture: Callable[[str], Call]) -> Call:
    return capture("metaCookies")


@pytest.mark.parametrize(
    ("domain", "index"),
    [("example.com", 1), (".example.com", 1), ("www.example.com", 2), ("example.co.uk", 2)],
)
def test_fbc_tells_the_depth_of_its_domain_and_milliseconds(
    cookies: Call, domain: str, index: int
) -> None:
    value = cookies("fbc", "IwAR0AbC.d_-", CLICKED_AT, domain)
    assert value == f"fb.{index}.{CLICKED_AT}.IwAR0AbC.d_-"
    assert cookies("clickOf", value) == {"at": CLICKED_AT, "fbclid": "IwAR0AbC.d_-"}


@pytest.mark.parametrize("value", [None, "", "fb.1.1795418257.seconds", "fb.1.x.y", "other"])
def test_what_is_no_fbc_holds_no_click(cookies: Call, value: str | None) -> None:
    assert cookies("clickOf", value) is None
