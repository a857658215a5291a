"""Lists that come in pages: all items are compared.

The size of a page and the name of the next one do not matter.
"""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cli.command import conformance
from tests.cli.test_setup_steps import shops
from tests.miniatures.server import Received, Reply, json_reply

ITEMS = [{"id": number, "price": f"{number}.50"} for number in range(7)]


class Shelf:
    """Seven items in pages of some size; `link` is how the next page is named."""

    def __init__(self, size: int, link: str = "absolute", *, changed: int | None = None) -> None:
        self.size, self.link = size, link
        self.items = [{**item, "price": "0"} if item["id"] == changed else item for item in ITEMS]
        self.targets: list[str] = []

    def __call__(self, request: Received) -> Reply:
        """Answer with a page."""
        self.targets.append(request.target)
        parts = urlsplit(request.target)
        start = int(parse_qs(parts.query).get("from", ["0"])[0])
        following = start + self.size
        more = following < len(self.items)
        page = self.items[start:following]
        links = {
            "absolute": f"http://{request.headers['host']}{parts.path}?from={following}",
            "relative": f"?from={following}",
            "itself": request.target,
            "elsewhere": f"http://example.com/?from={following}",
        }
        if self.link == "header":
            headers = {"link": f'<{parts.path}?from={following}>; rel="next"'} if more else {}
            return json_reply(page, 200, **headers)
        if self.link == "cursor":
            return json_reply(
                {"data": {"rows": page}, "tags": [], "cursor": str(following) if more else ""}
            )
        if self.link == "page":
            return Reply(headers={"content-type": "text/plain"}, body=b"rows")
        if self.link == "two-lists":
            return json_reply({"items": page, "others": []})
        if self.link == "error" and start:
            return json_reply({"error": "gone"}, 500)
        return json_reply(
            {"items": page, "next": links.get(self.link, links["absolute"]) if more else None}
        )


def run(folder: Path, pages: str, *shelves: Shelf) -> tuple[int, str]:
    """Run one case that follows pages; return the exit code and what was printed."""
    (folder / "s.yaml").write_text(
        "suite: s\ncompare: value\ncases:\n  - {name: x, request: {GET: '/rows?sort=up'}, "
        f"pages: {pages}}}\n"
    )
    with shops(*shelves) as words:
        done = conformance("run", "s.yaml", *words, cwd=folder)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("pages", "link"),
    [
        pytest.param("{next: $.next, most: 20}", "absolute", id="absolute"),
        pytest.param("{next: $.next, items: $.items, most: 20}", "relative", id="relative"),
        pytest.param(
            "{next: {header: link, regex: '<([^>]+)>; rel=\"next\"'}, most: 20}",
            "header",
            id="a-header",
        ),
        pytest.param(
            "{next: $.cursor, query: from, items: $.data.rows, most: 20}", "cursor", id="a-cursor"
        ),
    ],
)
def test_pages_of_different_sizes_are_one_list(tmp_path: Path, pages: str, link: str) -> None:
    """Pages of two and of three items hold the same seven.

    One price that differs is found at its place.
    """
    two, three = Shelf(2, link), Shelf(3, link)
    assert run(tmp_path, pages, two, three)[0] == 0
    assert (len(two.targets), len(three.targets)) == (4, 3)
    (case,) = json.loads(conformance("explain", "s/x", "--json", cwd=tmp_path).stdout)
    seen = [cell["seen"][0]["answer"] for cell in case["cells"]]
    assert [json.loads(answer["body"]) for answer in seen] == [ITEMS, ITEMS]
    assert [len(answer["pages"]) for answer in seen] == [4, 3]
    assert "the items of 4 pages" in conformance("explain", "s/x", cwd=tmp_path).stdout

    code, printed = run(tmp_path, pages, Shelf(2, link), Shelf(3, link, changed=5))
    assert code == 1
    assert "$[*].price" in printed


def test_more_pages_than_are_followed(tmp_path: Path) -> None:
    """Where one runtime has more pages than may be asked for, that is a difference by its name."""
    code, printed = run(tmp_path, "{next: $.next, most: 3}", Shelf(2), Shelf(3))
    assert code == 1
    assert "pages-left" in printed


@pytest.mark.parametrize(
    ("pages", "link", "said"),
    [
        (
            "{next: $.next, most: 9}",
            "itself",
            "page 1: it names /rows?sort=up as the next page, which was requested",
        ),
        (
            "{next: $.next, most: 9}",
            "elsewhere",
            "page 1: it names a next page at http://example.com, which is not",
        ),
        ("{next: $.next, most: 9}", "error", "page 2: status 500"),
        ("{next: $.next, items: $.rows, most: 9}", "absolute", "page 1: nothing at $.rows"),
        ("{next: $.next, most: 9}", "two-lists", "page 1: 2 lists in it; `items` says which"),
        ("{next: $.next, most: 9}", "page", "page 1: a text body, and no JSON"),
    ],
)
def test_pages_that_cannot_be_followed(tmp_path: Path, pages: str, link: str, said: str) -> None:
    """Each is a fault that says which page, and why."""
    code, printed = run(tmp_path, pages, Shelf(2), Shelf(2, link))
    assert code == 1
    assert f"b: pages_broken: {said}" in printed


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ("{next: $.next}", "field 'most' is missing"),
        ("{most: 3}", "field 'next' is missing"),
        ("{next: '$.x[*]', most: 3}", "may mean several values"),
        ("{next: $.next, most: 3, item: $.x}", "unknown field 'item'; did you mean 'items'?"),
    ],
)
def test_wrong_pages_are_refused(tmp_path: Path, pages: str, said: str) -> None:
    """Each is refused before anything is sent."""
    shelf = Shelf(2)
    code, printed = run(tmp_path, pages, shelf)
    assert (code, shelf.targets) == (2, [])
    assert said in printed
