"""Requests that are signed, and runtimes that are logged in to once a run.

What they are let in with is a secret.
"""

import hashlib
import hmac
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, json_reply, serve

ACCESS_KEY, SECRET_KEY = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
HOOK_KEY = "hook-key-for-tests"


def sha256(data: bytes) -> str:
    """Return a digest in hex."""
    return hashlib.sha256(data).hexdigest()


def aws_signature(request: Received) -> str:
    """Return the Signature Version 4 that a request must have.

    It is made by hand from the description of Signature Version 4.
    """
    given = request.headers["authorization"]
    scope, names = (
        given.split("Credential=")[1].split(",")[0].split("/", 1)[1],
        given.split("SignedHeaders=")[1],
    )
    names = names.split(",")[0]
    path, _, query = request.target.partition("?")
    ordered = "&".join(sorted(query.split("&"))) if query else ""
    fields = "".join(f"{name}:{request.headers[name]}\n" for name in names.split(";"))
    canonical = "\n".join([request.method, path, ordered, fields, names, sha256(request.body)])
    to_sign = "\n".join(
        ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, sha256(canonical.encode())]
    )
    key = f"AWS4{SECRET_KEY}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), "sha256").digest()
    return hmac.new(key, to_sign.encode(), "sha256").hexdigest()


class Guarded:
    """A service that lets in who signs or has logged in, each in its own way."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.logins = 0
        self.lock = threading.Lock()

    def __call__(self, request: Received) -> Reply:
        """Answer who was let in, and how."""
        with self.lock:
            self.received.append(request)
        path = request.target.partition("?")[0]
        if path == "/token":
            self.logins += 1
            right = (
                request.body == b"grant_type=client_credentials&client_secret=" + HOOK_KEY.encode()
            )
            return json_reply(
                {"access_token": f"access-{id(self)}-{self.logins}"}, 200 if right else 401
            )
        if path == "/aws":
            right = request.headers.get("authorization", "").endswith(
                f"Signature={aws_signature(request)}"
            )
        elif path == "/hook":
            signed = f"POST\n/hook\n{request.headers['x-time']}\n".encode() + request.body
            right = (
                request.headers["x-signature"]
                == "v1=" + hmac.new(HOOK_KEY.encode(), signed, "sha256").hexdigest()
            )
        elif path == "/command":
            right = request.headers.get("x-own") == f"{request.method} {len(request.body)}"
        else:
            right = request.headers.get("authorization") == f"Bearer access-{id(self)}-1"
        return json_reply(
            {"right": right, "echo": request.headers.get("authorization", "")},
            200 if right else 403,
        )


SUITE = """\
suite: guarded
cases:
  - {name: aws, request: {POST: "/aws?b=2&a=1", json: {a: 1}}, sign: cloud, expect: {status: 200}}
  - {name: hook, request: {POST: /hook, raw: "{}"}, sign: hook, expect: {status: 200}}
  - {name: command, request: {PUT: /command, raw: abc}, sign: own, expect: {status: 200}}
  - name: login
    steps:
      - {request: {GET: /me, headers: {authorization: "Bearer ${login:access}"}}, expect: {status: 200}}
      - {request: {GET: /me}, expect: {status: 403}}
"""
SIGNER = """\
import json, sys
asked = json.load(sys.stdin)
import base64
size = len(base64.b64decode(asked["body_base64"]))
print(json.dumps({"headers": {"x-own": f"{asked['method']} {size}"}}))
"""
RUNTIME = """\
    signers:
      cloud:
        aws-sigv4:
          {{region: eu-west-1, service: execute-api, access_key: {key}, secret_key: "${{env:AWS_KEY}}"}}
      hook:
        hmac:
          key: "${{env:HOOK_KEY}}"
          over: "${{method}}\\n${{target}}\\n${{timestamp}}\\n${{body}}"
          headers: {{x-signature: "v1=${{signature}}", x-time: "${{timestamp}}"}}
      own: {{command: ["${{python}}", sign.py]}}
    login:
      - request: {{POST: /token, form: {{grant_type: client_credentials, client_secret: "${{env:HOOK_KEY}}"}}}}
        capture: {{access: $.access_token}}
