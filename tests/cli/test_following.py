"""Steps that follow what a service says: URLs, redirects, cookies, tokens, and values in texts."""

import base64
import json
import re
from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.cli.test_setup_steps import shops
from tests.miniatures.server import Received, Reply, Service, json_reply, serve


def token(**claims: object) -> str:
    """Return an unsigned token."""
    parts = ({"alg": "none"}, claims)
    encoded = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts
    )
    return ".".join((*encoded, ""))


class Site:
    """A site whose links, ids and cookies are its own.

    `where` makes a URL of its own host and a path.
    """

    def __init__(
        self,
        own: str,
        *,
        absolute: bool = True,
        base: str = "",
        links: str | None = None,
        elsewhere: str = "",
    ) -> None:
        self.own, self.absolute, self.base, self.elsewhere = own, absolute, base, elsewhere
        self.links = base if links is None else links
        self.received: list[Received] = []

    def where(self, request: Received, path: str) -> str:
        """Return a link in the site's own spelling."""
        host = self.elsewhere or f"http://{request.headers['host']}"
        return f"{host}{self.links}{path}" if self.absolute else f"{self.links}{path}"

    def __call__(self, request: Received) -> Reply:
        """Answer a request."""
        self.received.append(request)
        path = request.target.removeprefix(self.base)
        if path == "/uploads":
            return Reply(
                status=201,
                headers={"location": self.where(request, f"/uploads/{self.own}-87654321")},
                body=b"",
            )
        if path == "/authorize":
            location = self.where(request, f"/callback?state=x&code={self.own}-c0de&scope=a")
            return Reply(
                status=302,
                headers={"location": location, "set-cookie": f"sid={self.own}-s"},
                body=b"",
            )
        forms = {
            "/page": ("text/html", f'<form><input name="csrf" value="{self.own}-csrf"></form>'),
            "/form": (
                "application/x-www-form-urlencoded",
                f"code={self.own}-c0de&scope=a&scope=b",
            ),
        }
        if path in forms:
            label, form = forms[path]
            return Reply(headers={"content-type": label}, body=form.encode())
        if path == "/token":
            return json_reply({"id_token": token(sub=f"{self.own}-subject", iat=1)})
        said = path.partition("?")[0].replace(self.own, "own")
        next_page = self.where(request, "/a\r\nx: y") if path == "/two-lines" else None
        return json_reply({"path": said, "n": 1, "next": next_page})


