"""Values that a suite writes once, values that the harness makes, and cookies sent back."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.cli.test_setup_steps import shops
from tests.miniatures.server import Received, Reply, json_reply

VALUES = """\
suite: s
compare: value
vars: {tenant: "a&b", limit: 5, filter: {open: true}}
cases:
  - name: x
    vars: {limit: 7}
    request:
      POST: "/t/${tenant}?at=${now-1d:date}"
      headers: {x-tenant: "${tenant}", x-now: "${now}", x-later: "${now+90m:http}", x-id: "${uuid}"}
      json: {limit: "${limit}", filter: "${filter}", id: "${uuid}", other: "${uuid:other}", n: "${random:int:1:6}",
             at: "${now:unix}", ms: "${now:unix_ms}", text: "<${limit}>"}
    expect: {json: {$open: {id: "${uuid}", limit: "${limit}"}}}
"""
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


class Echo:
    """A service that answers with the JSON it was sent; `slot` is a key of its own."""

    def __init__(self) -> None:
        self.received: list[Received] = []

    def __call__(self, request: Received) -> Reply:
        """Answer."""
        self.received.append(request)
        return json_reply(request.json() if request.body else {})


def test_every_runtime_is_sent_the_same_values(tmp_path: Path) -> None:
    """Names of the suite and generated values are the same bytes for all runtimes.

    Each is in the form of its place, and recorded.
    """
    (tmp_path / "s.yaml").write_text(VALUES)
    a, b = Echo(), Echo()
    with shops(a, b) as words:
        done = conformance("run", "s.yaml", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    (first,), (second,) = a.received, b.received
    assert (first.target, first.body) == (second.target, second.body)
    assert re.fullmatch(r"/t/a%26b\?at=\d{4}-\d\d-\d\d", first.target)
    assert first.headers["x-tenant"] == "a&b"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first.headers["x-now"])
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", first.headers["x-later"])
    body = first.json()
    assert (body["limit"], body["filter"], body["text"]) == (7, {"open": True}, "<7>")
    assert body["id"] == first.headers["x-id"] != body["other"]
    assert re.fullmatch(UUID, body["id"])
    assert 1 <= body["n"] <= 6
    assert body["ms"] // 1000 == body["at"]
    (case,) = json.loads(conformance("explain", "s/x", "--json", cwd=tmp_path).stdout)
    assert json.loads(case["cells"][0]["sent"]["0"]["body"]) == body


def test_a_recording_keeps_the_values(tmp_path: Path) -> None:
    """What live runtimes are sent beside a recording is what it was made with."""
    (tmp_path / "s.yaml").write_text(VALUES)
    a, later = Echo(), Echo()
    with shops(a) as words:
        made = words[1].replace("a=", "old=")
        assert (
            conformance(
                "record", "s.yaml", "--runtime", made, "--output", "old.ndjson", cwd=tmp_path
            ).returncode
            == 0
        )
    (tmp_path / "runtimes.yaml").write_text("runtimes:\n  old: {recording: old.ndjson}\n")
    with shops(later) as words:
        done = conformance(
            "run", "s.yaml", *words, "--runtime", "old", cwd=tmp_path, CONFORMANCE_REQUIRE_LIVE=""
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert later.received[0].body == a.received[0].body

    (tmp_path / "s.yaml").write_text(VALUES.replace("limit: 7", "limit: 8"))
    with shops(later) as words:
        done = conformance(
            "run", "s.yaml", *words, "--runtime", "old", cwd=tmp_path, CONFORMANCE_REQUIRE_LIVE=""
        )
    assert "the request has changed since it was recorded" in done.stdout


class Login:
    """A service that recognises its logged-in user by its own cookie.

    It takes the cookie back when asked to.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.received: list[Received] = []

    def __call__(self, request: Received) -> Reply:
        """Answer."""
        self.received.append(request)
        headers = {"content-type": "application/json"}
        if request.target == "/login":
            headers["set-cookie"] = f"sid={self.name}; Path=/; HttpOnly; Secure"
        if request.target == "/logout":
            headers["set-cookie"] = "sid=; Path=/; Max-Age=0"
        if request.target == "/narrow":
            headers["set-cookie"] = "narrow=1; Path=/narrow/er"
        known = request.headers.get("cookie", "") == f"sid={self.name}"
        return Reply(headers=headers, body=json.dumps({"known": known}).encode())


COOKIES = """\
suite: s
compare: value
cookies: jar
cases:
  - name: in-and-out
    setup: [{request: {POST: /login}}]
    steps:
      - {request: {GET: /me}, expect: {json: {known: true}}}
      - {request: {GET: /narrow}}
      - {request: {GET: /me, headers: {cookie: sid=mine}}, expect: {json: {known: false}}}
      - {request: {GET: /logout}}
      - {request: {GET: /me}, expect: {json: {known: false}}}
  - name: another-case
    request: {GET: /me}
    expect: {json: {known: false}}
  - name: without
    cookies: none
    steps: [{request: {POST: /login}}, {request: {GET: /me}, expect: {json: {known: false}}}]
"""


def test_cookies_are_sent_back(tmp_path: Path) -> None:
    """Each runtime gets its own cookie until it takes it back, by path, in one case only.

    Explain shows it.
    """
    (tmp_path / "s.yaml").write_text(COOKIES)
    a, b = Login("left"), Login("right")
    with shops(a, b) as words:
        done = conformance("run", "s.yaml", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [request.headers.get("cookie") for request in b.received] == [
        None, "sid=right", "sid=right", "sid=mine", "sid=right", None, None, None, None,
    ]  # fmt: skip
    explained = conformance("explain", "s/in-and-out", cwd=tmp_path).stdout
    assert "cookie: sid=right" in explained
    assert "cookie: sid=left" in explained


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param(
            "request: {GET: '/${now+1y}'}", "4:30: wanted ${now}, ${now+1h} or", id="a-unit"
        ),
        pytest.param(
            "request: {GET: '/${now:utc}'}", "forms are iso, date, unix, unix_ms, http", id="a-form"
        ),
        pytest.param(
            "request: {GET: '/${random:int:9:1}'}", "wanted ${random:int:LEAST:MOST}", id="bounds"
        ),
        pytest.param(
            "request: {GET: '/${uuid:A}'}", "wanted ${uuid}, or a further one", id="a-word"
        ),
        pytest.param("request: {GET: '/${tennant}'}", "did you mean 'tenant'?", id="a-name"),
        pytest.param(
            "request: {GET: /}, vars: {a: '${env:X}'}",
            "nothing is named 'env:X' here",
            id="a-secret",
        ),
        pytest.param(
            "request: {GET: /}, vars: {now: 1}", "'now' is a name of the harness", id="a-taken-name"
        ),
        pytest.param(
            "request: {GET: /}, capture: {tenant: $.a}",
            "'tenant' already stands for a value of",
            id="captured",
        ),
        pytest.param(
            "request: {GET: /}, cookies: yes", "wanted one of jar, none, got 'yes'", id="cookies"
        ),
    ],
)
def test_wrong_values_are_refused(tmp_path: Path, written: str, said: str) -> None:
    """Each is refused with its place."""
    (tmp_path / "s.yaml").write_text(
        f"suite: s\nvars: {{tenant: acme}}\ncases:\n  - {{name: x, {written}}}\n"
    )
    done = conformance("list", "s.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
