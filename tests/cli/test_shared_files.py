"""What suites share: a file that is included, and requests and expectations by name."""

from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.cli.test_setup_steps import Shop, shops

SHARED = """\
shared: what every suite of the shop takes
request: {headers: {x-tenant: acme, authorization: "Bearer ${token}"}}
setup:
  - request: {use: log-in}
    capture: {token: $.token}
rules:
  - {path: $.n, is: number, why: a counter}
requests:
  log-in: {POST: /login, headers: {x-from: shared, authorization: null}, json: {user: ann}}
expectations:
  found: {status: 200, json: {$open: {path: /orders}}}
"""
SUITE = """\
suite: shop/orders
include: shared.yaml
compare: value
request: {headers: {x-tenant: other}}
cases:
  - {name: list, request: {GET: /orders}, expect: {use: found}}
  - name: again
    request: {use: log-in, raw: x, headers: {x-from: here}}
    rules: [{path: $.token, is: string, why: a token}]
    expect: {use: found, json: {$open: {token: {$is: string}}}}
"""


def test_a_suite_has_what_it_includes(tmp_path: Path) -> None:
    """Setup, headers, rules, requests and expectations are those of the shared file.

    What the suite says goes first.
    """
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases/shared.yaml").write_text(SHARED)
    (tmp_path / "cases/s.yaml").write_text(SUITE)
    a, b = Shop("token-of-a"), Shop("another-of-b")
    with shops(a, b) as words:
        done = conformance("run", "cases", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    login, listing, _, again = a.received
    assert (login.json(), login.headers["x-from"], login.headers["x-tenant"]) == (
        {"user": "ann"},
        "shared",
        "other",
    )
    assert listing.headers["authorization"] == "Bearer token-of-a"
    assert (again.method, again.target, again.body) == ("POST", "/login", b"x")
    assert again.headers["x-from"] == "here"
    assert "authorization" not in again.headers


@pytest.mark.parametrize(
    ("shared", "suite", "said"),
    [
        pytest.param(
            SHARED,
            SUITE.replace("use: found,", "use: fuond,"),
            "cases/s.yaml:10:19: no expectation is named 'fuond'; did you mean 'found'?",
            id="an-expectation",
        ),
        pytest.param(
            SHARED.replace("use: log-in", "use: log"),
            SUITE,
            "cases/shared.yaml:4:20: no request is named 'log'; `requests:` names them",
            id="a-request",
        ),
        pytest.param(
            SHARED,
            SUITE.replace("shared.yaml", "shard.yaml"),
            "cases/s.yaml:2:10: 'shard.yaml': no such file beside this suite",
            id="no-file",
        ),
        pytest.param(
            SHARED.replace("rules:", "rulez:"),
            SUITE,
            "cases/shared.yaml:6:1: unknown field 'rulez'; did you mean 'rules'?",
            id="a-field",
        ),
        pytest.param(
            SHARED,
            SUITE.replace("use: log-in, raw", "use: log-in, GET: /, raw"),
            "cases/s.yaml:8:14: wanted exactly one of a method such as GET or POST, method, use; "
            "got use, GET",
            id="use-and-a-method",
        ),
        pytest.param(
            "suite: x\ncases: []\n",
            SUITE,
            "cases/shared.yaml:1:1: field 'shared' is missing",
            id="a-suite",
        ),
    ],
)
def test_wrong_files_are_refused_with_their_place(
    tmp_path: Path, shared: str, suite: str, said: str
) -> None:
    """A problem has its place in the file where it stands."""
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases/shared.yaml").write_text(shared)
    (tmp_path / "cases/s.yaml").write_text(suite)
    done = conformance("list", "cases/s.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
