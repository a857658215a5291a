"""Situations of 2 to 4 runtimes that answer with XML."""

from typing import Final

from tests.comparison.differences import answer
from tests.comparison.situations import situation

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
        "namespaces",
        answer('<r xmlns="u"><a>1</a></r>', media="application/xml"),
        answer('<r xmlns="w"><a>1</a></r>', media="application/xml"),
        answer('<r xmlns="u"><a>1</a></r>', media="application/xml"),
        expected=[("$.r", "b is the odd one out (w); a, c: u", "b")],
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
        answer("<b><y>1</y></b>", media="application/xml"),
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
]
