"""The pages of the docs site: `python -m tests.docs.site_pages` writes them to `build/docs`.

In: the Markdown below `docs/`, as the forge shows it, and the README. Out: the same pages with
links that lead somewhere in the site or to the repository, a page for each idiom, and the grammar
and the schemas of all files. `mkdocs.yml` says how they become a site; so the program that builds it
can be replaced.
"""

import posixpath
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import yaml

from tests.docs.grammar_pages import grammar_pages
from tests.docs.idiom_pages import idiom_pages

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "build/docs"
_LINK: Final = re.compile(r"(?<=\]\()(?!https?:|#|mailto:)([^)\s#]+)(#[^)\s]*)?(?=\))")
_CODE: Final = re.compile(r"(^(?P<fence>`{3,}).*?^(?P=fence)$|`[^`\n]+`)", re.MULTILINE | re.DOTALL)
_BRANCH: Final = "blob/main"
_LEFT_OUT: Final = shutil.ignore_patterns("__pycache__", ".gitattributes", "*.ndjson", "reports")


def write_pages(folder: Path) -> None:
    """Write all pages of the site into a folder, which holds nothing else afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs", folder, ignore=_LEFT_OUT)
    for path, text in {**idiom_pages(), **grammar_pages()}.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    (folder / "index.md").write_text(_start_page())
    for name in sorted(folder.rglob("README.md")):
        name.rename(name.with_name("index.md"))
    for page in sorted(folder.rglob("*.md")):
        page.write_text(_with_links(page, folder))


def _start_page() -> str:
    """Return the README with its links seen from `docs/`."""

    def seen(found: re.Match[str]) -> str:
        return posixpath.relpath(found[1], "docs") + (found[2] or "")

    return _outside_code(seen, (ROOT / "README.md").read_text())


def _with_links(page: Path, folder: Path) -> str:
    """Return the text of a page with links that lead to a page, or to the repository."""
    here = page.parent.relative_to(folder).as_posix()
    repository = yaml.safe_load((ROOT / "mkdocs.yml").read_text())["repo_url"]

    def led(found: re.Match[str]) -> str:
        anchor = found[2] or ""
        at = posixpath.normpath(posixpath.join(here, found[1]))
        for candidate in (at, f"{at}/index.md", f"{posixpath.dirname(at) or '.'}/index.md"):
            wanted = candidate == at or at.endswith("README.md") or not at.endswith(".md")
            if wanted and not at.startswith("..") and (folder / candidate).is_file():
                return posixpath.relpath(candidate, here) + anchor
        in_repository = posixpath.normpath(posixpath.join("docs", at))
        if (ROOT / in_repository).exists():
            return f"{repository}/{_BRANCH}/{in_repository}{anchor}"
        return found[0]  # a strict build says that it leads nowhere

    return _outside_code(led, page.read_text())


def _outside_code(change: Callable[[re.Match[str]], str], text: str) -> str:
    """Return a text with its links changed, but for what stands in code."""
    parts, at = list[str](), 0
    for code in _CODE.finditer(text):
        parts += [_LINK.sub(change, text[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*parts, _LINK.sub(change, text[at:])])


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
