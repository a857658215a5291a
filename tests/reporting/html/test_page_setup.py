"""The setup of a case in the HTML report: what was sent and answered before its steps."""

from pathlib import Path

from tests.cli.command import conformance
from tests.miniatures.server import always, serve
from tests.reporting.html.browser import Browser

SUITE = """\
suite: shop/orders
cases:
  - name: list
    setup:
      - {request: {POST: /login, json: {user: ann}}, capture: {token: $.token}}
    request: {GET: /orders, headers: {x-token: "${token}"}}
"""


def test_the_setup_is_shown_and_not_compared(browser: Browser, tmp_path: Path) -> None:
    """A step of the setup has its requests, its answers and its commands, before the steps."""
    (tmp_path / "s.yaml").write_text(SUITE)
    with serve(always({"token": "token-of-a"})) as a, serve(always({"token": "of-b"})) as b:
        conformance("run", "s.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=tmp_path)
    (report,) = (tmp_path / "reports").rglob("report.html")
    page = browser.page()
    page.open(report)
    page.run("location.hash = '#shop/orders/list'")
    page.settle()
    page.run("document.querySelectorAll('details').forEach(each => each.open = true)")

    assert page.text(".step h4") == ["setup 1, not compared: POST /login", "GET /orders"]
    assert [text.split(" ")[:2] for text in page.text(".setup .answers li")] == [
        ["a", "200"],
        ["b", "200"],
    ]
    (exchange,) = page.text(".setup .exchange")
    assert '"token":"token-of-a"' in exchange.replace(" ", "")
    (curl,) = page.text(".setup .curl")
    assert "--request POST" in curl
    assert page.complaints == []
    page.close()
