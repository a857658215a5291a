"""Every idiom in its spellings, with the facts on their sides."""

import pytest

from conformance.comparison.idioms.catalogue import BY_NAME
from tests.comparison.differences import by_shape, mirrored
from tests.comparison.evidence.cures import LANGUAGES, without_cure

TAGGED, FLAT = "externally tagged", "flat"


def claimed(name: str, a: str, b: str, facts: tuple[str, str], path: str = "$") -> object:
    """Return a row of the table of claims, its id made of the idiom and the first side."""
    return pytest.param(name, a, b, facts, path, id=f"{name}: {a[:40]}")


@pytest.mark.parametrize(
    ("name", "a", "b", "facts", "path"),
    [
        claimed("externally-tagged-enum", '{"Schema":{"field":"x","why":"y"}}',
                '{"Kind":"schema","Field":"x","Why":"y"}', (TAGGED, FLAT)),
        claimed("externally-tagged-enum", '{"TooLong":{"max_l":1}}', '{"type":"too_long","maxL":1}',
            (TAGGED, FLAT)),
        claimed("externally-tagged-enum", '{"NotFound":{}}', '{"kind":"not-found"}', (TAGGED,
            FLAT)),
        claimed("externally-tagged-enum", '{"Schema":{"field":"x"}}',
            '{"Kind":"Schema","Field":"x","Max":0,"Why":""}',
                (TAGGED, FLAT)),
        claimed("externally-tagged-enum", '[{"A":{"x":1}},{"B":{"y":1}}]',
            '[{"kind":"a","x":1},{"kind":"b","y":1}]',
                (TAGGED, FLAT), "$[*]"),
        claimed("externally-tagged-enum", '[{"A":{"x":1}}]',
            '[{"kind":"a","x":1},{"kind":"a","x":2}]', (TAGGED, FLAT),
                "$[*]"),
        claimed("envelope", '{"data":{"id":1,"name":"x"}}', '{"id":1,"name":"x"}', ("enveloped in data",
            "bare")),
        claimed("envelope", '{"items":[{"id":1}]}', '[{"id":1}]', ("enveloped in items", "bare")),
        claimed("envelope", '{"results":[]}', "[1]", ("enveloped in results", "bare")),
        claimed("envelope", '{"a":{"data":[1]}}', '{"a":[2,3]}', ("enveloped in data", "bare"), "$.a"),
        claimed("envelope", '[{"v":{"id":1,"n":1}},{"v":{"id":2,"n":1}}]', '[{"id":1,"n":1}]',
            ("enveloped in v", "bare"),
                "$[*]"),
        claimed("envelope", '{"data":{"user_id":1,"n":1}}', '{"user_id":1,"n":1}', ("enveloped in data",
            "bare")),
        claimed("key-case", '{"user_id":1}', '{"userId":1}', ("snake_case", "camelCase")),
        claimed("key-case", '{"user_id":1,"ok":true}', '{"UserId":1,"Ok":true}', ("snake_case",
            "PascalCase")),
        claimed("key-case", '{"id":1,"name":"x"}', '{"ID":1,"Name":"x"}', ("lowercase",
            "PascalCase")),
        claimed("key-case", '{"user-id":1}', '{"user_id":1}', ("kebab-case", "snake_case")),
        claimed("key-case", '{"user_id":1}', '{"USER_ID":1}', ("snake_case",
            "SCREAMING_SNAKE_CASE")),
        claimed("key-case", '{"userId":1}', '{"userid":1}', ("camelCase", "lowercase")),
        claimed("key-case", '{"userId":1}', '{"userID":1}', ("abbreviations as words",
            "abbreviations in capitals")),
        claimed("key-case", '{"ab_Cd":1}', '{"ab_cd":1}', ("ab_Cd", "ab_cd")),
        claimed("key-case", '{"same":1,"user_id":1}', '{"same":2,"userId":1}', ("snake_case",
            "camelCase")),
        claimed("key-case", '{"a":[{"x_y":1},{"x_y":2}]}', '{"a":[{"xY":1}]}', ("snake_case",
            "camelCase"), "$.a[*]"),
        claimed("null-vs-empty-list", "null", "[]", ("null", "empty list")),
        claimed("null-vs-empty-list", '{"a":null}', '{"a":[]}', ("null", "empty list"), "$.a"),
        claimed("null-vs-empty-list", '[{"a":null},{"a":[1]}]', '[{"a":[]},{"a":[1]}]', ("null",
            "empty list"),
                "$[*].a"),
        claimed("integer-vs-float", "1", "1.0", ("integer", "number")),
        claimed("integer-vs-float", '{"a":[1,2]}', '{"a":[1.0,2e0]}', ("integer", "number"),
            "$.a[*]"),
        claimed("integer-vs-float", "[1,2.5]", "[1.0,2.5]", ("integer", "number"), "$[*]"),
        claimed("integer-vs-float", "[1,2]", "[1,2.0]", ("integer", "number"), "$[*]"),
        claimed("integer-vs-float", "[1,null]", "[1.0,null]", ("integer", "number"), "$[*]"),
        claimed("integer-vs-float", "1" + "0" * 2000, "1e2000", ("integer", "number")),
        claimed("number-as-string", '"12"', "12", ("string", "number")),
        claimed("number-as-string", '"-1.5e10"', "-1.5e10", ("string", "number")),
        claimed("number-as-string", '{"a":["1","2.5"]}', '{"a":[1,2.5]}', ("string", "number"),
            "$.a[*]"),
        claimed("number-as-string", '["1",null]', "[1,null]", ("string", "number"), "$[*]"),
        claimed("number-as-string", '["1",2]', "[1,2]", ("string", "number"), "$[*]"),
        claimed("number-as-string", '"9007199254740993"', "9007199254740993", ("string", "number")),
        claimed("timestamp-form", '"2026-11-23T00:00:00Z"', '"2026-11-23T00:00:00+00:00"',
                ("ISO 8601 Z", "ISO 8601 offset")),
        claimed("timestamp-form", '"2026-11-23T00:00:00Z"', '"2026-11-23 00:00:00"',
                ("ISO 8601 Z", "date and time without zone")),
        claimed("timestamp-form", '"2026-11-23"', '"2026-11-23T00:00"', ("date",
            "ISO 8601 without zone")),
        claimed("timestamp-form", '"2026-11-23T00:00:00.5Z"', "1763856000", ("ISO 8601 Z",
            "epoch seconds")),
        claimed("timestamp-form", "1763856000", "1763856000123", ("epoch seconds",
            "epoch milliseconds")),
        claimed("timestamp-form", '"Mon, 23 Nov 2026 00:00:00 GMT"', '"2026-11-23T00:00:00Z"',
                ("HTTP date", "ISO 8601 Z")),
        claimed("timestamp-form", '"Fri, 02 Jan 2026 03:04:05 GMT"',
            '"Fri, 02 Jan 2026 03:04:05 +0000"', ("HTTP date", "mail date with an offset")),
        claimed("timestamp-form", '"Fri, 02 Jan 2026 03:04:05 GMT"',
            '"Fri, 02 Jan 2026 05:04:05 +0200"', ("HTTP date", "mail date with an offset")),
        claimed("timestamp-form", '"Fri, 02 Jan 2026 03:04:05 GMT"',
            '"Fri, 02 Jan 2026 03:04:05 UT"', ("HTTP date", "mail date with zone UT")),
        claimed("timestamp-form", '"Fri, 02 Jan 2026 03:04:05 GMT"',
            '"2 Jan 2026 03:04:05 GMT"', ("HTTP date", "mail date without weekday")),
        claimed("timestamp-form", '"20260102T03:04:05"', '"2026-01-02T03:04:05"',
            ("ISO 8601 without zone, basic date", "ISO 8601 without zone")),
        claimed("timestamp-form", '"20260102T030405Z"', '"2026-01-02T03:04:05Z"',
            ("ISO 8601 Z, basic date and time", "ISO 8601 Z")),
        claimed("timestamp-form", '[{"t":"2026-11-23"},{"t":null}]',
            '[{"t":1763856000},{"t":null}]',
                ("date", "epoch seconds"), "$[*].t"),
        claimed("scalar-vs-list", '"x"', '["x"]', ("single value", "list")),
        claimed("scalar-vs-list", '{"a":{"b":1}}', '{"a":[{"b":2}]}', ("single value", "list"),
            "$.a"),
        claimed("scalar-vs-list", '{"id":1,"tags":["a"]}', '[{"id":1,"tags":["a"]}]',
            ("single value", "list")),
        claimed("scalar-vs-list", '{"id":1,"tags":[]}', '[{"id":1,"tags":[]}]', ("single value",
            "list")),
        claimed("scalar-vs-list", '{"n":"r","kids":[{"n":"c","kids":[]}]}',
            '[{"n":"r","kids":[{"n":"c","kids":[]}]}]',
                ("single value", "list")),
        claimed("scalar-vs-list", '["a","b"]', '[["a"],["b"]]', ("single value", "list"), "$[*]"),
        claimed("adjacently-tagged-enum", '{"type":"circle","content":{"r":1}}',
            '{"type":"circle","r":1}',
                ("adjacently tagged", "flat")),
        claimed("adjacently-tagged-enum", '[{"t":"a","c":{"x":1}},{"t":"b","c":{"x":2}}]',
                '[{"t":"a","x":1},{"t":"b","x":2}]', ("adjacently tagged", "flat"), "$[*]"),
        claimed("renamed-list", '{"items":[{"a":1,"b":2}]}', '{"data":[{"a":1,"b":2}]}', ("items",
            "data")),
        claimed("renamed-list", '{"items":[{"user_id":1}],"n":1}', '{"data":[{"user_id":1}],"n":1}',
                ("items", "data")),
        claimed("pagination", '{"items":[1],"page":1,"per_page":9}',
            '{"items":[1],"next_cursor":"x"}',
                ("page, per_page", "next_cursor")),
        claimed("pagination", '{"items":[],"total":9,"hasMore":true}', '{"items":[]}',
            ("hasMore, total", "none")),
        claimed("list-vs-map", '[{"id":"x","n":1}]', '{"x":{"n":1}}', ("list", "map by id")),
        claimed("list-vs-map", '[{"id":"x","n":1},{"id":"y","n":2}]',
            '{"y":{"id":"y","n":2},"x":{"id":"x","n":1}}',
                ("list", "map by id")),
        claimed("null-vs-empty-text", '{"a":null}', '{"a":""}', ("null", "empty text"), "$.a"),
        claimed("null-vs-empty-text", '[null,"x"]', '["","y"]', ("null", "empty text"), "$[*]"),
        claimed("boolean-as-text", '"True"', "true", ("string", "boolean")),
        claimed("boolean-as-text", '["true",null,"false"]', "[true,null,false]", ("string",
            "boolean"), "$[*]"),
        claimed("boolean-as-number", "[1,0]", "[true,false]", ("integer", "boolean"), "$[*]"),
        claimed("base64-vs-bytes", '"AQL/"', "[1,2,255]", ("base64", "list of bytes")),
        claimed("base64-vs-bytes", '"AQI"', "[1,2]", ("base64", "list of bytes")),
        claimed("duration-form", '"1m30s"', '"PT1M30S"', ("units", "ISO 8601 duration")),
        claimed("duration-form", '"00:01:30.5"', '"90500ms"', ("clock", "units")),
        claimed("zero-value-vs-absent", '{"a":[]}', "{}", ("empty list", "absent"), "$.a"),
        claimed("zero-value-vs-absent", '[{"a":0},{"a":2}]', '[{},{"a":2}]', ("zero", "absent"),
            "$[*].a"),
        claimed("zero-value-vs-absent", '[{"a":""},{"a":false}]', "[{},{}]",
            ("empty text or false", "absent"),
                "$[*].a"),
        claimed("null-vs-absent", '{"a":null}', "{}", ("null", "absent"), "$.a"),
        claimed("null-vs-absent", '[{"a":null},{"a":1}]', '[{},{"a":2}]', ("null", "absent"),
            "$[*].a"),
        claimed("null-vs-absent", '[{"a":null},{"a":1}]', '[{},{"a":2},{"a":3}]', ("null",
            "absent"), "$[*].a"),
        claimed("null-vs-absent", '{"a":[{"b":null}]}', '{"a":[{},{}]}', ("null", "absent"),
            "$.a[*].b"),
    ],
)  # fmt: skip
def test_an_idiom_is_claimed(name: str, a: str, b: str, facts: tuple[str, str], path: str) -> None:
    """The idiom is the only difference, and each of its facts has a remedy.

    Its facts stay with their sides either way round.
    """
    assert by_shape(a, b) == [(name, path, *facts)]
    assert by_shape(b, a) == mirrored([(name, path, *facts)])
    assert without_cure(name, *facts) == []


