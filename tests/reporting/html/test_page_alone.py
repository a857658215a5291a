"""The report stands alone: no request, no complaint, and runtimes' values are only ever text."""

import re
from pathlib import Path

import pytest

from tests.reporting.html.browser import Browser, Page
from tests.reporting.html.shop import BREAKS_OUT, CASES

OPEN_ALL = """(() => {
  document.querySelectorAll(".case-name").forEach(name => name.click());
  document.querySelectorAll("details").forEach(details => details.open = true);
  document.querySelectorAll("button.fold").forEach(fold => fold.click());
})()"""
LOW_CONTRAST = """(() => {
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(part => part / 255).map(part =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.closest("svg")) continue;
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
  }
  return [...new Set(low)];
})()"""


def test_all_of_it_opens_without_a_request_or_a_complaint(page: Page) -> None:
    """Every case and every part of it is shown.

    The fixture holds that nothing was asked for or complained about.
    """
    page.run(OPEN_ALL)
    assert len(page.text(".detail")) == len(CASES)
    assert (
        page.run("document.querySelectorAll('[src], link, iframe, object, form[action]').length")
        == 0
    )


def test_what_comes_from_runtimes_is_text(page: Page) -> None:
    """A body that ends script blocks and adds an image and a tag is shown unchanged.

    This holds in causes and in cases.
    """
    title = page.run("document.title")
    page.run(OPEN_ALL)
    page.settle()

    assert page.run("document.querySelectorAll('img, i, h1 b, .body-cell b b').length") == 0
    assert page.run("document.title") == title
    assert BREAKS_OUT in page.text("#causes")[0]
    assert BREAKS_OUT in page.run(
        "[...document.querySelectorAll('.bodies')].map(e => e.textContent).join()"
    )
    assert "<b>bold</b>" in page.text("#matrix")[0]
    assert "<!-- <script>" in page.text("#matrix")[0]


def test_no_character_acts_on_the_page_or_hides(page: Page) -> None:
    """Control and bidirectional characters of bodies, names and paths are shown as escapes."""
    page.run(OPEN_ALL)
    shown = page.run("document.querySelector('main').textContent")

    assert "\\u202e" in page.text("#matrix")[0]
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe]", shown
    )


def test_the_policy_lets_nothing_else_run(browser: Browser, report: Path) -> None:
    """Content that still gets into the page does not run, requests nothing, and is reported."""
    page = browser.page()
    page.open(report)
    page.run("document.body.append(Object.assign(new Image(), {src: 'file:///etc/hostname'}))")
    page.run(
        "document.body.append(Object.assign(document.createElement('style'), {textContent: "
        "'body{color:red}'}))"
    )
    tried = page.run(
        "(() => { try { document.body.innerHTML = '<p>'; return 'done'; } catch (error) { return "
        "error.name; } })()"
    )
    handler = (
        "document.body.setAttribute('onclick', 'document.title = 1'); "
        "document.body.click(); document.title"
    )
    with pytest.raises(AssertionError, match="TrustedScript"):
        page.run(handler)
    page.settle()

    assert tried == "TypeError"
    assert page.received == [report.as_uri()]
    assert len(page.complaints) >= 3
    page.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_is_readable_on_a_narrow_page(browser: Browser, report: Path, dark: bool) -> None:
    """At 400 pixels no part is wider than the page, and every text has a contrast of 4.5 to 1."""
    page = browser.page(400, 800, dark=dark)
    page.open(report)
    page.run(OPEN_ALL)
    page.settle()

    assert page.run("document.documentElement.scrollWidth") <= 400
    assert page.run("document.querySelector('.pairs-note').getBoundingClientRect().right") <= 400
    assert page.run(LOW_CONTRAST) == []
    page.close()


def test_the_causes_need_no_script(browser: Browser, report: Path) -> None:
    """Without JavaScript the page shows verdict, causes and decisions, and says what is missing."""
    page = browser.page()
    page.command("Emulation.setScriptExecutionDisabled", value=True)
    page.open(report)
    document = page.command("DOM.getDocument", depth=-1)["root"]["nodeId"]
    node = page.command("DOM.querySelector", nodeId=document, selector="main")["nodeId"]
    shown = page.command("DOM.getOuterHTML", nodeId=node)["outerHTML"]

    assert "12 failed, 1 errored" in shown
    assert "different naming convention" in shown
    assert "Its serializer skips what is empty." in shown
    assert "review by 2100-01-31" in shown
    assert "The list of cases needs its script" in shown
    page.close()
