"""`--runtime NAME=URL` of a declared runtime changes only its address.

All else that the runtimes file says of it stays.
"""

from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, json_reply, serve

TOKENS = {"SHOP_TOKEN": "t0p-s3cret", "NOT_SET": "t0p-s3cret"}
SUITE = "suite: shop/items\ncases:\n  - {name: one, request: {GET: /items/1}}\n"


def guarded(request: Received) -> Reply:
    """Answer those who show the token."""
    given = {name.lower(): value for name, value in request.headers.items()}.get("authorization")
    return (
        json_reply({"id": 1})
        if given == "Bearer t0p-s3cret"
        else json_reply({"error": "who are you?"}, 401)
    )


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Declare two runtimes that need a token, elsewhere, and a third with an unset variable."""
    (tmp_path / "shop.yaml").write_text(SUITE)
    header = '{authorization: "Bearer ${env:SHOP_TOKEN}"}'
    (tmp_path / "runtimes.yaml").write_text(
        "runtimes:\n"
        f"  a: {{url: 'http://127.0.0.1:1', language: go, headers: {header}}}\n"
        f"  b: {{url: 'http://localhost:1', secret_hosts: [127.0.0.1], headers: {header}}}\n"
        f"  c: {{url: 'https://shop.example', headers: {header}}}\n"
        "  d: {url: 'http://${env:PREVIEW}/base'}\n"
        "  e: {url: 'http://127.0.0.1:1', headers: {x-key: '${env:NOT_SET}'}}\n"
    )
    return tmp_path


def test_an_overlay_keeps_what_is_declared(shop: Path) -> None:
    """The token goes along: the two answer 200, where two 401 would look alike as well."""
    with serve(guarded) as url:
        words = ("run", "shop.yaml", "--runtime", f"a={url}", "--runtime", f"b={url}", "--json")
        done = conformance(*words, cwd=shop, SHOP_TOKEN="t0p-s3cret")  # noqa: S106 - a test's
        assert done.returncode == 0, done.stderr
        record = next((shop / "reports" / "runs").glob("2*")) / "run.ndjson"
    assert record.read_text().count('"status":200') == 2
    assert "t0p-s3cret" not in record.read_text() + done.stdout
    assert '"language": "go"' in done.stdout


@pytest.mark.parametrize(
    ("allowing", "code"),
    [
        pytest.param((), 2, id="refused"),
        pytest.param(("--send-secrets", "127.0.0.2"), 2, id="another-host-allowed"),
        pytest.param(("--send-secrets", "127.0.0.1"), 0, id="allowed"),
    ],
)
def test_a_secret_goes_to_no_other_host(shop: Path, allowing: tuple[str, ...], code: int) -> None:
    """An address at an undeclared host gets the secret only where the user says so."""
    with serve(guarded) as url:
        words = ("run", "shop.yaml", "--runtime", f"c={url}", "--runtime", f"b={url}", *allowing)
        done = conformance(*words, cwd=shop, SHOP_TOKEN="t0p-s3cret")  # noqa: S106 - a test's
    assert done.returncode == code, done.stderr
    if code:
        assert (
            "the declared headers of c hold the secret SHOP_TOKEN, which 127.0.0.1 must not be sent"
            in done.stderr
        )
        assert (
            "--send-secrets 127.0.0.1, or `secret_hosts: [127.0.0.1]` in the runtimes file"
            in done.stderr
        )


def test_a_url_may_come_from_a_variable(shop: Path) -> None:
    """The host of a preview is known to the pipeline alone."""
    with serve(guarded) as url:
        words = ("run", "shop.yaml", "--runtime", "d", "--runtime", f"x={url}", "--json")
        done = conformance(*words, cwd=shop, PREVIEW=url.removeprefix("http://"), **TOKENS)
        assert f'"url": "{url}/base"' in done.stdout, done.stderr
    bad = conformance("run", "shop.yaml", "--runtime", "d", cwd=shop, PREVIEW="h ost", **TOKENS)
    assert (bad.returncode, "http://h ost/base names no host and port" in bad.stderr) == (
        2,
        True,
    ), bad.stderr
    unset = conformance("run", "shop.yaml", "--runtime", "d", cwd=shop, **TOKENS)
    assert (unset.returncode, "env:PREVIEW" in unset.stderr) == (2, True), unset.stderr


def test_a_token_that_nobody_takes_is_no_parity(shop: Path) -> None:
    """With a wrong token both answer 401: two refusals that nobody expects prove nothing."""
    with serve(guarded) as url:
        words = ("run", "shop.yaml", "--runtime", f"a={url}", "--runtime", f"b={url}", "--quiet")
        done = conformance(*words, cwd=shop, SHOP_TOKEN="an-old-one")  # noqa: S106 - a test's
    assert (done.returncode, done.stdout[:14]) == (5, "NOTHING PROVED"), done.stdout
