"""Values that identify things are compared by what they stand for.

The tests cover what is equal and what is mixed up.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from conformance.model.report import RunReport
from conformance.model.verdict import Verdict
from tests.cli.command import conformance
from tests.comparison.live_runs import replay
from tests.miniatures.registries import (
    MakeId,
    MixesUpWorkers,
    RegistersOnce,
    Registry,
    serial,
    spelled,
)
from tests.miniatures.server import always, serve
from tests.suites.reading import cases_in

TWO_WORKERS = """\
suite: workers/two
compare: {level}
cases:
  - name: two
    steps:
      - request: {{POST: /workers, json: {{name: Ann}}}}
        capture: {{ann: {{path: $.id, identity: worker}}}}
      - request: {{POST: /workers, json: {{name: Bob}}}}
        capture: {{bob: {{path: $.id, identity: worker}}}}
      - request: {{GET: "/pair/${{ann}}/${{bob}}"}}
"""
IN_TEXT = (
    '      - request: {POST: /echo, json: {list: ["${bob}", "${ann}"], note: "of ${ann}, by '
    '${bob}"}}\n'
)


def run(folder: Path, level: str, a: Registry, b: Registry, more: str = "") -> RunReport:
    """Run the case of two workers on two registries."""
    return replay(
        folder,
        {"a": a, "b": b},
        *cases_in(folder, TWO_WORKERS.format(level=level) + more),
        baseline="a",
    )


def signatures(report: RunReport) -> list[str]:
    """Return the signatures of all groups."""
    return sorted(str(signature) for group in report.groups for signature in group.signatures)


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        (
            [{"Id": "a"}, {"Id": "b"}],
            [{"Id": "b"}, {"Id": "a"}],
            ["another-order@$ (differs | differs)"],
        ),
        ([1, 2, 3, 4, 5], [5, 4, 3, 2, 1], ["another-order@$ (differs | differs)"]),
        (
            [1, 2, 3, 4, 5],
            [5, 4, 3, 2, 1, 9],
            ["another-order@$ (differs | differs)", "length@$ (differs | differs)"],
        ),
    ],
)
def test_order_counts_beside_a_fresh_name(
    tmp_path: Path, first: object, second: object, wanted: list[str]
) -> None:
    """A name that the list does not hold says nothing of its order."""
    suite = (
        "suite: shop/items\ncompare: value\nisolate: names\ncases:\n"
        "  - {name: one, request: {GET: '/items/${fresh:item}'}}\n"
    )
    with serve(always(first)) as a, serve(always(second)) as b:
        (tmp_path / "s.yaml").write_text(suite)
        words = ("--runtime", f"a={a}", "--runtime", f"b={b}")
        done = conformance("run", "s.yaml", *words, "--json", cwd=tmp_path)
    groups = json.loads(done.stdout)["groups"]
    assert sorted(group["signatures"][0] for group in groups) == wanted


@pytest.mark.parametrize("level", ["shape", "value"])
@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(spelled("left"), spelled("right"), id="texts"),
        pytest.param(spelled("short"), spelled("very-much-longer"), id="of-any-length"),
        pytest.param(serial(0), serial(6), id="numbers"),
        pytest.param(serial(100_000_000), serial(7), id="distinct-and-not"),
        pytest.param(
            lambda number: "xy"[number % 2], lambda number: "ab"[number % 2], id="one-letter"
        ),
    ],
)
def test_equal_but_for_ids(tmp_path: Path, level: str, a: MakeId, b: MakeId) -> None:
    """Runtimes that differ only in ids that they made are equal, in bodies and Location."""
    report = run(tmp_path, level, Registry(a), Registry(b))
    assert (signatures(report), report.counts[Verdict.PASSED]) == ([], 1)


@pytest.mark.parametrize("level", ["shape", "value"])
@pytest.mark.parametrize(
    "ids", [(spelled("left"), spelled("right")), (serial(10), serial(60))], ids=["texts", "numbers"]
)
def test_a_mixed_up_id(tmp_path: Path, level: str, ids: tuple[MakeId, MakeId]) -> None:
    """A runtime that shows another thing than requested is a separate finding.

    It is of its own kind, whatever the level.
    """
    report = run(tmp_path, level, Registry(ids[0]), MixesUpWorkers(ids[1]))
    assert signatures(report) == ["identity@$.first.id (bob | ann)"]
    assert report.groups[0].title == "identity at $.first.id: bob instead of ann"
    assert report.red


@pytest.mark.parametrize(
    ("b", "found"),
    [
        pytest.param(spelled("right"), [], id="long"),
        pytest.param(serial(7), ["value@$.body (differs | differs)"], id="short"),
    ],
)
def test_ids_within_text(tmp_path: Path, b: MakeId, found: list[str]) -> None:
    """An id of eight characters is known within longer text too.

    A shorter one might be anything there.
    """
    report = run(tmp_path, "value", Registry(spelled("left")), Registry(b), IN_TEXT)
    assert [each for each in signatures(report) if "$.body" in each] == found


def test_one_id_for_two_things(tmp_path: Path) -> None:
    """Two names with one value on one side only are no bijection."""
    report = run(tmp_path, "shape", Registry(spelled("left")), RegistersOnce(spelled("right")))
    assert "identity@$.id (ann and bob | bob)" in signatures(report)


def test_the_others_id(tmp_path: Path) -> None:
    """A runtime that shows another runtime's id is found at any level.

    It happens when both write into one store.
    """

    class Contaminated(Registry):
        def shown(self, worker_id: str) -> dict[str, str | int]:
            return {**self.workers[worker_id], "id": "left-00000001"}

    report = run(tmp_path, "shape", Registry(spelled("left")), Contaminated(spelled("right")))
    assert "identity@$.first.id (another | ann)" in signatures(report)


@dataclass(slots=True)
class Lists(Registry):
    """Answers with the ids of its two workers in a list, in an order of its own."""

    order: str = ""

    def pair(self, first: str, second: str) -> dict[str, object]:
        """Return a list of ids."""
        return {"list": [{"a": first, "b": second}[which] for which in self.order]}


@pytest.mark.parametrize(
    ("level", "first", "second", "found"),
    [
        pytest.param("value", "aab", "aab", [], id="one-order"),
        pytest.param(
            "value", "aab", "aba", ["identity@$.list[*] (differs | differs)"], id="two-exchanged"
        ),
        pytest.param(
            "value", "ab", "ba", ["identity@$.list[*] (differs | differs)"], id="all-exchanged"
        ),
        pytest.param("value", "aab", "ab", ["length@$.list (differs | differs)"], id="one-more"),
        pytest.param("shape", "aab", "aba", [], id="two-exchanged-by-shape"),
    ],
)
def test_ids_in_a_list(
    tmp_path: Path, level: str, first: str, second: str, found: list[str]
) -> None:
    """By value, the same ids in another order are a difference of identity.

    One id more is a difference of length.
    """
    a, b = Lists(spelled("left"), order=first), Lists(spelled("right"), order=second)
    assert signatures(run(tmp_path, level, a, b)) == found


@dataclass(slots=True)
class Rows(Registry):
    """Answers with a row for each worker, in an order of its own; one shows no note."""

    turned: bool = False

    def pair(self, first: str, second: str) -> dict[str, object]:
        """Return a list of rows."""
        rows = [{"id": first, "rank": 1, "note": None}, {"id": second, "rank": 2, "note": None}]
        if self.turned:
            rows = [{"id": each["id"], "rank": each["rank"]} for each in reversed(rows)]
        return {"list": rows}


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        pytest.param(
            (serial(0), serial(0)),
            [
                "another-order@$.list (differs | differs)",
                "null-vs-absent@$.list[*].note (absent | null)",
            ],
            id="same ids",
        ),
        pytest.param(
            (spelled("left"), spelled("right")),
            ["null-vs-absent@$.list[*].note (absent | null)"],
            id="ids of their own, by which each may sort",
        ),
    ],
)
def test_the_order_of_a_list_of_things(
    tmp_path: Path, ids: tuple[MakeId, MakeId], found: list[str]
) -> None:
    """Ids that are the same on both sides put a list into one order."""
    a, b = Rows(ids[0]), Rows(ids[1], turned=True)
    assert signatures(run(tmp_path, "value", a, b)) == found


def test_other_kinds_of_id(tmp_path: Path) -> None:
    """A number on one side and text on the other are the same id, but two types."""
    report = run(tmp_path, "value", Registry(serial(10)), Registry(lambda number: str(60 + number)))
    assert {signature.partition(" ")[0] for signature in signatures(report)} == {
        "number-as-string@$.first.id", "number-as-string@$.id", "number-as-string@$.second.id",
    }  # fmt: skip


def test_other_values_beside_ids_still_differ(tmp_path: Path) -> None:
    """A count that happens to be the number of an id is compared as a count."""

    class Counts(Registry):
        def pair(self, first: str, second: str) -> dict[str, object]:
            return {**super().pair(first, second), "count": 2}

    a, b = Counts(serial(1)), Counts(serial(10))
    assert signatures(run(tmp_path, "value", a, b)) == []

    class CountsMore(Counts):
        def pair(self, first: str, second: str) -> dict[str, object]:
            return {**super().pair(first, second), "count": 3}

    assert signatures(run(tmp_path, "value", Counts(serial(1)), CountsMore(serial(10)))) == [
        "value@$.count (differs | differs)"
    ]


@pytest.mark.parametrize(
    ("shown", "causes"),
    [
        pytest.param(lambda it: {"worker": it}, ["identity at $.worker.id"], id="an-object"),
        pytest.param(lambda it: {"page": [it]}, ["identity at $.page[*].id"], id="an-only-element"),
        pytest.param(
            lambda it: {"page": [it, {"id": 7, "name": "x"}]},
            ["identity at $.page[*].id", "value of $.page[*].name"],
            id="one-of-two-elements",
        ),
        pytest.param(
            lambda it: {"worker_id": it["id"], "name": it["name"]},
            ["identity at $.worker_id", "value of $.name"],
            id="a-reference",
        ),
    ],
)
def test_values_of_another_thing_follow_its_identity(
    tmp_path: Path, shown: Callable[[dict[str, object]], dict[str, object]], causes: list[str]
) -> None:
    """Where the wrong thing is shown, its other members are no causes of their own."""

    @dataclass(slots=True)
    class Shows(Registry):
        wrong: bool = False

        def pair(self, first: str, second: str) -> dict[str, object]:
            number, name = (second, "Bob") if self.wrong else (first, "Ann")
            return shown({"id": int(number), "name": name})

    report = run(tmp_path, "value", Shows(serial(0)), Shows(serial(1), wrong=True))
    titles = (group.title.partition(":")[0].removesuffix(" differs") for group in report.groups)
    assert sorted(titles) == causes


@pytest.mark.parametrize(
    ("member", "first", "second", "found"),
    [
        pytest.param(
            "total", 2, 3, ["value@$.total (differs | differs)"], id="a-count-of-one-more"
        ),
        pytest.param(
            "open_workers", 1, 2, ["value@$.open_workers (differs | differs)"], id="plural"
        ),
        pytest.param("priority", 2, 2, [], id="one-number-of-two-things"),
        pytest.param("grade", 2, 2, [], id="one-number-under-any-name"),
        pytest.param("grade", 1, 3, ["value@$.grade (differs | differs)"], id="two-things"),
        pytest.param("parent", 1, 2, [], id="one-thing-under-any-name"),
        pytest.param("worker", 1, 2, [], id="one-thing-by-its-kind"),
        pytest.param(
            "worker", 1, 3, ["identity@$.worker (bob | ann)"], id="two-things-by-their-kind"
        ),
        pytest.param("workers", [1, 2], [2, 3], [], id="a-list-of-things"),
    ],
)
def test_small_numbers_are_things_by_the_names_of_their_members(
    tmp_path: Path, member: str, first: object, second: object, found: list[str]
) -> None:
    """With ids 1 and 2 beside 2 and 3, a count is a number, and a reference is a thing."""

    @dataclass(slots=True)
    class Shows(Registry):
        shown_here: object = None

        def pair(self, first: str, second: str) -> dict[str, object]:
            return {"first_id": int(first), "second_id": int(second), member: self.shown_here}

    a, b = Shows(serial(0), shown_here=first), Shows(serial(1), shown_here=second)
    assert signatures(run(tmp_path, "value", a, b)) == found


def test_without_identity_values_are_values(tmp_path: Path) -> None:
    """A capture that is no identity is compared like any value."""
    written = TWO_WORKERS.format(level="value").replace(", identity: worker", "")
    cases = cases_in(tmp_path, written)
    report = replay(
        tmp_path,
        {"a": Registry(spelled("left")), "b": Registry(spelled("right"))},
        *cases,
        baseline="a",
    )
    assert "value@$.id (differs | differs)" in signatures(report)
