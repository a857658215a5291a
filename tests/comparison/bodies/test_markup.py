"""HTML and XML by their elements: names without prefixes, texts where they stand, order apart."""

import pytest

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.comparison.bodies.html import parse_html
from conformance.comparison.rules.loosening import Loosening
from conformance.model.case import CompareLevel
from conformance.model.json_path import parse_path
from conformance.model.rule import AlignRule, OrderRule, RuleKind
from tests.comparison.differences import PLACE, answer, between, rule, seen

SHAPE, VALUE = CompareLevel.SHAPE, CompareLevel.VALUE
XML = "application/xml"
PAGE = '<html><body class="x"><h1>Hi</h1><ul><li>one<li>two</ul><br></body></html>'


@pytest.mark.parametrize(
    ("changed", "shape", "value"),
    [
        pytest.param(PAGE, [], [], id="same"),
        pytest.param(PAGE.replace("><", ">\n  <"), [], [], id="blanks"),
        pytest.param("<!doctype html><!-- x -->" + PAGE, [], [], id="comment"),
        pytest.param(PAGE.replace("<li>two", "<LI>two</li>"), [], [], id="case-and-end"),
        pytest.param(PAGE.replace("Hi", "Ho"), [], [("value", "$.html.body.h1")], id="text"),
        pytest.param(PAGE.replace('"x"', '"y"'), [], [("value", "$.html.body['@class']")],
            id="attribute"),
        pytest.param(PAGE.replace(' class="x"', ""), [("member", "$.html.body['@class']")], None,
                     id="attribute-dropped"),
        pytest.param(PAGE.replace("<br>", "<p>new</p>"),
                     [("member", "$.html.body.br"), ("member", "$.html.body.p")], None,
                     id="element"),
        pytest.param(PAGE.replace("<li>two", ""), [], [("length", "$.html.body.ul.li")],
            id="one-less"),
        pytest.param(PAGE.replace("<h1>Hi</h1>", "").replace("<br>", "<h1>Hi</h1><br>"), [],
                     [("element-order", "$.html.body")], id="order"),
    ],
)  # fmt: skip
def test_html_is_compared_by_structure(
    changed: str, shape: list[tuple[str, str]], value: list[tuple[str, str]] | None
) -> None:
    """Elements and attributes are shape, what they say is value.

    How the same page is written is neither.
    """
    assert seen(PAGE, changed, "text/html", SHAPE) == shape
    assert value is None or seen(PAGE, changed, "text/html") == value


def test_rules_reach_into_markup() -> None:
    """A rule's path goes through elements like through members."""
    loosened = (rule("$.html.body.h1", RuleKind.STRING),)
    first, second = (answer(body, media="text/html") for body in (PAGE, PAGE.replace("Hi", "Ho")))
    assert between(first, second, VALUE, loosened) == []


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param("<a><b x='1'/></a>", '<?xml version="1.0"?>\n<a>\n<b x="1"></b></a>', [],
            id="spelling"),
        pytest.param("<a><b>1</b></a>", "<a><c>1</c></a>",
            [("renamed-root", "$.a")], id="element"),
        pytest.param("<a><b/></a>", "<a/>", [("member", "$.a.b")],
            id="empty-element"),
        pytest.param("<a>1</a>", "<a>2</a>", [("value", "$.a")], id="text"),
        pytest.param("<a>1</a>", "<a></a>", [("value", "$.a")], id="no-text"),
        pytest.param("<a><b>1</b></a>", "<a><b>2</b></a>", [("value", "$.a.b")],
            id="text-of-a-child"),
        pytest.param("<a><b>1</b></a>", "<a><b>1</b><b>2</b></a>", [("length", "$.a.b")],
            id="one-more"),
        pytest.param("<a><b>1</b></a>", '<a><b x="y">1</b></a>', [("member", "$.a.b['@x']")],
            id="attribute"),
        pytest.param("<a><b>1</b><b>2</b></a>", "<a><b>1</b><b>3</b></a>", [("value", "$.a.b[*]")],
            id="of-several"),
        pytest.param('<D:a xmlns:D="DAV:"/>', '<ns0:a xmlns:ns0="DAV:"/>', [], id="prefixes"),
        pytest.param('<D:a xmlns:D="DAV:"/>', '<a xmlns="DAV:"/>', [], id="default-namespace"),
        pytest.param("<a/>", '<a xmlns:z="urn:z"/>', [], id="unused-declaration"),
        pytest.param("<a><b>1</b></a>", '<a xmlns="urn:z"><b>1</b></a>',
            [("xml-namespace", "$.a")],
                     id="namespace-missing"),
        pytest.param('<a xmlns="urn:y"/>', '<a xmlns="urn:z"/>',
                     [("xml-namespace", "$.a")], id="another-namespace"),
        pytest.param('<a xmlns:p="urn:p"><p:b/></a>', "<a><b/></a>",
            [("xml-namespace", "$.a.b")],
                     id="namespace-of-a-child"),
        pytest.param('<a xmlns="u"><b xmlns=""/></a>', '<a xmlns="u"><b/></a>',
            [("xml-namespace", "$.a.b")], id="namespace-of-a-child-undone"),
        pytest.param('<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>',
                     '<a xmlns:j="http://www.w3.org/2001/XMLSchema-instance" j:nil="1"/>',
                     [("value", "$.a['@xsi:nil']")], id="known-attribute"),
        pytest.param('<a xmlns:i="urn:x" i:b="1"/>', '<a b="1"/>',
                     [("member", "$.a['@b']"), ("member", "$.a['@{urn:x}b']")],
                     id="attribute-of-a-namespace"),
        pytest.param("<a>", "<a ", [("text", "$")], id="no-xml"),
        pytest.param("<a/>", "<!DOCTYPE a []><a/>", [], id="document-type"),
        pytest.param("<a/>", '<!DOCTYPE a SYSTEM "x.dtd"><a/>', [], id="document-type-elsewhere"),
        pytest.param("<a/>", '<!DOCTYPE a [<!ENTITY e "x">]><a/>', [("body-kind", "kind")],
            id="entities"),
        pytest.param("<a/>", '<!DOCTYPE a SYSTEM "x.dtd"><a>&e;</a>', [("body-kind", "kind")],
            id="unknown-entity"),
    ],
)  # fmt: skip
def test_xml_is_compared_by_structure(a: str, b: str, wanted: list[tuple[str, str]]) -> None:
    """Well-formed XML that declares no entities has structure; anything else is text."""
    assert seen(a, b, "application/xml") == wanted


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
    assert seen(document, document + "x", media, SHAPE) in (
        [],
        [("body-kind", "kind")],
        [("member", "$.a['@x']")],
    )


