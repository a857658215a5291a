"""A runtime that answers the same request differently the second time.

This is distinguished from what it answers differently to another runtime.
"""

import itertools
import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, always, json_reply, serve

AT = "2026-01-01T00:00:00Z"
SUITE = """\
suite: shop/items
compare: value
{rules}cases:
  - name: read
    request: {{{request}}}
"""


def numbered(
    body: Callable[[int], object], status: Callable[[int], int] = lambda _: 200
) -> Service:
    """Return a service whose answer is of the number of the request."""
    count = itertools.count(1)

    def answer(_: Received) -> Reply:
        number = next(count)
        return json_reply(body(number), status(number))

    return answer


def steady(_: Received) -> Reply:
    """Answer the same each time."""
    return json_reply({"id": 1, "token": "t0", "at": AT})


def run(
    folder: Path, service: Service, request: str = "GET: /items/1", rules: str = ""
) -> tuple[str, dict[str, Any]]:
    """Run a case against the steady service and another one.

    Return what is printed, and the report.
    """
    (folder / "shop.yaml").write_text(SUITE.format(request=request, rules=rules))
    with serve(steady) as a, serve(service) as b:
        done = conformance(
            "run",
            "shop.yaml",
            "--runtime",
            f"a={a}",
            "--runtime",
            f"b={b}",
            "--verbose",
            cwd=folder,
        )
    latest = max((folder / "reports" / "runs").glob("2*"))
    return done.stdout + done.stderr, json.loads((latest / "report.json").read_bytes())


def test_what_differs_by_itself_is_one_group(tmp_path: Path) -> None:
    """Places at which a runtime differs from itself are one group, with a rule for each.

    The rest has its cause.
    """
    service = numbered(lambda n: {"id": "1", "token": f"t{n}", "at": f"2026-01-01T00:00:0{n}Z"})
    console, report = run(tmp_path, service)
    assert [group["title"] for group in report["groups"]] == [
        "number as string",
        "differs by itself",
    ], console
    stable, noise = report["groups"]
    assert (stable["cases"], noise["cases"], noise["odd"]) == (1, 1, [])
    assert noise["sides"] == [
        {"runtimes": ["b"], "facts": ["$.token", "$.at"], "beside": [], "alike": True}
    ]
    (markdown,) = (tmp_path / "reports" / "runs").glob("2*/report.md")
    assert re.search(r"\| differs by itself \|[^|]*\| b \|", markdown.read_text())
    assert noise["rules"] == ['{path: "$.token", is: string}', '{path: "$.at", is: timestamp}']
    block = console.partition("differs by itself — ")[2].splitlines()
    assert block[1] == "   b at $.token, $.at"
    assert [line.split() for line in block[4:6]] == [
        ["b", "(first)", '"t1"'],
        ["b", "(again)", '"t2"'],
    ]
    assert '   a rule would excuse it, if that is right: {path: "$.token", is: string}' in block
    assert "differs by itself: b at $.token, and 1 more" in console
    assert "RED: 1 nondeterministic" in console


def at_time(form: str, number: int) -> dict[str, str]:
    """Return a body with a time, whose last digit is a number; `ODD` is the zone with a fraction.

    The fraction is there each other time, as a writer leaves it out where it is zero.
    """
    return {"at": form.replace("ODD", ".5Z" if number % 2 else "Z").format(number)}


def test_a_clock_in_two_forms_is_excused_in_any_form(tmp_path: Path) -> None:
    """The rule that is proposed says of a time in two forms what it leaves, or takes `form: any`."""
    for form, rule in {
        "2026-01-01T00:00:0{}+00:00": (
            '{path: "$.at", is: timestamp}  # runtimes write this time in two ways, which '
            "`form: any` beside it would excuse, too"
        ),
        "2026-01-01T00:00:2{}.250Z": (
            '{path: "$.at", is: timestamp}  # runtimes write this time in two ways, which '
            "`form: any` beside it would excuse, too"
        ),
        "2026-01-01T00:00:1{}ODD": (
            '{path: "$.at", is: timestamp, form: any}  # runtimes write this time in two ways, so it '
            "takes `form: any`"
        ),
    }.items():
        folder = tmp_path / form[17:19].strip("{}")
        folder.mkdir()
        (folder / "shop.yaml").write_text(SUITE.format(request="GET: /", rules=""))
        with (
            serve(numbered(lambda n: {"at": f"2026-01-01T00:00:0{n}Z"})) as go,
            serve(numbered(partial(at_time, form))) as rust,
        ):
            words = ("--runtime", f"go={go}", "--runtime", f"rust={rust}")
            said = conformance("run", "shop.yaml", *words, cwd=folder).stdout
        assert f"a rule would excuse it, if that is right: {rule}\n" in said, said


def test_what_is_steady_beside_values_that_vary_is_shown(tmp_path: Path) -> None:
    """Two runtimes count, one sends a text: the type differs whatever the numbers are."""
    (tmp_path / "shop.yaml").write_text(SUITE.format(request="GET: /", rules=""))
    with (
        serve(numbered(lambda n: {"v": n})) as go,
        serve(numbered(lambda n: {"v": 10 * n})) as py,
        serve(always({"v": "z"})) as rust,
    ):
        words = ("--runtime", f"go={go}", "--runtime", f"py={py}", "--runtime", f"rust={rust}")
        said = conformance("run", "shop.yaml", *words, cwd=tmp_path).stdout
    assert (
        "go at $.v · py at $.v; beside that, type of $.v differs: go, py integer · rust string"
        in said
    ), said


