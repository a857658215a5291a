"""One run of three runtimes is the same in every output.

The outputs agree on who is on which side and on what each shows.
"""

import contextlib
import html
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.gauntlet.facts import groups
from conformance.gauntlet.plan import PhaseKind
from conformance.gauntlet.verdict import PhaseEvidence
from conformance.project.checkout_state import CheckoutState
from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, json_reply, serve

SUITE = """\
suite: shop/items
compare: value
cases:
  - {name: refused, request: {GET: /refused}}
  - {name: text, request: {GET: /text}}
  - {name: counted, request: {GET: /counted}}
  - {name: lacking, request: {GET: /lacking}}
"""
STATE = CheckoutState(commit="", changed=(), tree="", cases="", ledger="", configuration="")
SAID = {
    "shop/items/refused": ("status differs", "a 500 · b 404 · c 400"),
    "shop/items/text": ("number as string", "c is the odd one out (string); a, b: number"),
    "shop/items/counted": ("value of $.total differs", "a 1 · b 2 · c 3"),
    "shop/items/lacking": (
        "member $.note: not in b",
        "b is the odd one out (absent); a, c: present",
    ),
}
"""What is said of each case: the title of its cause, and who shows what."""


def shop(name: str) -> Service:
    """Return one of three runtimes."""
    number = "abc".index(name)
    answers = {
        "/refused": json_reply({}, (500, 404, 400)[number]),
        "/text": json_reply({"price": "7" if name == "c" else 7}),
        "/counted": json_reply({"total": number + 1}),
        "/lacking": json_reply({} if name == "b" else {"note": "<b>|*_`"}),
    }

    def service(request: Received) -> Reply:
        return answers[request.target]

    return service


@pytest.fixture(name="folder", scope="module")
def a_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Run the suite; the three runtimes stay, for pytest."""
    folder = tmp_path_factory.mktemp("same-words")
    (folder / "items.yaml").write_text(SUITE)
    with contextlib.ExitStack() as running:
        urls = {name: running.enter_context(serve(shop(name))) for name in "abc"}
        runtimes = "".join(f"  {name}: {{url: '{url}'}}\n" for name, url in urls.items())
        (folder / "runtimes.yaml").write_text(f"runtimes:\n{runtimes}")
        done = conformance("run", "items.yaml", cwd=folder, GITHUB_ACTIONS="true")
        assert done.returncode == 1, done.stderr
        (folder / "printed.txt").write_text(done.stdout)
        yield folder


def report(folder: Path, form: str) -> str:
    """Return the saved run in a form."""
    return conformance("report", "--format", form, cwd=folder).stdout


def plain(markdown: str) -> str:
    """Return Markdown without its escapes."""
    return html.unescape(re.sub(r"\\([\\`*_{}\[\]<>#|~&!])", r"\1", markdown))


def test_causes_are_told_alike(folder: Path) -> None:
    """All reports have the same titles, keys, sides, cases and order.

    They are console, Markdown, HTML, JSON and the gauntlet.
    """
    output = json.loads(report(folder, "json"))
    evidence = PhaseEvidence(
        phase="parity", kind=PhaseKind.RUN, command=(), started="", elapsed_s=1, state=STATE,
            exit_code=1,
        problem=None, red=True, output=output,
    )  # fmt: skip
    told = {
        "console": (folder / "printed.txt").read_text(),
        "markdown": plain(report(folder, "markdown")),
        "html": re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", report(folder, "html")))),
        "gauntlet": "\n".join(groups(evidence)),
    }
    assert len(output["groups"]) == len(SAID)
    for title, sides in ((group["title"], group["says"]) for group in output["groups"]):
        assert [
            name for name, text in told.items() if title not in text or sides not in text
        ] == [], title
    for title, facts in SAID.values():
        assert any(group["title"] == title for group in output["groups"]), title
        shown = [name for name, text in told.items() if facts not in text and name != "gauntlet"]
        assert shown == [], facts
    for name in ("markdown", "html", "gauntlet"):
        places = [told[name].index(group["title"]) for group in output["groups"]]
        assert places == sorted(places), name


def test_cases_are_told_alike(folder: Path) -> None:
    """All outputs give each case the same reason.

    They are JUnit, annotations, the reports' cases, `explain` and pytest.
    """
    cases = {
        line["case_id"]: line["reason"] for line in json.loads(report(folder, "json"))["cases"]
    }
    junit = {
        f"{each.get('classname', '').replace('.', '/')}/{each.get('name')}": failure.get("message")
        for each in ET.fromstring(report(folder, "junit")).iter("testcase")  # noqa: S314 - written by us
        for failure in each.iter("failure")
    }
    printed = (folder / "printed.txt").read_text()
    annotations = dict(re.findall(r"^::error .*title=(\S+?)::failed: (.*)$", printed, re.MULTILINE))
    markdown = plain(report(folder, "markdown"))
    ran = pytest_of(folder)

    assert cases.keys() == SAID.keys()
    assert junit == cases
    assert {name: text.replace("%25", "%") for name, text in annotations.items()} == cases
    for name, (title, facts) in SAID.items():
        assert cases[name].startswith(title)
        assert facts in cases[name]
        explained = conformance("explain", name, cwd=folder).stdout
        assert f"failed: {cases[name]}\n" in explained
        assert f"failed: {cases[name]}\n" in ran
        assert cases[name] in markdown


def pytest_of(folder: Path) -> str:
    """Run the suite under pytest, and return what it prints."""
    words = ("-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:xdist", "--conformance")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words], cwd=folder, capture_output=True, text=True,
        timeout=120, check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    return done.stdout
