"""One fact is one cause, however many routes, members and parts of bodies show it."""

import json
from collections.abc import Callable, Sequence
from typing import Final

import pytest
from msgspec.structs import replace

from conformance.comparison.grouping import Grouping
from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel
from conformance.model.group import Group
from conformance.model.observation import Answer, Cell
from tests.comparison.differences import answer
from tests.comparison.live_runs import case

ROUTES: Final = ("orders", "carts", "people", "stock")
BASES: Final = ("http://127.0.0.1:8001", "http://127.0.0.1:8002")
Pair = tuple[Answer, Answer]


def causes(pairs: Sequence[Pair], *headers: str) -> tuple[Group, ...]:
    """Return the causes of two runtimes' answers, each pair to a route of its own."""
    grouping = Grouping({})
    for route, pair in zip(ROUTES, pairs, strict=True):
        asked = replace(case(route, compare=CompareLevel.VALUE), headers=headers)
        cells = [
            Cell(runtime=name, live=True, observations=(each,), base_url=base)
            for name, each, base in zip("ab", pair, BASES, strict=True)
        ]
        findings = compare_case(asked, cells).findings
        request = asked.steps[0].request
        grouping.add_findings(route, [request], findings, [()] * len(findings))
    return grouping.groups()


def _json(route: str, base: str) -> Answer:
    links = [{"href": f"{base}/{route}/{number}"} for number in range(3)]
    body = {"self": f"{base}/{route}", "items": links, "note": f"see {base}/a and {base}/b"}
    return answer(json.dumps(body))


def _html(route: str, base: str) -> Answer:
    return answer(f'<a href="{base}/{route}">x</a><img src="{base}/logo">', media="text/html")


def _xml(route: str, base: str) -> Answer:
    page = f'<feed><link href="{base}/{route}"/><id>{base}/{route}/1</id></feed>'
    return answer(page, media="application/xml")


def _table(route: str, base: str) -> Answer:
    return answer(f"id,url\n1,{base}/{route}/1\n", media="text/csv")


def _text(route: str, base: str) -> Answer:
    return answer(f"see {base}/{route}\nor {base}/help\n", media="text/plain")


def _link(route: str, base: str) -> Answer:
    return answer("{}", Link=f"<{base}/{route}?page=2>; rel=next")


@pytest.mark.parametrize("made", [_json, _html, _xml, _table, _text, _link])
def test_links_that_are_urls_or_paths_are_one_cause(made: Callable[[str, str], Answer]) -> None:
    """That one runtime writes whole URLs is one fact, wherever links stand."""
    (cause,) = causes([(made(route, BASES[0]), made(route, "")) for route in ROUTES], "link")
    assert cause.idiom == "own-url-form"
    assert [side.facts for side in cause.sides] == [("absolute URL",), ("absolute path",)]


def test_another_path_is_another_cause() -> None:
    """A path that the URL does not lead to is no other form of it."""
    pairs = [(answer(f'{{"a":"{BASES[0]}/x"}}'), answer('{"a":"/y"}')) for _ in ROUTES]
    assert {cause.idiom for cause in causes(pairs)} == {None}


def _having(name: str, value: str) -> Answer:
    plain = answer("{}")
    return replace(plain, headers=(*plain.headers, (name, value)))


LISTS: Final[dict[str, Sequence[tuple[str, str]]]] = {
    "allow": [(each, f"OPTIONS, {each}") for each in ("GET", "PUT", "GET, POST", "DELETE, PUT")],
    "vary": [(each, f"{each}, accept") for each in ("origin", "cookie", "a, b", "b")],
    "accept-ranges": [("bytes", "none")] * 4,
    "cache-control": [
        (each, f"private,{each}") for each in ("no-store", "max-age=5", "max-age=9", "no-cache")
    ],
    "www-authenticate": [
        (f"{each}", f"{each}, Bearer") for each in ("Basic", "Digest", "NTLM", "Negotiate")
    ],
}


@pytest.mark.parametrize("name", LISTS)
def test_one_word_more_in_a_list_is_one_cause_over_routes(name: str) -> None:
    """What only one side has in a list is the fact, whatever else each route has in it."""
    pairs = [(_having(name, first), _having(name, second)) for first, second in LISTS[name]]
    asked = () if name in {"allow", "www-authenticate"} else (name,)
    (cause,) = causes(pairs, *asked)
    assert cause.cases == len(ROUTES)


def test_two_words_more_are_two_causes() -> None:
    """Lists that differ in two ways are two causes, which have two fixes."""
    words = ("private", "private", "no-store", "no-store")
    pairs = [
        (_having("cache-control", "a"), _having("cache-control", f"a, {word}")) for word in words
    ]
    assert len(causes(pairs, "cache-control")) == 2


def _ranges(boundary: str, head: str) -> Answer:
    parts = [
        f"--{boundary}\r\n{head}Content-Range: bytes {start}-{start + 1}/99\r\n\r\nab\r\n"
        for start in range(0, 90, 3)
    ]
    media = f"multipart/byteranges; boundary={boundary}"
    return answer(f"{''.join(parts)}--{boundary}--\r\n", 206, media=media)


@pytest.mark.parametrize("head", ["", "Content-Type: a/b\r\nX-A: b\r\n", "Content-Type: a/c\r\n"])
def test_what_all_ranges_show_is_one_fact(head: str) -> None:
    """Thirty parts that differ alike are one finding for each member, whatever the boundary."""
    pair = _ranges("x", "Content-Type: a/b\r\n"), _ranges("yy", head)
    asked = case("ranges", compare=CompareLevel.VALUE)
    cells = [
        Cell(runtime=name, live=True, observations=(each,))
        for name, each in zip("ab", pair, strict=True)
    ]
    (found,) = compare_case(asked, cells).findings
    assert found.place.startswith("$.parts[*].")
