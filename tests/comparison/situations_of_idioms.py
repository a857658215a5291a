"""Situations of 2 to 5 runtimes in which a sentence names a cause.

The sentence must be true of each pair of runtimes.
"""

from typing import Final

from conformance.model.rule import RuleKind
from tests.comparison.differences import answer, rule
from tests.comparison.situations import SHAPE, situation, x

IGNORED: Final = (rule("$.user_id", RuleKind.ANY),)
IDIOMS: Final = [
    # names, envelopes, times
    situation(
        "key-case",
        '{"user_id":1}',
        '{"userId":1}',
        '{"user_id":1}',
        expected=[("$", "b is the odd one out (camelCase); a, c: snake_case", "b")],
    ),
    situation(
        "key-case-value",
        '{"user_id":1}',
        '{"userId":2}',
        '{"user_id":1}',
        expected=[
            ("$", "b is the odd one out (camelCase); a, c: snake_case", "b"),
            ("$.userId", "b is the odd one out; a, c agree", "b"),
        ],
    ),
    situation(
        "three-cases",
        '{"user_id":1}',
        '{"userId":1}',
        '{"UserId":1}',
        expected=[("$", "they differ: a snake_case · b camelCase · c PascalCase", "")],
    ),
    situation(
        "envelope",
        '{"data":{"p":1,"q":2}}',
        '{"p":1,"q":2}',
        '{"p":1,"q":2}',
        expected=[("$", "a is the odd one out (enveloped in data); b, c: bare", "a")],
    ),
    situation(
        "two-envelopes-and-a-bare-value",
        '{"data":{"id":1,"n":"x"},"ok":true}',
        '{"id":1,"n":"y"}',
        '{"result":{"id":1,"n":"x"}}',
        expected=[
            (
                "$",
                "they differ: a enveloped in data · b bare · c enveloped in result",
                "",
            ),
            ("$.data.n", "b is the odd one out beside a, c", "b"),
            ("$.ok", "a is the odd one out (present); b, c: absent", "a"),
            ("$.data", "they differ: a present · c absent; not compared: b", ""),
            ("$.result", "they differ: a absent · c present; not compared: b", ""),
        ],
    ),
    situation(
        "timestamps",
        x('"2026-11-23T00:00:00Z"'),
        x('"2026-11-23T01:00:00+01:00"'),
        x('"2026-11-23T00:00:00Z"'),
        expected=[("$.x", "b is the odd one out (ISO 8601 offset); a, c: ISO 8601 Z", "b")],
    ),
    situation(
        "pagination-and-renamed-list",
        '{"items":[{"a":1}],"page":1,"total":3}',
        '{"data":[{"a":1}],"next_cursor":"x"}',
        '{"data":[{"a":1}],"next_cursor":"x"}',
        expected=[
            ("$", "a is the odd one out (items); b, c: data", "a"),
            ("$", "a is the odd one out (page, total); b, c: next_cursor", "a"),
        ],
    ),
    situation(
        "envelopes-of-two-and-a-text",
        x('{"data":{"p":1,"q":2}}'),
        x('{"p":1,"q":2}'),
        x('"s"'),
        expected=[
            ("$.x", "c is the odd one out (string); a, b: object", "c"),
            ("$.x", "they differ: a enveloped in data · b bare; c: string", ""),
        ],
    ),
    # labels
    situation(
        "one-body-two-labels",
        answer("hi", media="application/octet-stream"),
        answer("hi", media="text/plain"),
        level=SHAPE,
        expected=[
            ("header content-type", "they differ: a application/octet-stream · b text/plain", "")
        ],
    ),
    situation(
        "text-labelled-as-json",
        answer('{"a":1}', media="text/plain"),
        answer('{"a":1}'),
        answer('{"a":1}'),
        expected=[
            (
                "header content-type",
                "a is the odd one out (text/plain); b, c: application/json",
                "a",
            )
        ],
    ),
    situation(
        "what-a-body-holds-is-compared-whatever-its-label",
        answer('{"a":1,"b":2}', media="text/html"),
        answer('{"a":1,"b":3}'),
        answer('{"a":1}'),
        expected=[
            ("$.b", "c is the odd one out (absent); a, b: present", "c"),
            ("$.b", "they differ: a · b; c: absent", ""),
            (
                "header content-type",
                "a is the odd one out (text/html); b, c: application/json",
                "a",
            ),
            ("kind", "a is the odd one out (HTML); b, c: JSON", "a"),
        ],
    ),
    situation(
        "json-in-two-charsets",
        answer('{"a":"\u00e9"}'.encode("latin-1")),
        answer('{"a":"e"}'),
        answer('{"a":"e"}'),
        expected=[
            ("$.a", "a is the odd one out; b, c agree", "a"),
            ("kind", "a is the odd one out (binary); b, c: JSON", "a"),
            ("note not-utf-8", "a is the odd one out (present); b, c: absent", "a"),
        ],
    ),
    situation(
        "the-location-of-a-redirect-of-another-status-is-compared",
        answer(status=301, Location="/p"),
        answer(status=302, Location="/p"),
        answer(status=302, Location="/q"),
        expected=[
            ("header location", "c is the odd one out; a, b agree", "c"),
            ("status", "a is the odd one out (301); b, c: 302", "a"),
        ],
    ),
    # integers and numbers with a fraction
    situation(
        "a-rule-accepts-an-integer-beside-an-integer-only",
        x(15),
        x(17337),
        x("15.0"),
        rules=(rule("$.x", RuleKind.INTEGER),),
        expected=[
            ("$.x", "they differ: b · c; a: integer", ""),
            ("$.x", "c is the odd one out (number); a, b: integer", "c"),
        ],
    ),
    situation(
        "an-integer-beside-a-float-that-is-another-number",
        '[{"x":9.5},{"x":12}]',
        '[{"x":91040}]',
        '[{"x":9.5},{"x":12.0}]',
        expected=[
            ("$", "b is the odd one out; a, c agree in length", "b"),
            ("$[*].x", "they differ: a integer · c number; b: integer", ""),
            (
                "$[*].x",
                "they differ: a integer or number · b integer · c number, but not a from c",
                "",
            ),
        ],
    ),
    situation(
        "a-whole-number-beside-one-that-a-list-lacks",
        '[{"id":1,"p":1.5},{"id":2,"p":2.0}]',
        '[{"id":2,"p":2}]',
        '[{"id":1,"p":1.5},{"id":2,"p":2}]',
        expected=[
            ("$", "b is the odd one out; a, c agree in length", "b"),
            ("$[*].p", "a is the odd one out (number); b, c: integer", "a"),
        ],
    ),
    # envelopes
    situation(
        "a-value-in-an-envelope-and-without",
        '{"data":{"id":1,"name":"x"}}',
        '{"id":1,"name":"x"}',
        '{"data":{"id":2,"name":"x"}}',
        expected=[
            ("$", "b is the odd one out (bare); a, c: enveloped in data", "b"),
            ("$.data.id", "c is the odd one out beside a, b", "c"),
        ],
    ),
    # who agrees
    situation(
        "one-value-written-in-two-ways-beside-another-value",
        x("1.5"),
        x("7.99"),
        x('"1.5"'),
        expected=[
            ("$.x", "b is the odd one out beside a, c", "b"),
            ("$.x", "c is the odd one out (string); a, b: number", "c"),
        ],
    ),
    situation(
        "escaped-beside-something-else",
        x('"a & b"'),
        x('"other"'),
        x('"a &amp; b"'),
        expected=[
            (
                "$.x",
                (
                    "they differ: a as it is beside c · b · c escaped for HTML beside a; "
                    "text escaped for HTML between a and c"
                ),
                "",
            ),
        ],
    ),
    # order
    situation(
        "another-order-of-elements-with-ids-and-null-beside-absent",
        '[{"id":1,"n":"x"},{"id":2,"n":"y","d":"q"}]',
        '[{"id":1,"n":"x"},{"id":2,"n":"y","d":"q"}]',
        '[{"id":2,"n":"y","d":"q"},{"id":1,"n":"x","d":null}]',
        expected=[
            ("$", "c is the odd one out; a, b agree", "c"),
            ("$[*].d", "c is the odd one out (null); a, b: absent", "c"),
        ],
    ),
    situation(
        "another-order-of-elements-with-ids-and-another-value-in-each",
        '[{"sku":"p","n":1},{"sku":"q","n":2}]',
        '[{"sku":"q","n":3},{"sku":"p","n":4}]',
        expected=[("$", "they differ: a · b", ""), ("$[*].n", "they differ: a · b", "")],
    ),
    situation(
        "a-rank-beside-the-ids-is-no-other-order",
        '[{"id":1,"rank":1},{"id":2,"rank":2}]',
        '[{"id":1,"rank":2},{"id":2,"rank":1}]',
        expected=[("$[*].rank", "they differ: a · b", "")],
    ),
    situation(
        "other-names-and-the-same-prices-are-no-other-order",
        '[{"name":"x","price":1},{"name":"y","price":2}]',
        '[{"name":"v","price":2},{"name":"w","price":1}]',
        expected=[
            ("$[*].name", "they differ: a · b", ""),
            ("$[*].price", "they differ: a · b", ""),
        ],
    ),
    situation(
        "a-member-in-another-element",
        '[{"id":1},{"id":2,"d":"q"}]',
        '[{"id":1,"d":"q"},{"id":2}]',
        expected=[("$[*].d", "they differ: a · b", "")],
    ),
    situation(
        "another-order-and-another-value",
        '[{"id":1},{"id":2},{"id":5}]',
        '[{"id":5},{"id":2},{"id":1}]',
        '[{"id":1},{"id":3},{"id":5}]',
        expected=[
            ("$", "b is the odd one out beside a, c", "b"),
            ("$[*].id", "c is the odd one out; a, b agree", "c"),
        ],
    ),
    situation(
        "another-order-of-elements-that-one-side-has-more-often",
        "[9,1,2,3,4]",
        "[4,3,2,4,1]",
        expected=[("$", "they differ: a · b", ""), ("$[*]", "they differ: a · b", "")],
    ),
    situation(
        "an-element-that-stands-twice",
        '["a","b","a"]',
        '["x","b","a"]',
        expected=[("$[*]", "they differ: a · b", "")],
    ),
    situation(
        "moved-on-by-one-though-an-element-stands-twice",
        '["a","b","a","c"]',
        '["b","a","c","x"]',
        expected=[("$", "they differ: a · b", "")],
    ),
    situation(
        "moved-on-by-one-is-no-other-order",
        "[1,2,3]",
        "[2,3,4]",
        expected=[("$", "they differ: a · b", "")],
    ),
]