ORDER = ("element-order", "$.r")


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
    """Elements in another order are a difference, whatever rule was needed elsewhere.

    Elsewhere is anywhere else in the document.
    """
    first = "<r><at>1</at><a/><b/></r>"
    second = "<r><at>2</at><b/><a/></r>"
    rules = tuple(rule(each, RuleKind.ANY) for each in (path, "$.r[*].at[*]['#text'][*]"))
    a, b = (answer(body, media=XML) for body in (first, second))
    expected = [] if hides else [ORDER]
    assert [(name, place) for name, place, _, _ in between(a, b, VALUE, rules)] == expected
    assert [(name, place) for name, place, _, _ in between(b, a, VALUE, rules)] == expected


def test_a_rule_that_hides_another_order_was_needed() -> None:
    """Such a rule counts as needed, so that no warning says to remove it."""
    about = rule("$.r[*].a", RuleKind.ANY)
    first, second = (
        read_answer(answer(body, media=XML)) for body in ("<r><a/><b/></r>", "<r><b/><a/></r>")
    )
    outcome = compare_answers(first, second, Terms(level=VALUE, loosening=Loosening((about,))))
    assert (outcome.differences, outcome.rule_hits[about]) == ((), 1)


@pytest.mark.parametrize(
    "path", ["$.r.b", "$.r[*].b[*]", "$.r.b['#text']", "$.r[*].b[*]['#text'][*]"]
)
@pytest.mark.parametrize(
    "second", ["<r><b>2</b></r>", "<r><b>2</b><b>1</b></r>", '<r><b x="1">2</b></r>']
)
def test_a_path_in_markup_goes_by_names(path: str, second: str) -> None:
    """A rule need not know whether a tag is repeated or has attributes.

    Both spellings of its path are the same.
    """
    first = second.replace("2", "3")
    a, b = (answer(body, media=XML) for body in (first, second))
    assert between(a, b, VALUE) != []
    assert between(a, b, VALUE, (rule(path, RuleKind.STRING),)) == []


@pytest.mark.parametrize(
    ("a", "b", "hidden"),
    [
        pytest.param("<r><b>1</b><c>2</c></r>", "<r><c>2</c><b>1</b></r>", True, id="tags"),
        pytest.param("<r><b>1</b><b>2</b></r>", "<r><b>2</b><b>1</b></r>", True, id="one-tag"),
        pytest.param(
            "<r><b>1</b><b>2</b><c/></r>", "<r><b>2</b><c/><b>1</b></r>", True, id="mixed"
        ),
        pytest.param(
            "<r><b><d/><e/></b><c/></r>", "<r><c/><b><d/><e/></b></r>", True, id="order-below-kept"
        ),
        pytest.param(
            "<r><b><d/><e/></b><c/></r>", "<r><c/><b><e/><d/></b></r>", False, id="order-below"
        ),
        pytest.param(
            "<r><b>1</b><c>2</c></r>", "<r><c>2</c><b>3</b></r>", False, id="another-value"
        ),
    ],
)
def test_children_in_any_order(a: str, b: str, *, hidden: bool) -> None:
    """`order: any` frees the order of an element's children, and of nothing else.

    It is needed where it does so.
    """
    free = OrderRule(path=parse_path("$.r"), why="a bag", place=PLACE)
    first, second = (read_answer(answer(body, media=XML)) for body in (a, b))
    assert compare_answers(first, second, Terms(level=VALUE)).differences
    outcome = compare_answers(first, second, Terms(level=VALUE, loosening=Loosening((free,))))
    assert (not outcome.differences) == hidden
    assert not hidden or outcome.rule_hits[free] > 0


