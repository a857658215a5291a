"""Answers that agree and contain nothing that was asked for: redirects, login pages, empty bodies."""

from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.cli.proof_runs import SUITE, run
from tests.miniatures.server import Received, Reply, Service, serve


def said_of(folder: Path, service: Service, more: str = "", runtimes: str = "") -> tuple[str, int]:
    """Run a case against two of a service, strictly.

    Return what was not checked and the exit code.
    """
    (folder / "shop.yaml").write_text(SUITE.format(more=more))
    if runtimes:
        (folder / "runtimes.yaml").write_text(runtimes)
    with serve(service) as a, serve(service) as b:
        words = ("--runtime", f"a={a}", "--runtime", f"b={b}", "--strict")
        done = conformance("run", "shop.yaml", *words, cwd=folder)
    return done.stdout.partition("not checked:\n")[2].partition("\n\n")[0], done.returncode


def page(body: str) -> Service:
    """Return a service that answers everything with one HTML page."""
    return lambda _: Reply(headers={"content-type": "text/html"}, body=body.encode())


def redirect(status: int, to: str = "http://{host}/login?next={target}") -> Service:
    """Return a service that redirects everything, to its page for the log-in by default."""

    def answered(received: Received) -> Reply:
        host = dict(received.headers).get("host", "x")
        port = host.rpartition(":")[2]
        place = to.format(host=host, port=port, target=received.target)
        return Reply(status=status, headers={"location": place}, body=b"")

    return answered


def page_by_path(statuses: dict[str, Reply]) -> Service:
    """Return a service that answers each path in its way, and others with a page to log in."""
    return lambda received: statuses.get(received.target, _LOGIN_PAGE)


_LOGIN_PAGE = Reply(headers={"content-type": "text/html"}, body=b"<input type=password>")
_TO_LOGIN = Reply(status=302, headers={"location": "/login"}, body=b"")
_REFUSED = Reply(status=401, headers={}, body=b"")
_FOUND = Reply(headers={"content-type": "text/plain"}, body=b"here it is")
_PAGES = "".join(f"  - {{name: more-{n}, request: {{GET: /more/{n}}}}}\n" for n in range(2))


@pytest.mark.parametrize(
    ("service", "more", "said"),
    [
        pytest.param(redirect(302), "", "a redirect to /login", id="one-case"),
        pytest.param(redirect(307), _PAGES, "a redirect to /login", id="three-cases"),
        pytest.param(redirect(302, "https://idp.example/a?state={target}"), _PAGES,
                     "a redirect to https://idp.example/a", id="another-host"),
        pytest.param(page("<input type=password>"), _PAGES, "a page that asks for a password",
                     id="pages"),
        pytest.param(page("<input type=password>"), "", "", id="one-page"),
        pytest.param(page_by_path({"/items/1": _REFUSED, "/more/0": _TO_LOGIN}), _PAGES,
                     "a refusal or a redirect to /login or a page that asks for a password",
                     id="each-in-its-way"),
        pytest.param(redirect(302, "/to{target}"), _PAGES, "", id="several-places"),
        pytest.param(redirect(301, "{target}/"), "", "", id="for-a-slash"),
        pytest.param(page_by_path({"/items/1": _FOUND, "/more/0": _TO_LOGIN}), _PAGES, "",
                     id="one-answer-is-what-was-asked-for"),
        pytest.param(redirect(302), "    expect: {status: 302}\n" + _PAGES, "", id="expected"),
        pytest.param(redirect(302), "    expect: {status: 302}\n", "", id="expected-alone"),
    ],
)  # fmt: skip
def test_a_session_that_has_expired_proves_nothing(
    tmp_path: Path, service: Service, more: str, said: str
) -> None:
    """Where each answer leads to one login page, that the runtimes agree says nothing of them."""
    why = f"every answer of the whole run is {said}, and no case expected that; has a session expired?"
    ends = (5, f"NOTHING PROVED: {why}") if said else (0, "PARITY")
    assert run(tmp_path, service, more=more) == ends
    code, in_strict = run(tmp_path, service, "--strict", more=more)
    assert (code == 1) is ("not checked" in in_strict)
    assert not said or code == 1
    gate = conformance("gate", cwd=tmp_path)
    assert gate.returncode == code


LABELLED = {"content-type": "application/json"}
EXPECTS = "    expect: {status: 2xx}\n"


@pytest.mark.parametrize(
    ("service", "more", "said"),
    [
        pytest.param(redirect(302), "",
            "cases in which every answer only redirects to one place (/login): 1 case",
                     id="redirects"),
        pytest.param(redirect(302, "http://o.example:{port}/x"), "    compare: status\n", "",
                     id="to-two-origins"),
        pytest.param(redirect(302, "https://o.example/x?y=1"), "",
            "cases in which every answer only redirects to one place (https://o.example/x): 1 case",
                     id="to-another-host"),
        pytest.param(redirect(301, "{target}/"), "",
            "cases in which every answer only redirects for a slash at the end of the path: 1 case",
                     id="for-a-slash"),
        pytest.param(redirect(302), "    expect: {status: 302}\n", "", id="redirects-as-expected"),
        pytest.param(page("<form><input name=p type='password'></form>"), "",
                     "cases in which every answer is a page that asks for a password: 1 case",
                     id="a-page-to-log-in"),
        pytest.param(page("<form><input name=p type='password'></form>"), EXPECTS, "",
            id="such-a-page-as-expected"),
        pytest.param(page("<p>type=password</p>"), "", "", id="another-page"),
        pytest.param(lambda _: Reply(headers=LABELLED, body=b""), "",
                     "bodies that are empty in all answers, under a label that says otherwise "
                     "(application/json): 1",
                     id="empty-json"),
        pytest.param(lambda _: Reply(headers=LABELLED, body=b"{}"), "", "", id="an-empty-object"),
        pytest.param(lambda _: Reply(status=204, headers={}, body=b""), "", "", id="no-content"),
        pytest.param(lambda _: Reply(headers={"content-type": "text/plain"}, body=b""), "", "",
            id="empty-text"),
    ],
)  # fmt: skip
def test_answers_that_say_nothing_of_what_was_asked_for(
    tmp_path: Path, service: Service, more: str, said: str
) -> None:
    """Answers that say nothing of what was requested are no checked parity.

    They are redirects to a login page, such pages, and empty bodies under a label.
    """
    not_checked, code = said_of(tmp_path, service, more)
    assert (said in not_checked, bool(not_checked), code) == (True, bool(said), int(bool(said))), (
        not_checked
    )