"""


@pytest.fixture(name="folder")
def a_folder(tmp_path: Path) -> Path:
    """Write the suite and the command that signs."""
    (tmp_path / "s.yaml").write_text(SUITE)
    (tmp_path / "sign.py").write_text(SIGNER)
    return tmp_path


@pytest.fixture(name="services")
def two_services(folder: Path) -> Iterator[tuple[Guarded, Guarded]]:
    """Serve two services and write the runtimes file."""
    services = Guarded(), Guarded()
    with serve(services[0]) as a, serve(services[1]) as b:
        entries = "".join(
            f"  {name}:\n    url: {url}\n{RUNTIME}" for name, url in (("a", a), ("b", b))
        )
        (folder / "runtimes.yaml").write_text("runtimes:\n" + entries.format(key=ACCESS_KEY))
        yield services


def run(folder: Path, *words: str, **environment: str) -> tuple[int, str]:
    """Run the suite."""
    secrets = {"AWS_KEY": SECRET_KEY, "HOOK_KEY": HOOK_KEY, **environment}
    done = conformance("run", "s.yaml", *words, cwd=folder, **secrets)
    return done.returncode, done.stdout + done.stderr


def test_signed_and_logged_in(folder: Path, services: tuple[Guarded, Guarded]) -> None:
    """Each signature is the one that the service computes from the request itself.

    One login for each runtime serves the whole run.
    """
    code, printed = run(folder)
    assert code == 0, printed
    assert [service.logins for service in services] == [1, 1]
    assert [request.target for request in services[0].received].count("/token") == 1


def test_what_lets_in_is_kept_nowhere(folder: Path, services: tuple[Guarded, Guarded]) -> None:
    """Neither a key nor what a login captured is in any file or output.

    This also holds where the service echoes it.
    """
    _, printed = run(folder)
    kept = [
        printed.encode(),
        *(file.read_bytes() for file in (folder / "reports").rglob("*") if file.is_file()),
    ]
    tokens = [f"access-{id(service)}-1" for service in services]
    for secret in (SECRET_KEY, HOOK_KEY, *tokens):
        assert not any(secret.encode() in each for each in kept), secret
    (case,) = json.loads(conformance("explain", "guarded/login", "--json", cwd=folder).stdout)
    assert case["cells"][0]["sent"]["0"]["headers"] == [["authorization", "Bearer ${login:access}"]]
    assert "[secret:login:access]" in case["cells"][0]["seen"][0]["answer"]["body"]
    explained = conformance("explain", "guarded/hook", cwd=folder).stdout
    assert "x-signature: v1=" in explained


def test_a_login_that_fails(folder: Path, services: tuple[Guarded, Guarded]) -> None:
    """Nothing else is sent; the exit code is that of a runtime that cannot be reached."""
    code, printed = run(folder, HOOK_KEY="another-key")
    assert code == 4
    assert "runtime a: its login failed: wanted status 2xx or 3xx for step 1, got 401" in printed
    assert "runtime b: its login failed" in printed
    assert [request.target for request in services[0].received] == ["/token"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sign: hook", "sign: hok", "s.yaml:4:5: runtime a has no signer 'hok'"),
        ("${login:access}", "${login:acces}", "runtime a has no `login` that captures 'acces'"),
    ],
)
def test_what_a_runtime_has_not(
    folder: Path, services: tuple[Guarded, Guarded], old: str, new: str, said: str
) -> None:
    """A suite that names what a runtime does not have is refused before anything is sent."""
    (folder / "s.yaml").write_text(SUITE.replace(old, new))
    code, printed = run(folder)
    assert code == 2
    assert said in printed
    assert not services[0].received


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("import sys; sys.exit('no key')", "exited with 1: no key"),
        ("print('x')", "printed no JSON"),
        ("print('[]')", 'printed no {"headers": {…}}'),
        ('print(\'{"headers": {"x": "a\\\\nb"}}\')', "which is no header field of one line"),
    ],
)
def test_a_command_that_does_not_sign(
    folder: Path, services: tuple[Guarded, Guarded], script: str, said: str
) -> None:
    """The request is not sent, and the case says why."""
    (folder / "sign.py").write_text(script)
    code, printed = run(folder, "--case", "guarded/command")
    assert code == 1
    assert said in printed
    assert "wanted a signature for 'own'" in printed
    assert [request.target for request in services[0].received] == ["/token"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("region: eu-west-1, ", "", "field 'region' is missing"),
        ("${env:AWS_KEY}", "${env:NO_SUCH}", "the variable NO_SUCH is not set"),
        (
            "\\\\n${body}",
            "\\\\n${bodi}",
            "nothing is named 'bodi' here; known: body, method, target, timestamp",
        ),
        (
            "v1=${signature}",
            "v1=${body}",
            "nothing is named 'body' here; known: signature, timestamp",
        ),
        ("hmac:", "hamc:", "unknown field 'hamc'; did you mean 'hmac'?"),
        (
            "capture: {access",
            "captures: {access",
            "unknown field 'captures'; did you mean 'capture'?",
        ),
        (
            'client_secret: "${env:HOOK_KEY}"',
            'client_secret: "${secret}"',
            "nothing is named 'secret' here",
        ),
    ],
)
def test_wrong_runtimes_are_refused(
    folder: Path, services: tuple[Guarded, Guarded], old: str, new: str, said: str
) -> None:
    """Each is refused with its place."""
    file = folder / "runtimes.yaml"
    written = file.read_text()
    assert old.replace("\\\\", "\\") in written
    file.write_text(written.replace(old.replace("\\\\", "\\"), new.replace("\\\\", "\\")))
    code, printed = run(folder)
    assert code == 2
    assert said in printed
    assert not services[0].received


FRAIL = Path(__file__).parents[1] / "miniatures" / "guarded_frail.py"
OF_FRAIL = """\
    command: ["{python}", "{frail}", "${{port}}", {folder}]
    headers: {{authorization: "Bearer ${{login:access}}"}}
    login:
      - request: {{GET: /token}}
        expect: {{json: {{$open: {{given: ""}}}}}}
        capture: {{access: $.access}}
