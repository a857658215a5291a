"""Files of the kind `shared:`, good and bad.

Tests/cli/test_shared_files.py shows what becomes of them.
"""

from pathlib import Path

import pytest

from tests.suites.reading import problems_of

GOOD_FILES = [
    "shared: nothing but a title\n",
    (
        "shared: x\nenv: [TOKEN]\nrequest: {headers: {authorization: 'Bearer ${env:TOKEN}'}, "
        "query: {a: [b, c], d: e}}\n"
    ),
    (
        "shared: x\nsetup:\n  - {request: {POST: /, raw: x}, capture: {id: $.id}, expect: {status: "
        "2xx}}\n"
    ),
    "shared: x\nrules:\n  - {path: $.n, is: number, why: a counter}\n",
    "shared: x\nrequests:\n  first: {GET: /}\n  second: {method: m-search!, target: '*'}\n",
    (
        "shared: x\nexpectations:\n  none: {status: 404}\n  some: {headers: {etag: {$re: '^W/'}}, "
        "json: {$open: {a: 1}}}\n"
    ),
    "shared: x\nsetup: [{request: {use: first}}]\nrequests: {first: {GET: /}}\n",
]
BAD_FILES = [
    "shared: [x]\n",
    "shared: null\n",
    "shared: x\nsuite: s\n",
    "shared: x\ncases: []\n",
    "shared: x\ninclude: other.yaml\n",
    "shared: x\nenv: TOKEN\n",
    "shared: x\nenv: ['a-b']\n",
    "shared: x\nrequest: {GET: /}\n",
    "shared: x\nrequest: {headers: {x: 1}}\n",
    "shared: x\nrequest: {query: {'': a}}\n",
    "shared: x\nsetup: {request: {GET: /}}\n",
    "shared: x\nsetup: [{request: {GET: /}, cleanup: []}]\n",
    "shared: x\nsetup: [{run: {args: [a]}}]\n",
    "shared: x\nrequests: {First: {GET: /}}\n",
    "shared: x\nrequests: {first: {use: second}}\n",
    "shared: x\nrequests: {first: {}}\n",
    "shared: x\nexpectations: {first: {use: second}}\n",
    "shared: x\nexpectations: {first: {status: 9xx}}\n",
    "shared: x\nrules: [{path: $.n}]\n",
]


@pytest.mark.parametrize("shared", GOOD_FILES)
def test_good_files(tmp_path: Path, shared: str) -> None:
    """Each can be included."""
    assert _problems(tmp_path, shared) == ""


@pytest.mark.parametrize("shared", BAD_FILES)
def test_bad_files(tmp_path: Path, shared: str) -> None:
    """Each is refused, and the problem has its place in the included file."""
    assert _problems(tmp_path, shared).startswith("shared.yaml:")


def _problems(folder: Path, shared: str) -> str:
    (folder / "shared.yaml").write_text(shared)
    return problems_of(
        folder,
        "suite: s\nenv: [TOKEN]\ninclude: shared.yaml\ncases: [{name: x, request: {GET: /}}]\n",
    )
