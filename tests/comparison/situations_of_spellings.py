"""Situations of 2 to 4 runtimes that spell one value in several ways."""

from typing import Final

from conformance.model.observation import Answer
from tests.comparison.differences import answer
from tests.comparison.situations import situation, x


def _page(body: str) -> Answer:
    return answer(f"<html><body>{body}</body></html>", media="text/html")


SPELLINGS: Final = [
    situation(
        "a-member-under-either-name-beside-one-that-has-both",
        '[{"name":"y"},{"name":"x"}]',
        '[{},{"Name":"x"}]',
        '[{"name":"y"},{"Name":"x"}]',
        expected=[
            ("$[*]", "they differ: a lowercase · b PascalCase", ""),
            ("$[*].Name", "they differ: a present · b sometimes present", ""),
            ("$[*].Name", "they differ: a absent · c sometimes present", ""),
            ("$[*].name", "they differ: a present · c sometimes present", ""),
            ("$[*].name", "they differ: b absent · c sometimes present", ""),
        ],
    ),
    situation(
        "white-space-beside-inline-elements",
        _page("<p><b>a</b> <i>b</i></p>"),
        _page("<p><b>a</b><i>b</i></p>"),
        _page("<p><b>a</b>\n  <i>b</i></p>"),
        expected=[("$.html.body.p", "b is the odd one out; a, c agree", "b")],
    ),
    situation(
        "white-space-between-a-word-and-an-inline-element",
        _page("<p>see <a>x</a>, or y</p>"),
        _page("<p>see<a>x</a>, or y</p>"),
        expected=[("$.html.body.p", "they differ: a · b", "")],
    ),
    situation(
        "white-space-beside-other-elements",
        _page("<ul>\n <li>a <b>b</b> </li>\n <li>c</li></ul>\n<p>d</p>"),
        _page("<ul><li> a <b>b</b></li><li>c</li></ul><p>d</p>"),
        expected=[],
    ),
    situation(
        "white-space-beside-an-inline-element-that-one-side-lacks",
        _page("<p>a <b>b</b> <i>c</i></p>"),
        _page("<p>a<b>b</b></p>"),
        expected=[("$.html.body.p.i", "they differ: a present · b absent", "")],
    ),
    situation(
        "a-message-in-other-capitals-beside-another-message",
        answer('{"code":"E1","message":"Not Found it"}', 404),
        answer('{"code":"E2","message":"not found it"}', 404),
        answer('{"code":"E2","message":"No such thing"}', 404),
        expected=[
            ("$.code", "a is the odd one out; b, c agree", "a"),
            (
                "$.message",
                (
                    "they differ: a more capitals beside b · b fewer capitals beside a · c; letter case of a "
                    "text between a and b; different message for the same error between a and c, between b "
                    "and c"
                ),
                "",
            ),
        ],
    ),
    situation(
        "columns-in-another-order-and-in-another-case",
        answer("id,name\n1,x\n", media="text/csv"),
        answer("ID,Name\n1,x\n", media="text/csv"),
        answer("name,id\nx,1\n", media="text/csv"),
        expected=[
            ("$.header", "c is the odd one out beside a, b", "c"),
            ("$.rows[*]", "b is the odd one out (PascalCase); a, c: lowercase", "b"),
        ],
    ),
    situation(
        "words-in-another-order-and-in-another-case",
        '["Red","GREEN"]',
        '["green","Red"]',
        '["Red","GREEN"]',
        expected=[
            ("$", "b is the odd one out; a, c agree", "b"),
            ("$[*]", "b is the odd one out (first letter small); a, c: all capitals", "b"),
        ],
    ),
    situation(
        "numbers-in-another-order-and-spelled-otherwise",
        "[1.5,2.5,3]",
        "[3,2.50,1.50]",
        "[1.5,2.5,3]",
        expected=[("$", "b is the odd one out; a, c agree", "b")],
    ),
    situation(
        "numbers-in-another-order-and-as-text",
        "[1,2,3]",
        '["3","2","1"]',
        "[1,2,3]",
        expected=[
            ("$", "b is the odd one out; a, c agree", "b"),
            ("$[*]", "b is the odd one out (string); a, c: number", "b"),
        ],
    ),
    situation(
        "a-number-in-single-precision-beside-the-same-in-double",
        x("0.33333334"),
        x("0.3333333333333333"),
        x("0.3333333432674408"),
        expected=[
            (
                "$.x",
                (
                    "they differ: a fewer digits · b more digits beside a, double precision beside "
                    "c · c more digits beside a, single precision beside b"
                ),
                "",
            )
        ],
    ),
    # an idiom whose facts are plain types says nothing of a runtime whose value it does not fit
    situation(
        "a-boolean-as-number-beside-another-number",
        x("true"),
        x(0),
        x(7),
        expected=[
            ("$.x", "they differ: a · b · c", ""),
            (
                "$.x",
                "a is the odd one out (boolean); b, c: integer; boolean as number between a and b",
                "a",
            ),
        ],
    ),
    situation(
        "a-boolean-as-text-beside-another-text",
        x("false"),
        x('"true"'),
        x('"x"'),
        expected=[
            ("$.x", "they differ: a · b · c", ""),
            (
                "$.x",
                "a is the odd one out (boolean); b, c: string; boolean as text between a and b",
                "a",
            ),
        ],
    ),
    situation(
        "a-number-as-string-beside-another-text",
        x("1.5"),
        x('"2"'),
        x('"x"'),
        expected=[
            ("$.x", "they differ: a · b · c", ""),
            (
                "$.x",
                "a is the odd one out (number); b, c: string; number as string between a and b",
                "a",
            ),
        ],
    ),
    situation(
        "two-kinds-of-number-beside-a-text-of-digits-and-another-text",
        x("1"),
        x("1.5"),
        x('"1.5"'),
        x('"abc"'),
        expected=[
            ("$.x", "they differ: a · b · c · d", ""),
            (
                "$.x",
                (
                    "they differ: a integer · b number · c, d string; number as string between a "
                    "and c, between b and c"
                ),
                "",
            ),
        ],
    ),
    situation(
        "a-name-of-one-letter-beside-an-abbreviation",
        '{"id":1,"n":"x"}',
        '{"ID":1,"N":"x"}',
        expected=[("$", "they differ: a lowercase · b UPPERCASE", "")],
    ),
    situation(
        "a-name-of-one-letter-beside-pascal-case",
        '{"userName":1,"n":"x","id":1}',
        '{"UserName":1,"N":"x","ID":1}',
        expected=[("$", "they differ: a camelCase · b PascalCase", "")],
    ),
    situation(
        "names-of-one-letter",
        '{"n":"x"}',
        '{"N":"x"}',
        expected=[("$", "they differ: a n · b N", "")],
    ),
    situation(
        "names-in-two-conventions",
        '{"name":"x","account":1}',
        '{"Name":"x","ACCOUNT":1}',
        expected=[("$", "they differ: a lowercase · b PascalCase, UPPERCASE", "")],
    ),
]
