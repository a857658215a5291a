"""For each idiom, two answers that differ by it alone.

A row is what was asked, both answers, and both facts.
"""

from dataclasses import dataclass, field
from typing import Final

from conformance.model.observation import Answer
from tests.comparison.differences import answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Two answers to a target that differ by one idiom, and each side's fact.

    It also has the fields that the case names.
    """

    a: Answer
    b: Answer
    facts: tuple[str, str]
    target: str = "/things"
    fields: tuple[str, ...] = field(default=())


def bodies(a: str, b: str, *facts: str, target: str = "/things", status: int = 200) -> Sample:
    """Return a sample of two JSON bodies; without facts these are values that differ."""
    first, second = facts or ("differs", "differs")
    return Sample(a=answer(a, status), b=answer(b, status), facts=(first, second), target=target)


def members(a: str, b: str, *facts: str) -> Sample:
    """Return a sample of two objects in which one member is written in two ways."""
    return bodies(f'{{"id":7,"v":{a}}}', f'{{"id":7,"v":{b}}}', *facts)


def answers(
    a: Answer, b: Answer, *facts: str, target: str = "/things", fields: tuple[str, ...] = ()
) -> Sample:
    """Return a sample of two whole answers."""
    return Sample(a=a, b=b, facts=(facts[0], facts[1]), target=target, fields=fields)


def statuses(a: int, b: int, target: str = "/things") -> Sample:
    """Return a sample of two statuses."""
    return answers(answer("{}", a), answer("{}", b), str(a), str(b), target=target)


SAMPLES: Final[dict[str, Sample]] = {
    "externally-tagged-enum": bodies(
        '{"Schema":{"field":"x","why":"y"}}', '{"Kind":"schema","Field":"x","Why":"y"}',
        "externally tagged", "flat"
    ),
    "adjacently-tagged-enum": bodies(
        '{"type":"circle","content":{"r":1}}', '{"type":"circle","r":1}', "adjacently tagged",
        "flat"
    ),
    "envelope": bodies('{"data":{"id":1,"name":"x"}}', '{"id":1,"name":"x"}', "enveloped in data", "bare"),
    "result-vs-error": bodies(
        '{"id":8,"result":0}', '{"id":8,"error":{"code":-32602,"message":"no"}}', "result", "error"
    ),
    "key-case": bodies('{"user_id":1}', '{"userId":1}', "snake_case", "camelCase"),
    "renamed-list": bodies('{"items":[{"a":1,"b":2}]}', '{"data":[{"a":1,"b":2}]}', "items",
        "data"),
    "renamed-root": bodies('{"user":{"id":1,"name":"x"}}', '{"account":{"id":1,"name":"x"}}',
        "user", "account"),
    "pagination": bodies(
        '{"items":[1],"page":1,"per_page":9}', '{"items":[1],"next_cursor":"x"}', "page, per_page",
        "next_cursor"
    ),
    "list-vs-map": bodies('[{"id":"x","n":1}]', '{"x":{"n":1}}', "list", "map by id"),
    "another-order": bodies("[1,2,3]", "[3,2,1]"),
    "null-vs-absent": bodies('{"a":null,"b":1}', '{"b":1}', "null", "absent"),
    "zero-value-vs-absent": bodies('{"a":[],"b":1}', '{"b":1}', "empty list", "absent"),
    "null-vs-empty-list": members("null", "[]", "null", "empty list"),
    "null-vs-empty-text": members("null", '""', "null", "empty text"),
    "integer-vs-float": members("5", "5.0", "integer", "number"),
    "number-as-string": members('"12"', "12", "string", "number"),
    "boolean-as-text": members('"true"', "true", "string", "boolean"),
    "boolean-as-number": members("1", "true", "integer", "boolean"),
    "base64-vs-bytes": members('"AQL/"', "[1,2,255]", "base64", "list of bytes"),
    "timestamp-form": members(
        '"2026-11-23T00:00:00Z"', '"2026-11-23T00:00:00+00:00"', "ISO 8601 Z", "ISO 8601 offset"
    ),
    "duration-form": members('"1m30s"', '"PT1M30S"', "units", "ISO 8601 duration"),
    "json-in-text": members('"{\\"a\\":1}"', '{"a":1}', "JSON in a text", "JSON"),
    "scalar-vs-list": members('"x"', '["x"]', "single value", "list"),
    "own-url-form": members('"http://localhost:8080/x"', '"/x"', "absolute URL", "absolute path"),
    "text-case": members('"IN_TRANSIT"', '"inTransit"', "all capitals", "first letter small"),
    "rounded-integer": members("9007199254740993", "9007199254740992", "exact",
        "rounded to a double"),
    "rounded-number": members("12.345678", "12.35", "more digits", "fewer digits"),
    "replaced-characters": members('"café"', '"caf?"', "as they are", "replaced by ?"),
    "decoded-twice": members('"Grüße"', '"GrÃ¼Ã\u009fe"', "as they are", "UTF-8 read as Latin-1"),
    "uuid-form": members(
        '"6BA7B810-9DAD-11D1-80B4-00C04FD430C8"', '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"',
        "upper case with hyphens", "lower case with hyphens",
    ),
    "base64-form": members('"a-_bcdefgA=="', '"a+/bcdefgA"', "URL-safe, padded",
        "standard, not padded"),
    "escaped-text": members('"a &amp; b"', '"a & b"', "escaped for HTML", "as it is"),
    "unicode-form": members('"\u00e9"', '"e\u0301"', "composed", "decomposed"),
    "trimmed-text": members('" two words "', '"two words"', "with space around", "trimmed"),
    "letter-case": members('"Two Words"', '"two words"', "more capitals", "fewer capitals"),
    "rounding-mode": bodies(
        '{"v":2}', '{"v":3}', "last digit lower", "last digit higher", target="/round?x=2.5"
    ),
    "off-by-one": bodies('{"page":0}', '{"page":1}', "one less", "one more"),
    "error-shape": bodies('{"err":"x"}', '{"fault":"x"}', "err", "fault", status=404),
    "error-code": bodies('{"code":"E1","message":"x"}', '{"code":"E2","message":"x"}', status=404),
    "error-message": bodies('{"code":"E1","message":"no"}',
        '{"code":"E1","message":"not '
        'there"}', status=404),
    "unquoted-separator": answers(
        answer("a,b\n1,x,y\n", media="text/csv"), answer('a,b\n1,"x,y"\n', media="text/csv"),
        "not quoted", "quoted",
    ),
    "uneven-rows": answers(
        answer("a,b\n1,x,y\n", media="text/csv"), answer("a,b\n1,x\n", media="text/csv"),
        "more cells than the header", "no more than the header",
    ),
    "xml-namespace": answers(
        answer('<r xmlns="urn:u"><a>1</a></r>', media="application/xml"),
        answer('<r xmlns="urn:w"><a>1</a></r>', media="application/xml"), "urn:u", "urn:w",
    ),
    "json-not-utf-8": answers(answer('{"x":"é"}'.encode("latin-1")), answer('{"x":"é"}'), "binary",
        "JSON"),
    "malformed-body": answers(answer('{"a":1,"b":[1'), answer('{"a":1,"b":[1]}'), "text", "JSON"),
    "body-not-its-label": answers(answer('{"x": 1}', media="text/html"), answer('{"x":1}'), "HTML",
        "JSON"),
    "text-vs-json-error": answers(answer("no", 404, media="text/plain"), answer('{"e":1}', 404),
        "text", "JSON"),
    "another-error-page": answers(
        answer("<h1>a</h1>", 404, media="text/html"), answer("<p>b</p>", 404, media="text/html"),
            "differs", "differs"
    ),
    "line-ends": answers(
        answer("a\r\nb\r\n", media="text/plain"), answer("a\nb\n", media="text/plain"), "CRLF", "LF"
    ),
    "element-order": answers(
        answer("<o><x/><y/></o>", media="application/xml"), answer("<o><y/><x/></o>",
            media="application/xml"),
        "differs", "differs",
    ),
    "charset-parameter": answers(answer(media="application/json; charset=utf-8"), answer(), "utf-8",
        "absent"),
    "location-form": answers(
        answer(status=201, Location="/x"), answer(status=201, Location="http://localhost/x"),
        "absolute path", "absolute URL",
    ),
    "header-name-case": answers(
        answer(X_Total="1"), answer(x_total="1"), "Capitalised", "lower case", fields=("x-total",)
    ),
    "validation-status": statuses(400, 422),
    "method-status": statuses(404, 405),
    "created-status": statuses(200, 201),
    "no-content-status": answers(answer("", 204, media=None), answer("{}", 200), "204", "200"),
    "success-status": answers(answer("", 204, media=None), answer("", 201, media=None), "204",
        "201"),
    "credentials-status": statuses(401, 403),
    "server-error-vs-refusal": statuses(500, 400),
    "trailing-slash-redirect": answers(
        answer("", 301, media=None, Location="/things/"), answer("{}", 200), "301", "200"
    ),
    "no-such-route": answers(
        answer("404 page not found", 404, media="text/plain"), answer("{}", 200), "404", "200"
    ),
    "redirect-permanence": answers(
        answer("", 301, media=None, Location="/x"), answer("", 302, media=None, Location="/x"),
            "301", "302"
    ),
}  # fmt: skip
