"""What a reader finds in the report, and how: search, filters, keys, links, and parts of a case."""

import json
from pathlib import Path

import pytest

from conformance.model.request import Request
from conformance.reporting.curl_command import Address, curl_command
from tests.reporting.html.browser import Browser, Page
from tests.reporting.html.shop import CASES

FIRST, SECOND = CASES[:2]
NOT_ASKED = "\N{EN DASH}"


def ids(page: Page) -> list[str]:
    """Return the cases that are listed."""
    return page.text("#matrix .id")


def opened(page: Page) -> list[str]:
    """Return the cases that are open."""
    return page.text(".case:has(.detail) .id")


def focused(page: Page) -> str:
    """Return the case that has the focus."""
    found = page.text(".case-name:focus .id")
    return found[0] if found else ""


def show(page: Page, name: str) -> None:
    """Open a case by its link."""
    page.run(f"location.hash = '#shop/items/{name}'")
    page.settle()


def lit(page: Page, strength: str) -> list[list[str]]:
    """Return the cells of the lines that are lit, in the case that is open."""
    cells = "row => [...row.children].map(cell => cell.textContent)"
    found: list[list[str]] = page.run(
        f"[...document.querySelectorAll('.body-row.{strength}')].map({cells})"
    )
    return found


def type_in(page: Page, words: str) -> None:
    """Write in the search box."""
    page.press("/")
    page.command("Input.insertText", text=words)
    page.settle()


def test_causes_come_first_with_all_that_is_known_of_them(page: Page) -> None:
    """A cause has its idiom, explanation, cure, odd runtime, count, dated decision and examples."""
    page.run("document.querySelectorAll('.cause').forEach(cause => cause.open = true)")
    (told,) = [text for text in page.text(".cause") if "null vs absent" in text]

    assert page.run(
        "document.getElementById('causes').offsetTop < document.getElementById('cases').offsetTop"
    )
    for part in (
        "1 of 18 cases", "decided in D-001", "A member without a value is null on one",
        "Fix in b (go): a pointer field without omitempty, about 1 line", "open", "must_match",
        "b leaves out what is null", "Its serializer skips what is empty.", "owner shop team",
        "opened 2026-11-01", "review by 2100-01-31", "b is the odd one out",
        "shop/items/null-or-absent", "$.paid_by",
    ):  # fmt: skip
        assert part in told


def test_each_runtime_and_each_two_of_them(page: Page, report: Path) -> None:
    """A row per runtime counts the cases where it differs at all and from each other runtime.

    The counts are those of report.json.
    """
    counted = json.loads((report.parent / "report.json").read_text("utf-8"))
    pairs = {frozenset((pair["first"], pair["second"])): pair for pair in counted["pairs"]}
    rows = [row.split("\t") for row in page.text("#runtimes tbody tr")]

    assert [(name, cases) for name, cases, *_ in rows] == [
        (each["runtime"], f"{each['cases']} of {each['asked']} cases")
        for each in counted["runtimes"]
    ]
    for name, _, _, *from_others in rows:
        for other, cell in zip("abc", from_others, strict=True):
            pair = pairs.get(frozenset((name, other)))
            assert cell == (f"{pair['cases']} of {pair['asked']}" if pair else "—")


def test_a_closed_cause_says_where_and_who(page: Page) -> None:
    """A closed cause shows its title, cases, odd runtime, place, and what each side shows."""
    page.run("document.querySelectorAll('.cause').forEach(cause => cause.open = false)")
    (closed,) = [text for text in page.text(".cause") if "null vs absent" in text]

    for part in (
        "null vs absent",
        "1 of 18 cases",
        "decided in D-001",
        "$.paid_by",
        "a, c null · b absent",
    ):
        assert part in closed
    assert "Its serializer skips what is empty." not in closed


def test_the_head_says_how_the_run_came_out(page: Page) -> None:
    """Verdict, headline, counts and runtimes, the recorded one as such, stand at the top.

    The facts at the end.
    """
    head, facts = page.text(".head")[0], page.text("#facts")[0]

    assert "RED: 12 failed, 1 errored" in head
    assert "14/14" not in head.splitlines()[0]
    assert "status codes match" in head
    assert "18 cases" in head
    assert page.text(".runtimes .how") == ["live", "live", "recorded"]
    assert "conformance run shop.yaml" in facts
    assert "decisions.yaml" in facts


