"""What helps a reader of the report: copying, searching causes, marks, themes, links to files."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.miniatures.server import always, serve
from tests.reporting.html.browser import Browser, Page
from tests.reporting.html.shop import CASES

SAME = "the order was taken on Monday and "
LONG = {
    "a": f"{SAME}waits for payment; the customer has been asked by mail",
    "b": f"{SAME}waits for delivery; the customer has been called by mail",
}
SUITE = """\
suite: shop/texts
compare: value
cases:
  - {name: long, request: {GET: /}}
"""
FOUND = "[...(CSS.highlights.get('found') ?? [])].map(range => range.startContainer.data.slice("
FOUND += "range.startOffset, range.endOffset).toLowerCase())"


@pytest.fixture(name="texts", scope="module")
def report_of_texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run in which two services answer long texts that are mostly alike."""
    folder = tmp_path_factory.mktemp("texts")
    (folder / "cases").mkdir()
    (folder / "cases/texts file.yaml").write_text(SUITE)
    with serve(always({"note": LONG["a"]})) as a, serve(always({"note": LONG["b"]})) as b:
        both = ("--runtime", f"a={a}", "--runtime", f"b={b}")
        outside_ci = {"GITHUB_ACTIONS": "", "CI_PROJECT_URL": ""}
        assert conformance("run", "cases", *both, cwd=folder, **outside_ci).returncode == 1
    return folder


@pytest.fixture(name="clipboard")
def page_with_clipboard(page: Page) -> Iterator[Page]:
    """Let the page use the clipboard, as a browser does for the window in front."""
    permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"]
    page.browser.command("Browser.grantPermissions", permissions=permissions)
    page.command("Emulation.setFocusEmulationEnabled", enabled=True)
    yield page
    page.browser.command("Browser.resetPermissions")


def copied(page: Page, selector: str) -> str:
    """Click a button that copies, and return what is on the clipboard then."""
    page.click(selector)
    got: str = page.run("navigator.clipboard.readText()")
    return got


def search_for(page: Page, words: str) -> None:
    """Write in the search box."""
    page.press("Escape", "/")
    page.run("document.getElementById('search').select()")
    page.command("Input.insertText", text=words)
    page.settle()


def shown_causes(page: Page) -> list[str]:
    """Return the titles of the causes that are shown."""
    return page.text(".cause:not([hidden]) h3")


def test_what_a_reader_takes_along_is_copied(clipboard: Page) -> None:
    """Command, row, signature and link of a cause; link, signature and curl command of a case."""
    page = clipboard
    page.run("document.querySelectorAll('details').forEach(part => part.open = true)")
    key = page.run("document.querySelector('.cause.undecided').id.slice('cause-'.length)")

    command = copied(page, ".undecided .decide > p [data-copy]")
    assert command.startswith(f"conformance decide {key[:4]}")
    assert copied(page, ".undecided .decide details [data-copy]").startswith("- id: D-002\n  title")
    assert "@" in copied(page, ".undecided .signatures [data-copy]")
    link = copied(page, ".undecided [data-link]")
    assert link.startswith("file:///")
    assert link.endswith(f"report.html#cause-{key}")

    page.run("location.hash = '#shop/items/long'")
    page.settle()
    assert copied(page, ".detail .copy").endswith("report.html#shop/items/long")
    assert copied(page, ".detail .finding .copy").startswith("off-by-one@$.total (")
    page.run("document.querySelector('.detail .curl').open = true")
    assert copied(page, ".detail .curl .copy").startswith("curl --include --path-as-is")
    assert page.text("#announcement") == ["copied"]


def test_a_copy_that_is_refused_shows_the_text_selected(browser: Browser, report: Path) -> None:
    """Without the right to use the clipboard the text stands selected beside the button."""
    page = browser.page()
    write = {"name": "clipboard-write"}
    page.browser.command("Browser.setPermission", permission=write, setting="denied")
    page.open(report, "#shop/items/long")
    page.settle()
    page.click(".detail .copy")
    page.settle()

    assert page.run("getSelection().toString()").endswith("report.html#shop/items/long")
    assert page.complaints == []
    page.browser.command("Browser.resetPermissions")
    page.close()


def test_the_search_finds_causes_and_marks_what_it_found(page: Page) -> None:
    """Words are looked for in all of a cause.

    A cause with them only inside is opened, and the words are marked wherever they are shown.
    """
    every = len(page.text(".cause"))
    page.run("document.querySelectorAll('.cause').forEach(cause => cause.open = false)")
    search_for(page, "serializer EMPTY")

    assert [title for title in shown_causes(page) if "null vs absent" not in title] == []
    assert page.text("#found") == [f"1 of {every} causes, 0 of 18 cases"]
    assert page.run("document.querySelector('.cause:not([hidden])').open")
    assert set(page.run(FOUND)) == {"serializer", "empty"}

    search_for(page, "digits")
    assert page.text("#matrix .id") == ["shop/items/digits"]
    assert "digits" in page.run(FOUND)
    page.run("document.getElementById('search').value = ''")
    page.run("document.getElementById('search').dispatchEvent(new Event('input'))")
    page.settle()
    assert len(shown_causes(page)) == every
    assert page.run(FOUND) == []
    assert page.text("#found") == [""]


def test_a_link_leads_to_a_cause_even_where_the_search_hides_it(page: Page) -> None:
    """The address of a cause has its key; it is open and in view when it is followed."""
    last = page.run("[...document.querySelectorAll('.cause')].at(-1).id")
    search_for(page, "no such words")
    page.run(f"location.hash = '#{last}'")
    page.settle()

    assert page.run(f"document.getElementById('{last}').open")
    assert not page.run(f"document.getElementById('{last}').hidden")
    top = page.run(f"document.getElementById('{last}').getBoundingClientRect().top")
    assert 0 <= top < 900


