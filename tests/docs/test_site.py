"""The docs site: built strictly, complete, and searched from the disk with nothing else around it."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conformance.cli.file_kinds import KINDS
from conformance.comparison.idioms.catalogue import IDIOMS
from conformance.reporting.output_schemas import OUTPUTS
from tests.docs.site_pages import write_pages
from tests.reporting.html.browser import Page, chromium, require_chromium

ROOT = Path(__file__).parents[2]
SEARCH = (870, 24)
"""Where the search is in a window of 1,300 pixels."""
LINKS_FOUND = """
[...document.querySelectorAll('*')].filter(each => each.shadowRoot)
  .flatMap(each => [...each.shadowRoot.querySelectorAll('a')].map(link => link.href)).join(' ')
"""


def build(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Build the pages of a folder, as `make docs` does."""
    program = Path(sys.executable).parent / "zensical"
    words = [str(program), "build", "--strict", "--config-file", str(folder / "mkdocs.yml")]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module", name="folder")
def build_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which the site was built."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    write_pages(folder / "build/docs")
    done = build(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(name="site")
def built_site(folder: Path) -> Path:
    """Return the folder of the HTML."""
    return folder / "build/site"


def test_every_page_is_there(site: Path) -> None:
    """The pages of the forge, one for each idiom, the grammar of each kind, each schema."""
    pages = {file.relative_to(ROOT / "docs") for file in (ROOT / "docs").rglob("*.md")}
    wanted = {str(page.with_suffix(".html")).replace("README", "index") for page in pages}
    wanted |= {f"idioms/{idiom.name}.html" for idiom in IDIOMS}
    wanted |= {f"reference/{kind}.html" for kind in KINDS}
    wanted |= {f"reference/{kind}.schema.json" for kind in (*KINDS, *OUTPUTS)}

    assert [name for name in sorted(wanted) if not (site / name).is_file()] == []


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    """No script, style, font or picture of a page is on another host."""
    for page in site.rglob("*.html"):
        tags = re.findall(r"<(?:script|img|link)\b[^>]*>", page.read_text())
        fetched = [tag for tag in tags if 'rel="canonical"' not in tag and "//" in tag]
        assert fetched == [], page


def test_a_page_of_an_idiom(folder: Path) -> None:
    """It shows what was sent, why it happens, and where it is fixed in each language."""
    text = (folder / "build/docs/idioms/null-vs-absent.md").read_text()

    assert '| sent | `{"a":null,"b":1}` | `{"b":1}` |' in text
    assert "| a report says | `null` | `absent` |" in text
    assert "\n## Why it happens\n\nA member without a value is null on one side" in text
    for language in ("C#", "Go", "Java", "Python", "Rust", "TypeScript"):
        assert f"\n| {language} | " in text
    assert "Switched off by: a rule `is: any`." in text


def test_a_link_that_leads_nowhere(folder: Path, tmp_path: Path) -> None:
    """It ends the build."""
    shutil.copytree(folder / "build/docs", tmp_path / "build/docs")
    shutil.copy(folder / "mkdocs.yml", tmp_path)
    with (tmp_path / "build/docs/batch.md").open("a") as page:
        page.write("\n[nowhere](nowhere.md)\n")

    assert build(tmp_path).returncode != 0


def test_links_lead_to_the_repository(folder: Path) -> None:
    """What is not in the site is shown by the forge; what stands in code stays as it is."""
    text = (folder / "build/docs/ci.md").read_text()

    assert "(https://github.com/conformance-harness/conformance/blob/main/action.yml)" in text
    assert "(examples/github-workflow.yml)" in text


def found_by_search(page: Page, words: str) -> str:
    """Return the links that a search gives, once there are some."""
    for kind in ("mousePressed", "mouseReleased"):
        x, y = SEARCH
        page.command("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    page.settle()
    for _ in range(60):
        if not page.run(LINKS_FOUND):
            page.command("Input.insertText", text=words)
            words = ""
            time.sleep(0.5)
    return str(page.run(LINKS_FOUND))


def test_search_works_from_the_disk(site: Path) -> None:
    """A cause is found by its words, in a page that was opened as a file."""
    require_chromium()
    with chromium() as browser:
        page = browser.page(1300, 900)
        page.open((site / "index.html").resolve())
        page.settle()
        links = found_by_search(page, "enveloped")

    assert f"{site.resolve()}/idioms/envelope.html" in links
