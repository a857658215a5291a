"""Bodies that are not JSON: text by lines, markup and forms by structure, anything else by its bytes."""

import pytest

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.comparison.difference import Difference
from conformance.comparison.rules.loosening import Loosening
from conformance.model.case import CompareLevel, RuleKind
from tests.comparison.differences import answer, between, rule
from tests.comparison.laws import findings_of

SHAPE, VALUE = CompareLevel.SHAPE, CompareLevel.VALUE
FORM = "application/x-www-form-urlencoded"
PAGE = '<html><body class="x"><h1>Hi</h1><ul><li>one<li>two</ul><br></body></html>'


def seen(a: str | bytes, b: str | bytes, media: str, level: CompareLevel = VALUE) -> list[tuple[str, str]]:
    """Return the names and paths of the differences of two bodies of one media type."""
    both = [answer(body, media=media) for body in (a, b)]
    turned = [(name, path) for name, path, _, _ in between(both[1], both[0], level)]
    told = [(name, path) for name, path, _, _ in between(both[0], both[1], level)]
    assert told == turned
    return told


def first_difference(a: str | bytes, b: str | bytes, media: str) -> Difference:
    """Return the first difference of two bodies by value."""
    first, second = (read_answer(answer(body, media=media)) for body in (a, b))
    return compare_answers(first, second, Terms(level=VALUE)).differences[0]


@pytest.mark.parametrize(
    ("texts", "detail", "sent"),
    [
        pytest.param(("a\nb\nc\n", "a\nx\nc\n"), "line 2 of 3 in a, b", ("b", "x"), id="one-line"),
        pytest.param(("a\nb", "a\nx\ny\nb"), "no line of 2 in a; lines 2 to 3 of 4 in b", ("", "x\ny"), id="more"),
        pytest.param(("a", "b\r\nc"), "line 1 of 1 in a; lines 1 to 2 of 2 in b", ("a", "b\nc"), id="all"),
        pytest.param(
            ("a\nb\nc\nd\n", "a\nX\nc\nd\n", "a\nb\nc\nY\nZ\n"),
            "lines 2 to 4 of 4 in a, b; lines 2 to 5 of 5 in c",
            ("b\nc\nd", "X\nc\nd", "b\nc\nY\nZ"),
            id="of-three",
        ),
    ],
)
def test_text_is_compared_by_lines(texts: tuple[str, ...], detail: str, sent: tuple[str, ...]) -> None:
    """The finding says which lines, and shows the same lines of every runtime."""
    given = {name: answer(body, media="text/plain") for name, body in zip("abc", texts, strict=False)}
    (finding,) = findings_of(given, list(given), VALUE)
    assert (finding.name, finding.detail) == ("text", detail)
    assert tuple(value for _, value in finding.sent[0]) == sent
    assert findings_of(given, list(given), SHAPE) == ()


def test_other_line_ends_are_told_beside_another_text() -> None:
    """Lines that end in another way are a difference of their own, whatever else differs."""
    assert seen("a\r\nb\r\n", "a\nc\n", "text/plain") == [("line-ends", "$"), ("text", "$")]
    assert seen("a", "b\nc", "text/plain") == [("text", "$")]


@pytest.mark.parametrize(
    ("a", "b", "facts"),
    [
        pytest.param("a\nb\n", "a\r\nb\r\n", ("LF", "CRLF"), id="crlf"),
        pytest.param("a\n", "a", ("LF", "none"), id="last"),
        pytest.param("a\nb\n", "a\nb", ("LF", "LF, none at the end"), id="last-of-several"),
    ],
)
def test_line_ends_are_an_idiom(a: str, b: str, facts: tuple[str, str]) -> None:
    """The same lines with other ends are told by their cause."""
    difference = first_difference(a, b, "text/plain")
    assert (difference.name, *difference.facts) == ("line-ends", *facts)
    assert first_difference(a, b + "c", "text/plain").name == "text"


def test_bytes_are_shown_by_length_and_digest() -> None:
    """What is no text is never shown as text."""
    difference = first_difference(b"\xff\x00", b"\xff", "image/png")
    assert difference.name == "bytes"
    assert str(difference.occurrences[0].b).startswith("1 byte, sha256 a8100ae6aa1940d0b663bb31cd466142")


def test_a_declared_charset_is_read() -> None:
    """The same text in two charsets is one text; only the charset differs."""
    first = answer("é".encode("latin-1"), media="text/plain; charset=iso-8859-1")
    second = answer("é", media="text/plain; charset=utf-8")
    assert [row[0] for row in between(first, second, VALUE)] == ["charset-parameter"]