def run(folder: Path, steps: str, *sites: Site) -> str:
    """Run one case of steps on some sites, which must be at parity; return what explain shows."""
    (folder / "s.yaml").write_text(
        f"suite: s\ncompare: value\ncases:\n  - name: x\n    steps:\n{steps}"
    )
    with shops(*sites) as words:
        based = [f"{word}{site.base}" for word, site in zip(words[1::2], sites, strict=True)]
        done = conformance(
            "run", "s.yaml", *(each for word in based for each in ("--runtime", word)), cwd=folder
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return conformance("explain", "s/x", cwd=folder).stdout


UPLOAD = """\
      - request: {POST: /uploads}
        capture: {upload: {header: location, as: url, identity: upload}}
      - request: {PATCH: "${upload}", raw: abc}
      - request:
          GET: "${upload}?offset=3"
          headers: {x-from: "${base_url}/x", x-host: "${host}"}
          json: ["${base_url}"]
"""


@pytest.mark.parametrize("absolute", [True, False])
@pytest.mark.parametrize("base", ["", "/api"])
def test_a_url_that_the_service_gave(tmp_path: Path, base: str, absolute: bool) -> None:
    """A Location is followed in either form.

    Two ids in it are no difference, and each host is its own.
    """
    left, right = Site("left", absolute=absolute, base=base), Site("right", base=base)
    run(
        tmp_path,
        UPLOAD.replace(
            "- request: {POST: /uploads}", "- request: {POST: /uploads}\n        compare: status"
        ),
        left,
        right,
    )
    assert [each.target for each in left.received] == [
        f"{base}/uploads",
        f"{base}/uploads/left-87654321",
        f"{base}/uploads/left-87654321?offset=3",
    ]
    last = right.received[2]
    own = f"http://{last.headers['host']}{base}"
    assert (last.headers["x-from"], last.headers["x-host"], last.json()) == (
        f"{own}/x",
        last.headers["host"],
        [own],
    )


def test_an_identity_in_a_url(tmp_path: Path) -> None:
    """The Locations themselves are compared, and are equal but for the id at their end."""
    run(tmp_path, UPLOAD, Site("left"), Site("right"))


def test_out_of_the_base_path(tmp_path: Path) -> None:
    """A URL that leads out of the runtime's base path is asked as it is, and explain says so."""
    site = Site("left", base="/api", links="/elsewhere")
    explained = run(tmp_path, UPLOAD, site, site)
    assert [each.target for each in site.received].count("/elsewhere/uploads/left-87654321") == 2
    assert "PATCH http://127.0.0.1:" in re.sub(
        r"(curl .*--request )?'?PATCH'?.*(http)", r"PATCH \2", explained
    )


def test_another_host_is_refused(tmp_path: Path) -> None:
    """A URL that leads elsewhere is not asked, and the case says which host that is."""
    (tmp_path / "s.yaml").write_text(f"suite: s\ncases:\n  - name: x\n    steps:\n{UPLOAD}")
    site = Site("left", elsewhere="http://example.com:81")
    with shops(site, site) as words:
        done = conformance("run", "s.yaml", *words, cwd=tmp_path)
    assert done.returncode == 1
    assert "http://example.com:81, which is not the runtime's own host" in done.stdout
    assert {each.target for each in site.received} == {"/uploads"}


def test_codes_cookies_forms_and_tokens(tmp_path: Path) -> None:
    """Codes, cookies, form fields and token claims are sent as each runtime gave them.

    They are a code in a Location, a cookie, a hidden field of a form and a claim of a token.
    """
    steps = """\
      - request: {GET: /authorize}
        compare: status
        capture:
          code: {header: location, regex: "code=([^&]+)", identity: code}
          sid: {cookie: sid}
      - request: {GET: /page}
        compare: status
        capture: {csrf: {regex: 'name="csrf" value="([^"]+)"'}}
      - request: {POST: /token, form: {code: "${code}", csrf: "${csrf}"}, headers: {cookie: "sid=${sid}"}}
        compare: status
        capture: {subject: {token: $.sub}, same: {path: $.id_token, token: $.sub, identity: subject}}
      - request: {GET: "/users/${subject}?same=${same}"}
"""
    right = Site("right")
    explained = run(tmp_path, steps, Site("left"), right)
    assert right.received[2].body == b"code=right-c0de&csrf=right-csrf"
    assert right.received[2].headers["cookie"] == "sid=right-s"
    assert right.received[3].target == "/users/right-subject?same=right-subject"
    assert "/users/left-subject" in explained


def test_a_value_of_a_form(tmp_path: Path) -> None:
    """A name that a form has once is captured as its value, without the list around it."""
    steps = """\
      - request: {POST: /form}
        compare: status
        capture: {code: $.code, second: "$.scope[1]"}
      - request: {GET: "/use?code=${code}&scope=${second}"}
"""
    right = Site("right")
    run(tmp_path, steps, Site("left"), right)
    assert right.received[1].target == "/use?code=right-c0de&scope=b"


def test_a_url_of_two_lines_is_refused(tmp_path: Path) -> None:
    """A URL that holds a line end is no URL: nothing is sent in its place."""
    steps = "[{request: {GET: /two-lines}, compare: status, capture: {n: $.next}}, {request: {GET: '${n}'}}]"
    (tmp_path / "s.yaml").write_text(f"suite: s\ncases:\n  - {{name: x, steps: {steps}}}\n")
    site = Site("left")
    with shops(site, site) as words:
        done = conformance("run", "s.yaml", *words, cwd=tmp_path)
    assert done.returncode == 1
    assert "wanted a value that can stand as the target for 'n', got one that cannot" in done.stdout
    assert {each.target for each in site.received} == {"/two-lines"}


@pytest.mark.parametrize(
    ("capture", "said"),
    [
        pytest.param(
            "{cookie: session}",
            "wanted a value at cookie session for 'v', got only sid",
            id="cookie",
        ),
        pytest.param(
            "{header: location, regex: 'nonce=(.+)'}",
            "wanted a value at the pattern nonce=(.+) in header location for 'v', got a text in "
            "which it is not found",
            id="pattern",
        ),
        pytest.param(
            "{token: $.sub}",
            "wanted a value at $.sub of the token for 'v', got no body",
            id="token",
        ),
        pytest.param(
            "{header: location, token: $.sub}",
            "wanted a value at $.sub of the token in header location for 'v', got a text that "
            "holds no token",
            id="token-in-a-header",
        ),
    ],
)
def test_nothing_to_capture(tmp_path: Path, capture: str, said: str) -> None:
    """Each says where a value was wanted and what was there instead."""
    (tmp_path / "s.yaml").write_text(
        "suite: s\ncases:\n  - {name: x, request: {GET: /authorize}, capture: {v: "
        f"{capture}}}}}\n"
    )
    with shops(Site("left"), Site("left")) as words:
        done = conformance("run", "s.yaml", *words, cwd=tmp_path)
    assert done.returncode == 1
    assert said in done.stdout


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        pytest.param(
            "{request: {GET: /}, capture: {next: $.next}}, {request: {GET: '${nxet}'}}",
            "4:75: nothing is named 'nxet' here; did you mean 'next'?",
            id="a-target",
        ),
        pytest.param(
            "{request: {GET: '/${base_ulr}'}}",
            "4:29: nothing is named 'base_ulr' here; did you mean 'base_url'?",
            id="a-name-of-the-harness",
        ),
        pytest.param(
            "{request: {GET: /}, capture: {v: {cokie: sid}}}",
            "4:47: unknown field 'cokie'; did you mean 'cookie'?",
            id="an-unknown-kind",
        ),
        pytest.param(
            "{request: {GET: /}, capture: {v: {as: url}}}",
            "4:46: wanted at least one of path, header, cookie, regex, token; got as",
            id="nothing-to-take",
        ),
        pytest.param(
            "{request: {GET: /}, capture: {v: {path: $.a, cookie: b}}}",
            "4:46: wanted at most one of path, header, cookie; got path, cookie",
            id="two-places",
        ),
        pytest.param(
            "{request: {GET: /}, capture: {v: {header: location, as: link}}}",
            "4:69: wanted one of url, got 'link'",
            id="as-what",
        ),
        pytest.param(
            "{request: {GET: /}, capture: {host: $.a}}",
            "4:43: 'host' is a name of the harness; choose another",
            id="host",
        ),
        pytest.param(
            "{request: {GET: /}, expect: {json: '${base_url}'}}",
            "what 'base_url' is differs between runtimes",
            id="an-expectation",
        ),
    ],
)
def test_wrong_captures_are_refused(tmp_path: Path, steps: str, said: str) -> None:
    """Each is refused with its place, before anything is sent."""
    (tmp_path / "s.yaml").write_text(f"suite: s\ncases:\n  - name: x\n    steps: [{steps}]\n")
    done = conformance("list", "s.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_parameter_is_added_to_a_url_with_or_without_a_query(tmp_path: Path) -> None:
    """Where the service's own URL has a query, the parameters of the request go on from it."""
    targets: list[str] = []

    def uploads(place: str) -> Service:
        def answer(request: Received) -> Reply:
            targets.append(request.target)
            return Reply(status=202, headers={"location": place}, body=b"")

        return answer

    (tmp_path / "s.yaml").write_text(
        "suite: s\ncases:\n  - name: x\n    steps:\n"
        "      - {request: {POST: /u}, capture: {next: {header: location, as: url}}}\n"
        '      - {request: {PUT: "${next}", query: {digest: d}}, expect: {status: 202}}\n'
    )
    with serve(uploads("/u/1?state=x")) as a, serve(uploads("/u/2")) as b:
        done = conformance(
            "run", "s.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=tmp_path
        )
    assert done.returncode == 0, done.stdout
    assert sorted(targets) == ["/u", "/u", "/u/1?state=x&digest=d", "/u/2?digest=d"]