def test_the_matrix_says_what_each_runtime_did(page: Page) -> None:
    """A row has a status or fault for each runtime, step by step, and who agrees with whom."""
    cells = page.run(
        "Object.fromEntries([...document.querySelectorAll('#matrix .case')].map(row => "
        "[row.querySelector('.id')"
        ".textContent, [...row.querySelectorAll('.cell')].map(cell => cell.textContent)]))"
    )

    assert tuple(cells) == CASES
    assert cells["shop/items/alike"] == ["200", "200", "200"]
    assert cells["shop/items/long"] == ["200A", "200B", "200A"]
    assert cells["shop/items/two-steps"] == ["200 200A", "200 200B", "200 200A"]
    assert cells["shop/items/broken"] == ["200", "ambiguous_length", "200"]
    assert cells["shop/items/not-for-all"] == [NOT_ASKED] * 3


def test_search_and_filters_leave_what_was_asked_for(page: Page) -> None:
    """Words are looked for in names, reasons, decisions and causes.

    Verdict, runtime and cause narrow further.
    """
    type_in(page, "d-001")
    assert ids(page) == ["shop/items/null-or-absent"]
    page.run("document.getElementById('search').value = ''")
    page.run("document.getElementById('search').dispatchEvent(new Event('input'))")
    page.click("[data-verdict=errored]")
    page.click("[data-verdict=skipped]")
    assert ids(page) == ["shop/items/broken", "shop/items/not-for-all"]
    assert page.text("#shown") == ["2 of 18"]
    page.run("document.getElementById('runtime').value = '1'")
    page.run("document.getElementById('runtime').dispatchEvent(new Event('change'))")
    page.click("[data-verdict=failed]")
    page.click("[data-verdict=skipped]")
    agreed = {
        "only-shape",
        "alike",
        "null-or-absent",
        "not-for-all",
        "expected",
        "filled-in[text=one]",
    }
    assert ids(page) == [name for name in CASES if name.removeprefix("shop/items/") not in agreed]
    cause = next(
        number
        for number, text in enumerate(page.text(".cause h3"), start=1)
        if "text differs" in text
    )
    page.click(f"[data-cause='{cause}']")
    assert ids(page) == ["shop/items/page"]
    page.click("#cause-filter")
    assert len(ids(page)) == len(CASES)
    type_in(page, "no such case")
    assert ids(page) == []
    assert "No case is like that." in page.text("#matrix")[0]


def test_the_keyboard_is_enough(page: Page) -> None:
    """Cases are reached, opened and closed, the search and the help found, without a mouse."""
    page.press("j")
    assert focused(page) == FIRST
    assert page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.press("j", "Enter")
    assert (focused(page), opened(page)) == (SECOND, [SECOND])
    page.press("ArrowUp")
    assert focused(page) == FIRST
    page.press("ArrowDown", "Escape")
    assert (focused(page), opened(page)) == (SECOND, [])
    page.press("k", "k", "k")
    assert focused(page) == FIRST
    page.press("/")
    assert page.run("document.activeElement.id") == "search"
    page.press("j")
    assert page.run("document.activeElement.value") == "j"
    page.press("Escape", "?")
    assert page.run("document.getElementById('help').open")
    assert "next case" in page.text("#help")[0]
    page.press("Escape")
    assert not page.run("document.getElementById('help').open")


@pytest.mark.parametrize("case", [SECOND, CASES[-1]])
def test_a_link_leads_to_a_case(browser: Browser, report: Path, case: str) -> None:
    """A case named by the address is open, visible and focused, and its address is the page's."""
    page = browser.page()
    page.open(report, "#" + case.replace("[", "%5B"))
    page.settle()
    assert (opened(page), focused(page)) == ([case], case)
    assert 0 <= page.run("document.querySelector('.detail').getBoundingClientRect().top") < 900
    page.press("Escape")
    assert page.run("location.hash") == ""
    page.press("Enter")
    assert page.run("decodeURIComponent(location.hash)") == f"#{case}"
    page.open(report, "#no/such/case")
    page.settle()
    assert opened(page) == []
    assert page.complaints == []
    page.close()


def test_the_difference_is_lit(page: Page) -> None:
    """Lines of a finding are lit with what differs in them marked.

    Digits are those that the runtimes wrote.
    """
    show(page, "digits")
    assert page.text(".body-head .body-cell b") == ["a, c", "b"]
    assert lit(page, "strong") == [['"id": 12345678901234567890,', '"id": 12345678901234567000,']]
    assert page.text(".body-row.strong mark") == ["89", "00"]
    assert lit(page, "soft") == []