"""
AFTER_AN_END = """\
suite: guarded
cases:
  - {name: before, request: {GET: /a}, expect: {status: 200}}
  - {name: end, request: {GET: /dies-once}, expect: {status: 200}}
  - {name: later, request: {GET: /b}, expect: {status: 200}}
"""


@pytest.fixture(name="frail")
def two_frail_services(tmp_path: Path) -> Path:
    """Declare two services that end once, each with tokens of its own."""
    entries = []
    for name in "ab":
        (tmp_path / name).mkdir()
        entry = OF_FRAIL.format(python=sys.executable, frail=FRAIL, folder=tmp_path / name)
        entries.append(f"  {name}:\n{entry}")
    (tmp_path / "runtimes.yaml").write_text("runtimes:\n" + "".join(entries))
    (tmp_path / "s.yaml").write_text(AFTER_AN_END)
    return tmp_path


def test_a_runtime_is_logged_in_to_again(frail: Path) -> None:
    """What a login captured is in the runtime's headers; after an end it is captured again.

    The login itself is sent without it. Neither token is kept.
    """
    code, printed = run(frail)
    assert code == 1, printed
    assert "3 cases: 2 passed + 1 errored" in printed
    assert "errored   guarded/end " in printed
    assert printed.count("it was started again") == len("ab")
    kept = b"".join(file.read_bytes() for file in (frail / "reports").rglob("*") if file.is_file())
    assert b"token-" not in kept
    explained = conformance("explain", "guarded/later", cwd=frail).stdout
    assert "'authorization: Bearer '\"$LOGIN_ACCESS\"" in explained


def test_a_header_names_what_no_login_captures(frail: Path) -> None:
    """The runtimes file is refused, with the place."""
    file = frail / "runtimes.yaml"
    file.write_text(file.read_text().replace("${login:access}", "${login:acces}"))
    code, printed = run(frail)
    assert code == 2
    assert "runtimes.yaml:4:30: nothing is named 'login:acces' here" in printed