def test_a_list_whose_order_alone_flips_may_come_in_any_order(tmp_path: Path) -> None:
    """The rule that is proposed frees the order of the list, and hides none of its elements."""
    tags = [{"id": 1, "n": "x"}, {"id": 2, "n": "y"}]
    _, report = run(tmp_path, numbered(lambda n: {"id": 1, "tags": tags[:: (-1) ** n]}))
    noise = report["groups"][-1]
    assert (noise["title"], noise["rules"]) == (
        "differs by itself",
        ['{path: "$.tags", as: set}'],
    )


def test_the_proposed_rules_leave_what_is_stable(tmp_path: Path) -> None:
    """With the rules of the group in the suite, only the stable difference is left."""
    service = numbered(lambda n: {"id": "1", "token": f"t{n}", "at": f"2026-01-01T00:00:0{n}Z"})
    _, report = run(tmp_path, service)
    proposed = "".join(
        f"  - {rule[:-1]}, why: it changes}}\n" for rule in report["groups"][1]["rules"]
    )
    console, report = run(tmp_path, service, rules=f"rules:\n{proposed}")
    assert [group["title"] for group in report["groups"]] == ["number as string"], console
    assert "RED: 1 failed" in console


def test_a_rule_that_is_needed_against_noise_alone(tmp_path: Path) -> None:
    """Between the runtimes more differs than the rule is about.

    Without it the case would be nondeterministic.
    """
    service = numbered(lambda n: [{"page": n}])
    rule = 'rules:\n  - {path: "$[*].page", is: integer, why: it counts}\n'
    console, report = run(tmp_path, service, rules=rule)
    assert "RED: 1 failed" in console
    assert not [warning for warning in report["warnings"] if "rule" in warning]
    assert "RED: 1 nondeterministic" in run(tmp_path, service)[0]


def test_a_name_made_for_one_run_is_in_no_rule(tmp_path: Path) -> None:
    """The rule is about any name in its place; at the root there is no rule."""
    steady_names = {"of": {"order-10231": {"n": 1}, "all": 1}, "order-10232": 1}

    def others(number: int) -> object:
        return {"of": {"order-10231": {"n": number + 1}, "all": 1}, "order-10232": number + 1}

    (tmp_path / "shop.yaml").write_text(SUITE.format(request="GET: /", rules=""))
    with serve(numbered(lambda _: steady_names)) as a, serve(numbered(others)) as b:
        done = conformance(
            "run", "shop.yaml", f"--runtime=a={a}", f"--runtime=b={b}", "--verbose", cwd=tmp_path
        )

    assert [line for line in done.stdout.splitlines() if "a rule would" in line] == [
        '   a rule would excuse it, if that is right: {path: "$.of.*.n", is: integer}'
    ]


def test_a_status_that_flips_is_excused_by_no_rule(tmp_path: Path) -> None:
    """If another status comes the second time, the runtime differs by itself.

    Not even a rule helps.
    """
    service = numbered(
        lambda _: {"id": 1, "token": "t0", "at": "2026-01-01T00:00:00Z"},
        lambda n: 500 if n % 2 else 200,
    )
    console, report = run(tmp_path, service)
    (group,) = report["groups"]
    assert (group["title"], group["sides"], group["rules"]) == (
        "differs by itself", [{"runtimes": ["b"], "facts": ["status"], "beside": [],
            "alike": True}], [],
    ), console  # fmt: skip
    assert "a rule" not in console
    assert (
        "not even a rule can excuse it"
        in (next((tmp_path / "reports" / "runs").glob("2*")) / "report.md").read_text()
    )


def test_a_case_that_changes_what_it_reads(tmp_path: Path) -> None:
    """An answer that changes because the case was asked before says nothing of the runtime.

    The message says to isolate the case.
    """
    service = numbered(lambda n: {"id": n}, lambda n: 201 if n == 1 else 409)
    console, report = run(tmp_path, service, "POST: /items")
    assert "differs by itself" not in [group["title"] for group in report["groups"]], console
    assert (
        "; it sends a POST, and its second answer differs; if it changes what it reads, isolate it"
        in console
    )
    assert "RED: 1 failed" in console


def test_a_difference_within_the_tolerance_of_one_runtime(tmp_path: Path) -> None:
    """A runtime that stays within a tolerance of itself may be outside of another one's, once.

    Such a difference comes and goes: the case is nondeterministic, and not failed.
    """
    service = numbered(lambda n: {"id": 2.5 if n % 2 else 1.9, "token": "t0", "at": AT})
    rules = "rules: [{path: $.id, approx: {absolute: 1}, why: measured}]\n"
    console, report = run(tmp_path, service, rules=rules)
    assert report["counts"]["nondeterministic"] == 1, console
    assert report["counts"]["failed"] == 0
