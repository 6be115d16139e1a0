"""The page bears whatever was sent to it, and can be used without a mouse, colours or scripts."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Purchase = Callable[..., dict[str, Any]]
HOSTILE = """"><script>window.hurt=1</script><img src=x onerror="window.hurt=1"> {{7*7}}"""
PAGES = ("/", "/diagnostics", "/quality", "/requests", "/controls", "/orders", "/shop", "/rules")


def test_hostile_payloads_stay_text_on_every_page(mock_page: Any, purchase: Purchase) -> None:
    order = purchase(HOSTILE, event_name=HOSTILE, **{HOSTILE: HOSTILE})
    order["user_data"]["em"] = [HOSTILE]
    mock_page.post(order)
    mock_page.post(purchase(HOSTILE, action_source="physical_store", event_name=HOSTILE))
    mock_page.workspace.fault("error", status=500, match={"order_id": HOSTILE})
    events = [f"/events/{each['id']}" for each in mock_page.workspace.events()]

    for path in (*PAGES, *events, "/?q=%22%3E%3Cscript%3Ewindow.hurt%3D1%3C/script%3E"):
        tab = mock_page.open(path)
        assert tab.evaluate("window.hurt") is None, path
        assert tab.locator("img").count() == 0, path

    expect(mock_page.open(events[0]).get_by_role("heading", level=1)).to_contain_text("<script>")


def test_every_page_can_be_read_and_used_by_everyone(mock_page: Any, purchase: Purchase) -> None:
    mock_page.post(purchase(user_data={"em": ["plain"], "client_user_agent": "x"}))

    for path in (*PAGES, "/events/1"):
        tab = mock_page.open(path)
        assert tab.locator("html").get_attribute("lang") == "en", path
        assert tab.locator("main, header, footer").count() >= 3, path
        assert tab.get_by_role("heading", level=1).count() == 1, path
        assert tab.evaluate(UNNAMED) == [], path
        assert tab.evaluate(FAINT) == [], path
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.textContent") == "Skip to content", path


# Controls that no screen reader could name, and cells that belong to no heading.
UNNAMED = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select')]
  .filter(each => !(each.textContent.trim() || each.getAttribute('aria-label')
    || (each.labels && [...each.labels].some(label => label.textContent.trim()))))
  .map(each => each.outerHTML)
  .concat([...document.querySelectorAll('table')].filter(each => !each.caption)
    .map(each => each.outerHTML))"""
# Text whose contrast to what lies behind it is under WCAG's 4.5 (3 for large text).
FAINT = """() => {
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = each => {
    for (; each; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('body *')].filter(each =>
    [...each.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
    && each.checkVisibility()).map(each => {
      const style = getComputedStyle(each);
      const pair = [light(parse(style.color)), light(behind(each))].sort((a, b) => b - a);
      const wanted = parseFloat(style.fontSize) >= 24 ? 3 : 4.5;
      const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
      return ratio < wanted ? `${each.textContent.trim().slice(0, 40)}: ${ratio.toFixed(2)}` : null;
    }).filter(Boolean);
}"""


def test_the_dark_pages_have_contrast_too(mock_page: Any, purchase: Purchase) -> None:
    mock_page.post(purchase(user_data={"em": ["plain"], "client_user_agent": "x"}))
    mock_page.tab.emulate_media(color_scheme="dark")

    for path in ("/", "/events/1", "/controls", "/diagnostics", "/quality", "/rules"):
        tab = mock_page.open(path)
        assert tab.evaluate(FAINT) == [], path
    mock_page.open("/events/1")
    mock_page.keep("event-dark")


def test_a_phone_needs_no_sideways_scrolling(mock_page: Any, purchase: Purchase) -> None:
    for _ in range(2):
        mock_page.post(purchase("W-" + "9" * 60))
    mock_page.tab.set_viewport_size({"width": 360, "height": 740})

    for path in (*PAGES, "/events/1"):
        tab = mock_page.open(path)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360, path
    for cut in (".tabs a", ".pair th, .pair td"):
        ends = "found => Math.max(...found.map(each => each.getBoundingClientRect().right))"
        assert tab.locator(cut).evaluate_all(ends) <= 360, cut
    mock_page.keep("phone-pair")
    mock_page.open("/")
    mock_page.keep("phone")


def test_events_are_walked_through_and_searched_by_keys(mock_page: Any, purchase: Purchase) -> None:
    mock_page.post(purchase("K-1"), purchase("K-2"))
    tab = mock_page.open()

    tab.keyboard.press("j")
    tab.keyboard.press("j")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("K-1")

    tab.keyboard.press("/")  # leads to the list, which has the search
    expect(tab.get_by_label("Search events")).to_be_focused()
    tab.keyboard.type("order:K-2")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("row", name="K-2")).to_be_visible()
    expect(tab.get_by_role("row", name="K-1")).to_have_count(0)


def test_focus_stays_where_it_is_when_events_arrive(mock_page: Any, purchase: Purchase) -> None:
    mock_page.post(purchase("F-1"))
    tab = mock_page.open()
    tab.keyboard.press("j")

    mock_page.post(purchase("F-2"))

    expect(tab.get_by_role("row", name="F-2")).to_be_visible()
    assert tab.evaluate("document.activeElement.closest('tr').textContent").count("F-1") == 1


def test_everything_can_be_read_without_scripts(
    chromium: "Browser", workspace: Any, mock_page: Any, purchase: Purchase
) -> None:
    mock_page.post(purchase("N-1"))
    with chromium.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(workspace.url)
        tab.get_by_role("link", name="Purchase").click()
        expect(tab.get_by_role("heading", level=1)).to_contain_text("N-1")
        tab.goto(workspace.url + "/controls")
        tab.get_by_role("button", name="Stop it").click()
        expect(tab.get_by_text("Stopped. Time windows")).to_be_visible()