def ground(page: Page) -> str:
    """Return the colour behind the text."""
    colour: str = page.run("getComputedStyle(document.body).backgroundColor")
    return colour


def test_the_theme_is_chosen_and_kept(browser: Browser, report: Path) -> None:
    """The theme follows the system until the reader chooses one; another page keeps the choice."""
    page = browser.page()
    page.open(report)
    assert page.run("document.querySelector('[name=theme]:checked').value") == "auto"
    light = ground(page)
    page.click("#theme-dark")
    dark = ground(page)
    page.open(report)
    assert (ground(page), light) == (dark, "rgb(255, 255, 255)")
    page.click("#theme-auto")
    page.close()

    system_dark = browser.page(dark=True)
    system_dark.open(report)
    assert ground(system_dark) == dark
    system_dark.click("#theme-light")
    assert ground(system_dark) == light
    system_dark.click("#theme-auto")
    assert system_dark.complaints == []
    system_dark.close()


def test_the_legend_has_each_symbol_that_is_used(page: Page) -> None:
    """Every verdict's symbol in the list, the letters and the colours are explained."""
    page.run("document.querySelector('.legend').open = true")
    legend = page.text(".legend")[0]
    assert set(page.text("#matrix .symbol")) <= set(page.text(".legend .symbol"))
    for words in ("nothing differs", "same letter agree", "one side has nothing", "a rule allows"):
        assert words in legend


def test_the_difference_within_long_texts_is_marked(browser: Browser, texts: Path) -> None:
    """Only the words that differ are marked: in the cause, in the finding and in the bodies."""
    page = browser.page()
    page.open((texts / "reports/runs/latest/report.html").resolve(), "#shop/texts/long")
    page.settle()

    wanted = ["payment", "asked", "delivery", "called"]
    assert page.text(".examples mark") == wanted
    assert page.text(".finding mark") == wanted
    assert page.text(".body-row.strong mark") == wanted
    assert LONG["b"] in page.text(".body-row.strong")[0]
    page.close()


def test_a_case_leads_to_its_line(browser: Browser, texts: Path) -> None:
    """The place of a case is a link to its file, which is found from the report."""
    report = (texts / "reports/runs/latest/report.html").resolve()
    page = browser.page()
    page.open(report, "#shop/texts/long")
    page.settle()
    href = page.run("document.querySelector('.detail a.mono').href")
    page.close()

    assert href == (texts / "cases/texts file.yaml").resolve().as_uri() + "#L4"


@pytest.mark.parametrize(
    ("environment", "start"),
    [
        (
            {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": "1a2b"},
            "https://github.com/o/r/blob/1a2b/",
        ),
        (
            {"CI_PROJECT_URL": "https://git.example/o/r", "CI_COMMIT_SHA": "1a2b"},
            "https://git.example/o/r/-/blob/1a2b/",
        ),
    ],
    ids=["GitHub", "GitLab"],
)
def test_in_ci_a_case_leads_to_the_commit(
    texts: Path, environment: dict[str, str], start: str
) -> None:
    """A report that CI keeps leads to the file as the server shows it."""
    with serve(always({})) as a, serve(always({})) as b:
        both = ("--runtime", f"a={a}", "--runtime", f"b={b}", "--runs", "ci")
        plain = {"GITHUB_ACTIONS": "", "GITHUB_SERVER_URL": "https://github.com"}
        done = conformance("run", "cases", *both, cwd=texts, **(plain | environment))
    assert done.returncode == 0, done.stderr
    page = (texts / "ci/latest/report.html").read_text()
    assert f'"{start}cases/texts%20file.yaml#L4"' in page


@pytest.mark.parametrize("files", ["javascript:alert(1)//", "../../x/", "data:text/html,", ""])
def test_a_record_cannot_make_another_link(texts: Path, files: str) -> None:
    """A record that somebody else wrote gives no address that does something."""
    folder = texts / "reports/runs" / f"other-{len(files)}"
    folder.mkdir(exist_ok=True)
    record = os.path.realpath(texts / "reports/runs/latest")
    header, *rest = (Path(record) / "run.ndjson").read_text().splitlines(keepends=True)
    changed = json.loads(header)
    changed["run"]["files"] = files
    (folder / "run.ndjson").write_text(json.dumps(changed) + "\n" + "".join(rest))
    done = conformance("report", "--format", "html", "--run", folder.name, cwd=texts)
    assert done.returncode == 0, done.stderr
    assert '"link":""' in done.stdout
    assert "javascript:" not in done.stdout


def test_without_a_script_nothing_is_offered_that_needs_it(browser: Browser, report: Path) -> None:
    """Without JavaScript the theme and the legend work, and no search or copy button is shown."""
    page = browser.page()
    page.command("Emulation.setScriptExecutionDisabled", value=True)
    page.open(report)
    document = page.command("DOM.getDocument", depth=1)["root"]["nodeId"]

    def styled(selector: str) -> dict[str, str]:
        node = page.command("DOM.querySelector", nodeId=document, selector=selector)["nodeId"]
        page.command("CSS.enable")
        found = page.command("CSS.getComputedStyleForNode", nodeId=node)["computedStyle"]
        return {each["name"]: each["value"] for each in found}

    for selector in (".toolbar .search", "[data-copy]", "[data-link]"):
        assert styled(selector)["display"] == "none"
    assert styled(".theme")["display"] == "flex"
    assert len(CASES) == 18
    page.close()
