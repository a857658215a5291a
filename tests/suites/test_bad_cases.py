"""Suite files whose cases are wrong: each problem with its place and what was wanted instead."""

from pathlib import Path

import pytest

from tests.suites.reading import CASE_FIELDS, problems_of

HEAD = "suite: a/b\n"
CASE = "suite: a/b\ncases:\n  - name: x\n"

BAD_CASES = [
    pytest.param(
        HEAD + "cases:\n  - request: {GET: /}\n",
        "3:5: field 'name' is missing: the name, unique in the suite and never reused",
        id="name-missing",
    ),
    pytest.param(
        HEAD + "cases:\n  - {name: A case, request: {GET: /}}\n",
        "3:12: wanted lower-case words joined by '-', got 'A case'",
        id="name-space",
    ),
    pytest.param(
        HEAD + "cases:\n  - {name: 1, request: {GET: /}}\n",
        "3:12: wanted lower-case words joined by '-', got integer '1'; quote it",
        id="name-int",
    ),
    pytest.param(
        HEAD + "cases:\n  - {name: x, request: {GET: /}}\n  - {name: x, request: {GET: /}}\n",
        "4:12: case 'x' is already at line 3",
        id="name-twice",
    ),
    pytest.param(CASE, "3:5: wanted exactly one of request, run, steps; got none", id="no-request"),
    pytest.param(
        CASE + "    request: {GET: /}\n    steps: [{request: {GET: /}}]\n",
        "3:5: wanted exactly one of request, run, steps; got request, steps",
        id="request-and-steps",
    ),
    pytest.param(
        CASE + "    steps: []\n", "4:12: wanted at least 1 in this list, got 0", id="steps-empty"
    ),
    pytest.param(
        CASE + "    steps: [{request: {GET: /}}]\n    expect: {status: 200}\n",
        "5:5: field 'expect' goes with 'request' or 'run' only",
        id="expect-beside-steps",
    ),
    pytest.param(
        CASE + "    request: {GET: /}\n    expected: {status: 200}\n",
        "5:5: unknown field 'expected'; did you mean 'expect'?",
        id="case-unknown",
    ),
    pytest.param(
        HEAD + "cases: [x]\n",
        f"2:9: wanted an object with {CASE_FIELDS}, got string 'x'",
        id="case-text",
    ),
    pytest.param(
        CASE + "    steps: [{expect: {status: 200}}]\n",
        "4:13: wanted exactly one of request, run; got none",
        id="step-without-request",
    ),
    pytest.param(
        CASE + "    request: {json: {}}\n",
        "4:14: wanted exactly one of a method such as GET or POST, method, use; got none",
        id="no-method",
    ),
    pytest.param(
        CASE + "    request: {GET: /, POST: /}\n",
        "4:14: wanted exactly one of a method such as GET or POST, method, use; got GET, POST",
        id="two-methods",
    ),
    pytest.param(
        CASE + "    request: {get: /}\n",
        "4:14: wanted exactly one of a method such as GET or POST, method, use; got none\n"
        "4:15: unknown field 'get'; did you mean 'GET'?",
        id="method-lower",
    ),
    pytest.param(
        CASE + "    request: {GET: a}\n",
        "4:20: wanted a path from '/', percent-encoded, without spaces, or ${name}, got 'a'",
        id="target-relative",
    ),
    pytest.param(
        CASE + "    request: {GET: 'http://127.0.0.1/'}\n",
        "4:20: wanted a path from '/', percent-encoded, without spaces, or ${name}, got "
        "'http://127.0.0.1/'",
        id="target-host",
    ),
    pytest.param(
        CASE + "    request: {GET: 'ws://127.0.0.1/'}\n",
        "4:20: wanted a path from '/', percent-encoded, without spaces, or ${name}, got "
        "'ws://127.0.0.1/'; WebSocket is out of scope: a request is HTTP/1.1",
        id="websocket-target",
    ),
    pytest.param(
        CASE + "    request: {GET: /, headers: {Upgrade: WebSocket}}\n",
        "4:42: Upgrade: WebSocket is out of scope: a request is HTTP/1.1",
        id="websocket-upgrade",
    ),
    pytest.param(
        CASE + "    request: {POST: /, raw: x, headers: {content-type: application/grpc+proto}}\n",
        "4:56: content-type: gRPC is out of scope: a request is HTTP/1.1",
        id="grpc",
    ),
    pytest.param(
        CASE + "    request: {GET: /, headers: {upgrade: [h2c]}}\n",
        "4:43: upgrade: HTTP/2 is out of scope: a request is HTTP/1.1",
        id="http2",
    ),
    pytest.param(
        CASE + "    request: {GET: /a b}\n",
        "4:20: wanted a path from '/', percent-encoded, without spaces, or ${name}, got '/a b'",
        id="target-space",
    ),
    pytest.param(
        CASE + "    request: {GET: /ä}\n",
        "4:20: wanted a path from '/', percent-encoded, without spaces, or ${name}, got '/ä'",
        id="target-nonascii",
    ),
    pytest.param(
        CASE + "    request: {POST: /, json: 1, raw: x}\n",
        "4:14: wanted at most one of json, raw, base64, file, form, multipart; got json, raw",
        id="json-and-raw",
    ),
    pytest.param(
        CASE + "    request: {POST: /, raw: 5}\n",
        "4:29: wanted a string, got integer '5'; quote it",
        id="raw-int",
    ),
    pytest.param(
        CASE + "    request: {GET: /, headers: {'a b': c}}\n",
        "4:33: unknown field 'a b'; known: header names ([!#$%&'*+.^_`|~0-9A-Za-z-]+)",
        id="header-name",
    ),
    pytest.param(
        CASE + "    request: {GET: /, headers: {a: 1}}\n",
        "4:36: wanted header text of one line or a list or null, got integer '1'; quote it",
        id="header-int",
    ),
    pytest.param(
        CASE + '    request: {GET: /, headers: {a: "b\\nc"}}\n',
        "4:36: wanted header text of one line, got 'b\\nc'",
        id="header-lines",
    ),
    pytest.param(
        CASE + '    request: {GET: /, headers: {a: "€"}}\n',
        "4:36: wanted header text of one line, got '€'",
        id="header-wide",
    ),
    pytest.param(
        CASE + "    request: {GET: /, headers: {a: []}}\n",
        "4:36: wanted at least 1 in this list, got 0",
        id="header-empty-list",
    ),
    pytest.param(
        CASE + "    request: {GET: /, headers: [a]}\n",
        "4:32: wanted an object, got a list",
        id="headers-list",
    ),
    pytest.param(
        CASE + "    request: {GET: /}\n    expect: {status: '200'}\n",
        "5:22: wanted a status such as 404, or a class such as 4xx, got '200'",
        id="status-text",
    ),
    pytest.param(
        CASE + "    request: {GET: /}\n    expect: {status: 99}\n",
        "5:22: wanted an integer from 100 to 999, got 99",
        id="status-99",
    ),
    pytest.param(
        CASE + "    request: {GET: /}\n    expect: {status: []}\n",
        "5:22: wanted at least 1 in this list, got 0",
        id="status-empty",
    ),
    pytest.param(
        CASE + "    request: {GET: /}\n    expect: {status: [200, 2000]}\n",
        "5:28: wanted an integer from 100 to 999, got 2000",
        id="status-list",
    ),
    pytest.param(
        CASE + "    request: {GET: /}\n    expect: {stauts: 200}\n",
        "5:14: unknown field 'stauts'; did you mean 'status'?",
        id="expect-unknown",
    ),
    pytest.param(
        CASE + "    request: {GET: /}\n    expect: 200\n",
        "5:13: wanted an object with use, status, exit, headers, json, body, notes, got integer "
        "'200'",
        id="expect-int",
    ),
    pytest.param(
        CASE + "    request: {GET: '/${id}'}\n",
        "4:20: nothing is named 'id' here; write $${ if the text itself is meant",
        id="name-in-target",
    ),
    pytest.param(
        CASE + "    request: {POST: /, json: {a: ['${b}']}}\n",
        "4:35: nothing is named 'b' here; write $${ if the text itself is meant",
        id="name-in-body",
    ),
    pytest.param(
        CASE + "    request: {POST: /, json: {'${k}': 1}}\n",
        "4:31: nothing is named 'k' here; write $${ if the text itself is meant",
        id="name-in-key",
    ),
    pytest.param(
        CASE + "    request: {GET: /, headers: {a: '${env:T}'}}\n",
        "4:36: nothing is named 'env:T' here; declare it: `env: [T]`",
        id="name-in-header",
    ),
    pytest.param(
        CASE + "    request: {POST: /, raw: '${a'}\n",
        "4:29: nothing is named 'a' here; write $${ if the text itself is meant",
        id="name-unclosed",
    ),
    pytest.param(
        CASE + '    request: {POST: /, raw: "${\\n}"}\n',
        "4:29: nothing is named '\\n' here; write $${ if the text itself is meant",
        id="name-over-lines",
    ),
]


@pytest.mark.parametrize(("written", "problems"), BAD_CASES)
def test_bad_cases(tmp_path: Path, written: str, problems: str) -> None:
    """A wrong field of a case is named with its line, its column and what was wanted."""
    assert problems_of(tmp_path, written) == problems