@pytest.mark.parametrize(
    ("changed", "shape", "value"),
    [
        pytest.param(PAGE, [], [], id="same"),
        pytest.param(PAGE.replace("><", ">\n  <"), [], [], id="blanks"),
        pytest.param("<!doctype html><!-- x -->" + PAGE, [], [], id="comment"),
        pytest.param(PAGE.replace("<li>two", "<LI>two</li>"), [], [], id="case-and-end"),
        pytest.param(PAGE.replace("Hi", "Ho"), [], [("value", "$.html[*].body[*].h1[*]['#text'][*]")], id="text"),
        pytest.param(PAGE.replace('"x"', '"y"'), [], [("value", "$.html[*].body[*]['@class']")], id="attribute"),
        pytest.param(PAGE.replace(' class="x"', ""), [("member", "$.html[*].body[*]['@class']")], None,
                     id="attribute-dropped"),
        pytest.param(PAGE.replace("<br>", "<p>new</p>"),
                     [("member", "$.html[*].body[*].br"), ("member", "$.html[*].body[*].p")], None, id="element"),
        pytest.param(PAGE.replace("<li>two", ""), [], [("length", "$.html[*].body[*].ul[*].li")], id="one-less"),
        pytest.param(PAGE.replace("<h1>Hi</h1>", "").replace("<br>", "<h1>Hi</h1><br>"), [], [("another-order", "$")],
                     id="order"),
    ],
)  # fmt: skip
def test_html_is_compared_by_structure(
    changed: str, shape: list[tuple[str, str]], value: list[tuple[str, str]] | None
) -> None:
    """Elements and attributes are shape, what they say is value; how the same page is written is neither."""
    assert seen(PAGE, changed, "text/html", SHAPE) == shape
    assert value is None or seen(PAGE, changed, "text/html") == value


def test_rules_reach_into_markup() -> None:
    """A rule's path goes through elements like through members."""
    loosened = (rule("$.html[*].body[*].h1[*]['#text'][*]", RuleKind.STRING),)
    first, second = (answer(body, media="text/html") for body in (PAGE, PAGE.replace("Hi", "Ho")))
    assert between(first, second, VALUE, loosened) == []


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param("<a><b x='1'/></a>", '<?xml version="1.0"?>\n<a>\n<b x="1"></b></a>', [], id="spelling"),
        pytest.param("<a><b/></a>", "<a><c/></a>", [("member", "$.a[*].b"), ("member", "$.a[*].c")], id="element"),
        pytest.param("<a>1</a>", "<a>2</a>", [("value", "$.a[*]['#text'][*]")], id="text"),
        pytest.param("<a><b>1</b><b>2</b></a>", "<a><b>2</b><b>1</b></a>", [("another-order", "$.a[*].b")], id="order"),
        pytest.param("<a>", "<a ", [("text", "$")], id="no-xml"),
        pytest.param("<a/>", "<!DOCTYPE a []><a/>", [("body-kind", "kind")], id="document-type"),
    ],
)
def test_xml_is_compared_by_structure(a: str, b: str, wanted: list[tuple[str, str]]) -> None:
    """Well-formed XML without a document type has structure; anything else is text."""
    assert seen(a, b, "application/xml") == wanted


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param("a=1&b=x+y", "b=x%20y&a=1", [], id="order-and-escapes"),
        pytest.param("a=1", "a=2", [("value", "$.a[*]")], id="value"),
        pytest.param("a=1&a=2", "a=1", [("length", "$.a")], id="repeated"),
        pytest.param("a=1&b=", "a=1", [("member", "$.b")], id="missing"),
    ],
)
def test_forms_are_compared_by_pairs(a: str, b: str, wanted: list[tuple[str, str]]) -> None:
    """A form is an object of lists."""
    assert seen(a, b, FORM) == wanted


HOSTILE = {
    "depth": "<a>" * 20_000,
    "ends": "</a>" * 30_000,
    "starts": "<a " * 80_000,
    "comments": "<!--" * 60_000,
    "declarations": "<!" * 120_000,
    "instructions": "<?" * 120_000,
    "attributes": "<a " + "b=c " * 60_000 + ">",
    "references": "&" * 250_000,
    "script": "<script>" + "</scrip" * 35_000,
    "cdata": "<![CDATA[" * 28_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("media", ["text/html", "application/xml"])
def test_hostile_markup_is_compared(name: str, media: str) -> None:
    """Whatever a document holds, it is compared, without recursion."""
    document = HOSTILE[name]
    assert seen(document, document + "x", media, SHAPE) in ([], [("body-kind", "kind")], [("member", "$.a[*]['@x']")])


XML = "application/xml"
ORDER = ("another-order", "$")


@pytest.mark.parametrize(
    ("path", "hides"),
    [
        pytest.param("$.r[*].at[*]['#text'][*]", False, id="a-rule-that-is-needed-elsewhere"),
        pytest.param("$.r[*].a", True, id="a-rule-about-one-of-the-two"),
        pytest.param("$.r", True, id="a-rule-about-what-holds-them"),
        pytest.param("$.r[*].z", False, id="a-rule-about-nothing"),
    ],
)
def test_a_rule_hides_another_order_only_where_it_stands(path: str, *, hides: bool) -> None:
    """Elements in another order are a difference, whatever rule was needed anywhere else in the document."""
    first = "<r><at>1</at><a/><b/></r>"
    second = "<r><at>2</at><b/><a/></r>"
    rules = tuple(rule(each, RuleKind.ANY) for each in (path, "$.r[*].at[*]['#text'][*]"))
    a, b = (answer(body, media=XML) for body in (first, second))
    expected = [] if hides else [ORDER]
    assert [(name, place) for name, place, _, _ in between(a, b, VALUE, rules)] == expected
    assert [(name, place) for name, place, _, _ in between(b, a, VALUE, rules)] == expected


def test_a_rule_that_hides_another_order_was_needed() -> None:
    """Such a rule counts as needed, so that nobody is told to remove it."""
    about = rule("$.r[*].a", RuleKind.ANY)
    first, second = (read_answer(answer(body, media=XML)) for body in ("<r><a/><b/></r>", "<r><b/><a/></r>"))
    outcome = compare_answers(first, second, Terms(level=VALUE, loosening=Loosening((about,))))
    assert (outcome.differences, outcome.rule_hits[about]) == ((), 1)