def test_a_set_of_reordered_elements_was_needed() -> None:
    """`as: set` on the children of one tag silences their order.

    It is never reported as not needed.
    """
    about = AlignRule(path=parse_path("$.r.a"), key=(), why="a bag", place=PLACE)
    bodies = ("<r><a>1</a><a>2</a></r>", "<r><a>2</a><a>1</a></r>")
    first, second = (read_answer(answer(body, media=XML)) for body in bodies)
    outcome = compare_answers(first, second, Terms(level=VALUE, loosening=Loosening((about,))))
    assert (outcome.differences, outcome.rule_hits[about]) == ((), 1)


def test_two_error_pages_are_one_difference() -> None:
    """However much two pages of an error differ, that is one cause.

    Two pages of a success are compared.
    """
    pages = ("<html><h1>Not found</h1><p>a", "<html><body class=x><h2>404</h2><hr>nginx")
    errors = [answer(page, 404, media="text/html") for page in pages]
    assert [(name, place) for name, place, _, _ in between(errors[0], errors[1])] == [
        ("another-error-page", "$")
    ]
    successes = [answer(page, 200, media="text/html") for page in pages]
    assert len(between(successes[0], successes[1])) > 1


def test_a_bare_text_is_no_error_page() -> None:
    """Text called HTML without any element is not a page, but another kind of body.

    Beside another body of this kind it is compared like text.
    """
    page, text, other = (
        answer(body, 405, media="text/html") for body in ("<p>no</p>", "no", "not a page")
    )
    assert between(page, text) == [("body-kind", "kind", "HTML", "text")]
    assert between(text, page) == [("body-kind", "kind", "text", "HTML")]
    assert [(name, place) for name, place, _, _ in between(text, other, VALUE)] == [
        ("value", "$['#text']")
    ]


@pytest.mark.parametrize(
    ("media", "page", "place"),
    [
        ("text/html", "<body><script>a {}</script></body>", "$.body.script"),
        ("text/html", "<body><style>a {}</style></body>", "$.body.style"),
        ("text/html", "<body><textarea>a {}</textarea></body>", "$.body.textarea"),
        ("text/html", "<body><pre>a {}</pre></body>", "$.body.pre"),
        ("text/html", "<body><pre><b>a {}</b></pre></body>", "$.body.pre.b"),
        (XML, '<r xml:space="preserve"><a>a {}</a></r>', "$.r.a"),
    ],
)
def test_white_space_that_counts_is_compared(media: str, page: str, place: str) -> None:
    """Scripts, styles and preformatted text are compared as written, but for line ends."""
    assert seen(page.format("b"), page.format(" b"), media) == [("value", place)]
    assert seen(page.format("\nb"), page.format("\r\nb"), media) == []


@pytest.mark.parametrize("tag", ["title", "textarea", "xmp", "iframe", "noembed", "noframes"])
def test_elements_that_hold_text_alone_have_no_elements(tag: str) -> None:
    """Such an element ends at its own end tag only, and what looks like a tag in it is text."""
    page = f"<body><{tag}>T</{tag}><p>x</p></body>"
    wrong = page.replace(f"</{tag}>", f"</{tag}x>")
    assert seen(page, wrong, "text/html") != []
    assert parse_html(f"<{tag}>a <b>x</b></{tag}>").outline == ((tag,),)
    assert parse_html(f"<{tag}/>a <b>x</b></{tag.upper()} >").outline == ((tag,),)


def test_a_title_holds_entities() -> None:
    """A title is text with entities, as a textarea is, and a script is without."""
    assert seen("<title>&eacute;</title>", "<title>é</title>", "text/html") == []
    assert seen("<script>&eacute;</script>", "<script>é</script>", "text/html") != []


@pytest.mark.parametrize(
    ("media", "page"),
    [
        ("text/html", "<body><p>a {}</p></body>"),
        (XML, '<r xml:space="preserve"><a xml:space="default">a {}</a></r>'),
    ],
)
def test_other_white_space_is_folded(media: str, page: str) -> None:
    """Outside of these elements, one space and two are the same."""
    assert seen(page.format("b"), page.format(" b"), media) == []


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        (
            '<r xmlns="u"><a>1</a></r>',
            '<r xmlns="w"><a>2</a></r>',
            [("value", "$.r.a"), ("xml-namespace", "$.r")],
        ),
        ("<r><a>1</a></r>", "<s><a>2</a></s>", [("renamed-root", "$"), ("value", "$.r.a")]),
        ("<R><a>1</a></R>", "<r><a>2</a></r>", [("key-case", "$"), ("value", "$.R.a")]),
        (
            "<o><A>1</A><b>2</b><A>3</A></o>",
            "<o><a>1</a><b>2</b><a>3</a></o>",
            [("member", "$.o.A"), ("member", "$.o.a")],
        ),
    ],
)
def test_another_name_or_namespace_of_an_element_is_one_cause(
    a: str, b: str, wanted: list[tuple[str, str]]
) -> None:
    """What stands below is compared all the same."""
    assert seen(a, b, XML) == wanted
