"""Situations of 2 to 4 runtimes that answer with XML."""

from typing import Final

from conformance.model.case import CompareLevel
from tests.comparison.differences import answer
from tests.comparison.situations import situation

ORDERS: Final = "<o><id>1</id></o><o><id>2</id></o>"
LINES: Final = "<line><q>1</q></line><line><q>2</q></line>"

MARKUP: Final = [
    situation(
        "the-order-of-children-beside-a-value",
        answer("<o><x>1</x><y>2</y></o>", media="application/xml"),
        answer("<o><y>3</y><x>1</x></o>", media="application/xml"),
        answer("<o><x>1</x><y>3</y></o>", media="application/xml"),
        expected=[
            ("$.o", "b is the odd one out; a, c agree", "b"),
            ("$.o.y", "a is the odd one out; b, c agree", "a"),
        ],
    ),
    situation(
        "children-beside-a-text-alone",
        answer("<r><i><a>1</a><b>2</b></i><i><a>3</a></i></r>", media="application/xml"),
        answer("<r><i><a>1</a><b>2</b></i><i>three</i></r>", media="application/xml"),
        answer("<r><i><a>1</a><b>2</b></i><i>three</i></r>", media="application/xml"),
        expected=[("$.r.i[*]", "a is the odd one out (object); b, c: string", "a")],
    ),
    situation(
        "namespaces",
        answer('<r xmlns="u"><a>1</a></r>', media="application/xml"),
        answer('<r xmlns="w"><a>1</a></r>', media="application/xml"),
        answer('<r xmlns="u"><a>1</a></r>', media="application/xml"),
        expected=[("$.r", "b is the odd one out (w); a, c: u", "b")],
    ),
    situation(
        "exchanged-namespaces",
        answer('<r><a xmlns="urn:1">x</a><a xmlns="urn:2">y</a></r>', media="application/xml"),
        answer('<r><a xmlns="urn:2">x</a><a xmlns="urn:1">y</a></r>', media="application/xml"),
        expected=[
            ("$.r.a[*]", "they differ: a urn:1 · b urn:2", ""),
            ("$.r.a[*]", "they differ: a urn:2 · b urn:1", ""),
        ],
    ),
    situation(
        "exchanged-elements-in-two-namespaces",
        answer('<r><a xmlns="urn:1">x</a><a xmlns="urn:2">y</a></r>', media="application/xml"),
        answer('<r><a xmlns="urn:2">y</a><a xmlns="urn:1">x</a></r>', media="application/xml"),
        expected=[("$.r.a", "they differ: a · b", "")],
    ),
    situation(
        "no-namespace-and-two",
        answer('<r xmlns="u"><a/></r>', media="application/xml"),
        answer("<r><a/></r>", media="application/xml"),
        answer('<r xmlns="w"><a/></r>', media="application/xml"),
        expected=[("$.r", "they differ: a u · b none of its own · c w", "")],
    ),
    situation(
        "a-namespace-and-none-at-the-root",
        answer('<r xmlns="u"><a/></r>', media="application/xml"),
        answer("<r><a/></r>", media="application/xml"),
        expected=[("$.r", "they differ: a u · b none of its own", "")],
    ),
    situation(
        "roots-with-nothing-but-text",
        answer("<a>1</a>", media="application/xml"),
        answer("<b>2</b>", media="application/xml"),
        answer("<b>2</b>", media="application/xml"),
        expected=[
            ("$", "a is the odd one out (a); b, c: b", "a"),
            ("$.a", "a is the odd one out; b, c agree", "a"),
        ],
    ),
    situation(
        "empty-roots",
        answer("<a/>", media="application/xml"),
        answer("<b/>", media="application/xml"),
        expected=[("$", "they differ: a a · b b", "")],
    ),
    situation(
        "roots-that-have-nothing-in-common",
        answer("<a><x>1</x></a>", media="application/xml"),
        answer("<b><y>2</y></b>", media="application/xml"),
        expected=[
            ("$", "they differ: a a · b b", ""),
            ("$.a.x", "they differ: a present · b absent", ""),
            ("$.b.y", "they differ: a absent · b present", ""),
        ],
    ),
    situation(
        "a-document-in-another-one",
        answer("<a><x>1</x></a>", media="application/xml"),
        answer("<w><a><x>1</x></a></w>", media="application/xml"),
        expected=[("$", "they differ: a bare · b enveloped in w", "")],
    ),
    situation(
        "a-repeated-element-under-another-root",
        answer(f"<Response>{ORDERS}</Response>", media="application/xml"),
        answer("<Result><o><id>1</id><x>1</x></o></Result>", media="application/xml"),
        level=CompareLevel.SHAPE,
        expected=[
            ("$", "they differ: a Response · b Result", ""),
            ("$.Result.o.x", "they differ: a absent · b present", ""),
        ],
    ),
    situation(
        "other-elements-under-another-root",
        answer(f"<Response>{ORDERS}</Response>", media="application/xml"),
        answer("<Result><o><id>7</id></o></Result>", media="application/xml"),
        expected=[
            ("$", "they differ: a Response · b Result", ""),
            ("$.Response.o", "they differ: a · b", ""),
        ],
    ),
    situation(
        "an-element-of-a-page-in-another-one",
        answer("<html><body><h1>T</h1><ul><li>a</li></ul></body></html>", media="text/html"),
        answer(
            "<html><body><h1>T</h1><div><ul><li>b</li></ul></div></body></html>", media="text/html"
        ),
        answer("<html><body><h1>T</h1><ul><li>a</li></ul></body></html>", media="text/html"),
        expected=[
            ("$.html.body", "b is the odd one out (ul enveloped in div); a, c: ul bare", "b"),
            ("$.html.body.div.ul.li", "b is the odd one out; a, c agree", "b"),
        ],
    ),
    situation(
        "a-repeated-element-in-a-wrapper",
        answer(f"<r>{LINES}</r>", media="application/xml"),
        answer("<r><lines><line><q>9</q></line></lines></r>", media="application/xml"),
        expected=[
            ("$.r", "they differ: a bare · b enveloped in lines", ""),
            ("$.r.line", "they differ: a · b", ""),
        ],
    ),
    situation(
        "a-repeated-element-in-a-wrapper-beside-others",
        answer(f"<r><n>1</n>{LINES}</r>", media="application/xml"),
        answer(f"<r><n>2</n><lines>{LINES}</lines></r>", media="application/xml"),
        answer("<r><n>1</n><lines><line><q>1</q></line></lines></r>", media="application/xml"),
        expected=[
            ("$.r", "a is the odd one out (line bare); b, c: line enveloped in lines", "a"),
            ("$.r.line", "c is the odd one out; a, b agree in length", "c"),
            ("$.r.n", "b is the odd one out; a, c agree", "b"),
        ],
    ),
    situation(
        "an-element-in-a-wrapper-with-others-of-its-own",
        answer(f"<r><n>1</n>{LINES}</r>", media="application/xml"),
        answer(f"<r><n>1</n><lines><k>1</k>{LINES}</lines></r>", media="application/xml"),
        expected=[
            ("$.r.line", "they differ: a present · b absent", ""),
            ("$.r.lines", "they differ: a absent · b present", ""),
        ],
    ),
    situation(
        "one-element-beside-one-in-a-wrapper-and-several",
        answer(f"<r>{LINES}</r>", media="application/xml"),
        answer("<r><line><q>1</q></line></r>", media="application/xml"),
        answer("<r><lines><line><q>9</q></line></lines></r>", media="application/xml"),
        expected=[
            ("$.r", "c is the odd one out (enveloped in lines); a, b: bare", "c"),
            ("$.r.line", "a is the odd one out; b, c agree in length", "a"),
            ("$.r.line.q", "they differ: b · c", ""),
        ],
    ),
    situation(
        "an-empty-child-in-a-wrapper-beside-several",
        answer(f"<r>{LINES}</r>", media="application/xml"),
        answer("<r><line><q>1</q></line></r>", media="application/xml"),
        answer("<r><lines><line><q>1</q><m/></line></lines></r>", media="application/xml"),
        level=CompareLevel.SHAPE,
        expected=[
            ("$.r", "c is the odd one out (enveloped in lines); a, b: bare", "c"),
            ("$.r.lines.line.m", "c is the odd one out (present); a, b: absent", "c"),
        ],
    ),
    situation(
        "an-attribute-under-another-root",
        answer("<a><n>1</n></a>", media="application/xml"),
        answer('<b><n k="v">2</n></b>', media="application/xml"),
        expected=[
            ("$", "they differ: a a · b b", ""),
            ("$.a.n", "they differ: a · b", ""),
            ("$.b.n['@k']", "they differ: a absent · b present", ""),
        ],
    ),
    situation(
        "a-repeated-tag-elsewhere-makes-no-list-of-another-element",
        answer("<a><t><n>1</n><n>2</n></t><n>1</n></a>", media="application/xml"),
        answer("<b><t><n>1</n><n>2</n></t><m>1</m></b>", media="application/xml"),
        level=CompareLevel.SHAPE,
        expected=[
            ("$", "they differ: a a · b b", ""),
            ("$.a.n", "they differ: a present · b absent", ""),
            ("$.b.m", "they differ: a absent · b present", ""),
        ],
    ),
]
