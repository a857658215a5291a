"""A suite that logs in before each case: what is sent and what is compared.

It is also tested what is said where the login fails.
"""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, json_reply, serve

LOGIN = """\
suite: shop/orders
request:
  headers: {x-tenant: acme, authorization: "Bearer ${token}", accept: application/json}
  query: {page: "1", lang: nb no}
setup:
  - request: {POST: /login, json: {user: ann}}
    capture: {token: $.token}
"""


class Shop:
    """A shop whose tokens are its own; it keeps what it received."""

    def __init__(self, token: str, *, login_status: int = 200) -> None:
        self.token, self.login_status = token, login_status
        self.received: list[Received] = []

    def __call__(self, request: Received) -> Reply:
        """Answer a request."""
        self.received.append(request)
        path = request.target.partition("?")[0]
        if path == "/login":
            return json_reply({"token": self.token}, self.login_status)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return json_reply({"error": "who are you"}, 401)
        return json_reply({"path": path, "n": 1 if self.token.endswith("-a") else 2})


@contextlib.contextmanager
def shops(*services: Service) -> Iterator[list[str]]:
    """Serve some shops; yields the words of the command line that name them."""
    with contextlib.ExitStack() as running:
        urls = [running.enter_context(serve(service)) for service in services]
        yield [
            word
            for name, url in zip("abc", urls, strict=False)
            for word in ("--runtime", f"{name}={url}")
        ]