def test_idioms_stack() -> None:
    """What one idiom aligns, another may explain further: each is told once, at its place."""
    assert by_shape(
        '{"data":{"user_id":"7","made_at":1763856000}}', '{"userId":7,"madeAt":"2026-11-23"}'
    ) == [
        ("envelope", "$", "enveloped in data", "bare"),
        ("key-case", "$", "snake_case", "camelCase"),
        ("number-as-string", "$.data.user_id", "string", "number"),
        ("timestamp-form", "$.data.made_at", "epoch seconds", "date"),
    ]


@pytest.mark.parametrize("name", BY_NAME)
def test_every_idiom_says_where_it_is_fixed(name: str) -> None:
    """An idiom has a title, an explanation, and a cure for each language.

    A size, where it is known, is small.
    """
    idiom = BY_NAME[name]
    assert idiom.title
    assert idiom.explanation.endswith(".")
    assert {cure.language for cure in idiom.cures} == set(LANGUAGES)
    assert all(cure.where and (cure.lines is None or 0 < cure.lines <= 100) for cure in idiom.cures)


def test_the_catalogue_is_complete() -> None:
    """The names of the catalogue are a closed set: ledgers hold them."""
    assert list(BY_NAME) == [
        "externally-tagged-enum", "adjacently-tagged-enum", "envelope", "result-vs-error",
        "key-case", "renamed-list",
        "renamed-root",
        "pagination", "list-vs-map", "another-order", "null-vs-absent", "zero-value-vs-absent",
        "null-vs-empty-list",
        "null-vs-empty-text", "integer-vs-float", "number-as-string", "boolean-as-text",
        "boolean-as-number",
        "base64-vs-bytes", "timestamp-form", "duration-form", "json-in-text", "scalar-vs-list",
        "own-url-form", "text-case",
        "rounded-integer", "rounded-number", "replaced-characters", "decoded-twice", "uuid-form", "base64-form",
        "escaped-text",
        "unicode-form", "trimmed-text", "letter-case", "rounding-mode", "off-by-one",
        "error-shape", "error-code", "error-message", "unquoted-separator", "uneven-rows", "xml-namespace", "json-not-utf-8", "malformed-body",
        "body-not-its-label",
        "text-vs-json-error",
        "another-error-page", "line-ends", "element-order", "charset-parameter",
        "location-form", "header-name-case", "validation-status", "method-status", "created-status",
        "no-content-status", "success-status", "credentials-status", "server-error-vs-refusal",
        "trailing-slash-redirect", "no-such-route", "redirect-permanence",
    ]  # fmt: skip