def test_what_is_not_compared_is_only_tinted(page: Page) -> None:
    """Where the shape alone counts, another value is tinted and said to be no finding."""
    show(page, "only-shape")
    assert lit(page, "strong") == []
    assert lit(page, "soft") == [['"total": 30', '"total": 31']]
    assert "1 tinted line differs without a finding" in page.text(".detail")[0]


def test_members_stand_beside_what_they_are_called_elsewhere(page: Page) -> None:
    """A name in another spelling is on the line of the first.

    What one side lacks is an empty place.
    """
    show(page, "spelled-otherwise")
    assert lit(page, "strong") == [
        ['"unit_price": 12,', '"unitPrice": 12,'],
        ['"in_stock": 3', '"inStock": 3'],
    ]
    page.press("Escape")
    show(page, "null-or-absent")
    assert lit(page, "strong") == [['"paid_by": null', ""]]
    assert page.run("document.querySelectorAll('.strong .absent').length") == 1


def test_a_list_stands_beside_the_list_that_it_was_called(page: Page) -> None:
    """The one list under another name is compared by its elements.

    One more element is no other shape.
    """
    show(page, "only-list")
    assert lit(page, "strong") == [['"items": [', '"data": ['], ['"tag": "x"', ""]]
    assert [first for first, _ in lit(page, "soft")] == ["{", '"id": 2,', '"tag": "y"', "}"]


def test_equal_lines_are_folded_and_unfolded(page: Page) -> None:
    """What is the same over many lines takes one, until it is asked for."""
    show(page, "long")
    assert len(page.text(".detail .body-row")) < 12
    assert page.text("button.fold") == ["⋯ 119 equal lines"]
    page.click("button.fold")
    assert len(page.text(".detail .body-row")) == 126


def test_texts_are_aligned_by_line(page: Page) -> None:
    """Lines of a text that is no JSON stand beside the same lines, and beside what they became."""
    show(page, "page")
    assert lit(page, "strong") == [["two", "two and a half"], ["", "three more"]]


def test_bytes_are_told_by_size_and_digest(page: Page) -> None:
    """A body that is no text is not shown as one."""
    show(page, "picture")
    shown = page.text(".detail")[0]
    assert "54 bytes" in shown
    assert "sha256 9c724fe71f825263" in shown
    assert "89 50 4e 47 00 fe" in shown


def test_headers_faults_and_expectations_are_said(page: Page) -> None:
    """A header finding opens the headers; a fault has its name, phase and words.

    An expectation what it wanted.
    """
    show(page, "header")
    assert page.text("tr.strong th") == ["content-type"]
    assert page.text("tr.strong td.odd") == ["application/json; charset=utf-8"]
    page.press("Escape")
    show(page, "broken")
    assert "b ambiguous_length in headers: Duplicate Content-Length" in page.text(".answers")[0]
    assert "c 200 Status recorded" in page.text(".answers")[0]
    page.press("Escape")
    show(page, "expected")
    assert page.text(".messages.failures li") == [
        f"{name}: wanted status 201, got 200" for name in "abc"
    ]


def test_the_exchange_is_there_step_by_step(page: Page) -> None:
    """Each step has what each runtime was sent and sent back, and a command that sends it again."""
    show(page, "two-steps")
    page.run("document.querySelectorAll('.detail details').forEach(details => details.open = true)")
    first, second = page.text(".step")
    urls = page.run(
        "[...document.querySelectorAll('.runtimes .quiet')].map(e => e.textContent.split(' at "
        "')[1])"
    )

    assert "Step 1 of 2: POST /orders" in first
    assert "sent to all" in first
    assert '{"article":"it\'s"}' in first
    assert "received from c" in first
    assert "sent to b" in second
    assert "GET /orders/8" in second
    body = Request(
        method="POST",
        target="/orders",
        headers=(("content-type", "application/json"),),
        body=b'{"article":"it\'s"}',
    )
    assert page.text(".command pre") == [
        *[curl_command(body, Address(url=url)) for url in urls[:2]],
        curl_command(Request(method="GET", target="/orders/7"), Address(url=urls[0])),
        curl_command(Request(method="GET", target="/orders/8"), Address(url=urls[1])),
    ]


def test_what_is_printed_is_all_there(page: Page) -> None:
    """For a printer every row is made and every cause is open."""
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert len(ids(page)) == len(CASES)
    assert page.run("document.querySelectorAll('details:not([open])').length") == 0