def test_each_runtime_is_logged_in_to(tmp_path: Path) -> None:
    """Each runtime gets its own token with every request after the login.

    What the login answers is not compared.
    """
    cases = "cases:\n  - {name: list, request: {GET: /orders}}\n"
    (tmp_path / "s.yaml").write_text(LOGIN + cases)
    a, b = Shop("token-of-a"), Shop("another-of-b")
    with shops(a, b) as words:
        done = conformance("run", "s.yaml", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    login, listing = b.received
    assert (login.method, login.target) == ("POST", "/login?page=1&lang=nb%20no")
    assert login.headers["x-tenant"] == "acme"
    assert "authorization" not in login.headers
    assert listing.target == "/orders?page=1&lang=nb%20no"
    assert listing.headers["authorization"] == "Bearer another-of-b"

    explained = conformance("explain", "shop/orders/list", cwd=tmp_path).stdout
    assert "setup 1, not compared: POST /login?page=1&lang=nb%20no" in explained
    assert '{"token": "another-of-b"}' in explained
    login_again = r"curl for a:\n    curl .* --request POST http://\S+/login\?page=1&lang=nb%20no"
    assert re.search(login_again, explained.replace("'", ""))


def test_a_request_overrides_and_drops(tmp_path: Path) -> None:
    """What a request names itself goes before the suite's, in any spelling of a header.

    Null drops it.
    """
    cases = """\
cases:
  - name: own
    request:
      GET: /orders?page=7
      headers: {X-Tenant: other, accept: null}
      query: {lang: null, tag: [a&b, c]}
"""
    (tmp_path / "s.yaml").write_text(LOGIN + cases)
    a, b = Shop("token-of-a"), Shop("another-of-b")
    with shops(a, b) as words:
        assert conformance("run", "s.yaml", *words, cwd=tmp_path).returncode == 0
    assert a.received[1].target == "/orders?page=7&tag=a%26b&tag=c"
    assert a.received[1].headers["x-tenant"] == "other"
    assert "accept" not in a.received[1].headers


@pytest.mark.parametrize(
    ("setup", "said"),
    [
        pytest.param("", "b: wanted status 2xx or 3xx for setup 1, got 403", id="refused"),
        pytest.param(
            "    expect: {status: 4xx}\n",
            "a: wanted status 4xx for setup 1, got 200",
            id="another-than-expected",
        ),
        pytest.param(
            "    expect: {json: {token: {$re: '^token-of-a$'}}, status: [2xx, 403]}\n",
            "b: wanted a string that matches ^token-of-a$ at $.token for setup 1, got "
            '"another-of-b"',
            id="another-body",
        ),
    ],
)
def test_a_setup_that_fails(tmp_path: Path, setup: str, said: str) -> None:
    """The case is red and says which step of the setup failed, and how.

    Nothing else is asked of that runtime.
    """
    cases = "cases:\n  - {name: list, request: {GET: /orders}}\n"
    (tmp_path / "s.yaml").write_text(LOGIN + setup + cases)
    a, b = Shop("token-of-a"), Shop("another-of-b", login_status=403)
    with shops(a, b) as words:
        done = conformance("run", "s.yaml", *words, cwd=tmp_path)
    assert done.returncode == 1
    assert said in done.stdout
    assert [request.target for request in b.received if "orders" in request.target] == (
        [] if "b: " in said else ["/orders?page=1&lang=nb%20no"]
    )


def test_a_setup_without_an_answer(tmp_path: Path) -> None:
    """A setup that nobody answers is no parity."""
    (tmp_path / "s.yaml").write_text(
        "suite: s\ntimeout_ms: 200\nsetup: [{request: {POST: /login}}]\ncases: [{name: x, "
        "request: {GET: /}}]\n"
    )

    def closes(_: Received) -> Reply:
        raise OSError

    with shops(closes, closes) as words:
        done = conformance("run", "s.yaml", *words, cwd=tmp_path)
    assert done.returncode == 1
    assert "a, b: wanted an answer for setup 1, got closed_before_response" in done.stdout


def test_a_step_has_its_own_level_and_rules(tmp_path: Path) -> None:
    """Each step has its own level and rules, and the step by the level of the case is red.

    One step is compared by its status, and one by value with a rule of its own.
    """
    cases = """\
compare: value
cases:
  - name: steps
    steps:
      - {request: {GET: /one}, compare: status}
      - {request: {GET: /two}, rules: [{path: $.n, is: number, why: a counter}]}
      - {request: {GET: /three}, timeout_ms: 5000}
"""
    (tmp_path / "s.yaml").write_text(
        LOGIN.replace("suite: shop/orders\n", "suite: shop/orders\n") + cases
    )
    with shops(Shop("token-of-a"), Shop("another-of-b")) as words:
        done = conformance("run", "s.yaml", *words, cwd=tmp_path)
    assert done.returncode == 1
    assert "step 3: $.n" in done.stdout
    assert "step 1" not in done.stdout
    assert "step 2" not in done.stdout


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param(
            "request: {headers: {x: '${tokne}'}}\nsetup: [{request: {GET: /}, capture: {token: "
            "$.t}}]\n"
            "cases: [{name: x, request: {GET: /}}]\n",
            "2:24: nothing is named 'tokne' here; did you mean 'token'?",
            id="a-name-that-nothing-captures",
        ),
        pytest.param(
            "setup: [{request: {GET: /}, capture: {t: $.t}}]\n"
            "cases: [{name: x, request: {GET: /}, capture: {t: $.t}}]\n",
            "3:48: 't' is already captured by setup 1",
            id="captured-twice",
        ),
        pytest.param(
            "request: {headers: {x-tenant: a}}\ncases: [{name: x, request: {GET: /, headers: "
            "{x-tennant: null}}}]\n",
            "3:58: null drops what the suite's `request` says; it has no 'x-tennant'; did you "
            "mean 'x-tenant'?",
            id="a-null-that-drops-nothing",
        ),
        pytest.param(
            "request: {headers: {x: null}}\ncases: [{name: x, request: {GET: /}}]\n",
            "2:24: null drops nothing here; leave 'x' out",
            id="a-null-among-the-defaults",
        ),
        pytest.param(
            "setup: [{request: {GET: /}, compare: value}]\ncases: [{name: x, request: {GET: /}}]\n",
            "2:29: unknown field 'compare'; known: request, capture, expect, body, until, "
            "within_ms, every_ms, ",
            id="a-setup-is-not-compared",
        ),
        pytest.param(
            "setup: [{request: {GET: /}}]\ncases: [{name: x, run: {args: [a]}}]\n",
            "2:9: a setup is for services, and this case runs a command",
            id="a-setup-of-a-command",
        ),
        pytest.param(
            "cases: [{name: x, request: {GET: /}, expect: {status: 2x}}]\n",
            "2:55: wanted a status such as 404, or a class such as 4xx, got '2x'",
            id="no-class-of-statuses",
        ),
    ],
)
def test_wrong_suites_send_nothing(tmp_path: Path, written: str, said: str) -> None:
    """Each is refused with its place before anything is sent."""
    (tmp_path / "s.yaml").write_text("suite: s\n" + written)
    a = Shop("token-of-a")
    with shops(a) as words:
        done = conformance("run", "s.yaml", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert f"s.yaml:{said}" in done.stdout + done.stderr
    assert not a.received
