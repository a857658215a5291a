"""Bodies of every make to put plants into, and random bodies made of the parts of such bodies."""

import json
import random
from collections.abc import Iterator
from typing import Any, Final

from conformance.model.observation import Answer

JSON: Final = "application/json"
UUIDS: Final = ("123e4567-e89b-12d3-a456-426614174000", "223e4567-e89b-12d3-a456-426614174000")
OF_JSON: Final = (
    '{"items":[{"id":1,"name":"rope"}],"limit":10}',
    '{"items":[{"id":1,"name":"rope"},{"id":2,"name":"nail"}],"limit":10,"total":2,"next":null}',
    '[{"id":1,"name":"rope"}]',
    '[{"id":1,"name":"rope"},{"id":2,"name":"nail"}]',
    "[]", "{}", "7", "1.5", "true", "null", '"hello"', r'"{\"a\":1}"',
    "[3,1,2]", "[5]", '["a","b"]', "[true,false]", "[[1,2],[3,4]]", "[null,1]",
    '{"a":{"b":{"c":{"d":1}}}}',
    '{"a":[{"b":[{"c":1}]}]}',
    f'{{"{UUIDS[0]}":{{"n":1}},"{UUIDS[1]}":{{"n":2}}}}',
    f'{{"{UUIDS[0]}":{{"n":1}},"{UUIDS[1]}":7}}',
    '{"1":{"n":"x"},"2":{"n":"y"}}',
    '{"a":1,"b":2.5,"c":0}',
    '{"data":{"id":1,"name":"x"}}',
    '{"data":[{"id":1}],"meta":{"page":1,"total":1}}',
    '{"items":[],"total":0}',
    '{"a":null,"b":null}',
    '{"a":null,"b":"","c":0,"d":false,"e":[],"f":{},"g":"x"}',
    '{"a":0.0,"b":1.0}',
    '{"Schema":{"field":"x","reason":"y"}}',
    '{"type":"circle","content":{"r":1}}',
    '{"at":"2026-11-24T00:00:00Z","on":"2026-11-24"}',
    '{"at":1700000000,"ms":1700000000000}',
    f'{{"id":"{UUIDS[0]}"}}',
    '{"blob":"aGVsbG8gd29ybGQ="}',
    '{"took":"1.5s","every":"PT1H"}',
    '{"n":"12","m":"1.0","yes":"true"}',
    r'{"payload":"{\"a\":1}"}',
    '{"x":"a "}', '{"x":""}', '{"x":"a"}',
    '{"tags":["a","b","a"]}', '{"tags":["a","a"]}', '{"tags":[]}',
    '{"items":[{"tags":["a","b"]},{"tags":["c"]}]}',
    '{"items":[{"a":1},{"a":1,"b":2}]}',
    '{"x":[1,"a",null,{"b":2}]}',
    '{"n":9007199254740993}',
    '{"n":1e5,"m":0.1,"k":1e300}',
    '{"n":-3,"m":-1.50}',
    '{"self":"http://127.0.0.1:9/x","next":"/y"}',
    '{"userId":1,"user_id":2}',
    '{"results":[{"a":1}],"next_cursor":"abc","has_more":true}',
    '{"a":1,"a":2}',
)  # fmt: skip
OF_ERRORS: Final = (
    '{"type":"about:blank","title":"Not Found","status":404,"detail":"x"}',
    '{"error":"not found"}',
    '{"error":{"code":"x","message":"y"}}',
    '{"errors":[{"message":"y"}]}',
    '{"message":"x"}',
)
OTHERS: Final = (
    ("hello world\nline two\n", "text/plain"),
    ("", "text/plain"),
    ('<?xml version="1.0"?><a><b id="1">x</b><b id="2">y</b></a>', "application/xml"),
    ("<feed><entry/></feed>", "application/atom+xml"),
    ("<!doctype html><html><body><p>Hi</p><p>Ho</p></body></html>", "text/html; charset=utf-8"),
    ("a=1&b=2", "application/x-www-form-urlencoded"),
    ('{"a":1,"b":"x"}', "text/plain"),
    ('{"a":1', JSON),
    ("\x00\x01", "application/octet-stream"),
    ("a,b\n1,2\n", "text/csv"),
)
_NAMES: Final = (
    *(
        "id",
        "name",
        "items",
        "data",
        "results",
        "total",
        "limit",
        "page",
        "next",
        "next_cursor",
        "type",
        "content",
    ),
    *(
        "value",
        "error",
        "message",
        "code",
        "userId",
        "user_id",
        "a",
        "b",
        "1",
        "2",
        UUIDS[0],
        "2026-11-24",
        "Schema",
    ),
    *(
        "field",
        "tags",
        "url",
        "detail",
        "title",
        "status",
        "errors",
        "x y",
        "é",
        "kind",
        "payload",
        "count",
    ),
)
_TEXTS: Final = (
    *(
        "",
        "a",
        "hello",
        "true",
        "12",
        "1.5",
        "2026-11-24T00:00:00Z",
        "2026-11-24",
        "1.5s",
        "PT1H",
        "aGVsbG8=",
        UUIDS[0],
    ),
    *('{"a":1}', "[1]", " x ", "ACTIVE", "http://127.0.0.1:9/x", "é", "not found"),
)


def answer(body: str, media: str | None = JSON, status: int = 200) -> Answer:
    """Return an answer with a body."""
    headers = (("content-type", media), ("etag", '"1"')) if media is not None else ()
    return Answer(status=status, reason="", headers=headers, body=body.encode(), elapsed_ms=0)


def known_answers() -> Iterator[Answer]:
    """Yield an answer for each body that is written here."""
    yield from map(answer, OF_JSON)
    yield from (
        answer(body, status=status) for body in OF_ERRORS for status in (400, 404, 500, 501)
    )
    yield from (answer(body, media, status) for body, media in OTHERS for status in (200, 404))
    yield answer('{"a":1}', None)
    yield answer("", None, 204)


def answers_by_chance(seed: int, count: int) -> Iterator[Answer]:
    """Yield answers with bodies made by chance."""
    for number in range(count):
        chance = random.Random(f"{seed} {number}")  # noqa: S311 - bodies, no secrets
        yield answer(
            json.dumps(_value(chance, 4)), status=chance.choice((200, 200, 200, 404, 400, 500, 201))
        )


def _value(chance: random.Random, depth: int) -> Any:
    kind = chance.random()
    if depth > 0 and kind < 0.3:
        return {
            chance.choice(_NAMES): _value(chance, depth - 1) for _ in range(chance.randint(0, 4))
        }
    if depth > 0 and kind < 0.4:
        names = chance.choices(_NAMES, k=2)
        return [
            {name: _value(chance, depth - 2) for name in names} for _ in range(chance.randint(0, 3))
        ]
    if depth > 0 and kind < 0.5:
        return [
            chance.choice((chance.randint(0, 5), chance.choice(_TEXTS), None))
            for _ in range(chance.randint(0, 4))
        ]
    if depth > 0 and kind < 0.55:
        return [chance.randint(0, 5) for _ in range(chance.randint(0, 4))]
    scalars = (
        chance.choice(_TEXTS),
        chance.randint(-3, 2000),
        round(chance.random() * 100, 2),
        True,
        False,
        None,
        0,
    )
    return chance.choice(scalars)
