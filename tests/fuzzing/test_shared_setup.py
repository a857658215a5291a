"""Probes with the same setup are asked together, and each shows what it would show alone."""

import itertools

from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.shared_setup import MOST_TOGETHER, joined, positions, together
from conformance.model.capture import Capture

CREATE = FormStep(Form(method="POST", path=("orders",)), (Capture(name="order_id", path=("id",)),))
READ = FormStep(Form(method="GET", path=("orders", "${order_id}")))


def _of_thing(method: str, value: str, stage: str = "value", *, read: bool = False) -> Probe:
    form = Form(method=method, path=("orders", "${order_id}"), query=(("q", value),))
    after = (READ,) if read else ()
    return Probe(
        (CREATE, FormStep(form), *after),
        ("create", "own", *("read" for _ in after)),
        stage,
        "own @ query q",
    )


def test_reads_of_one_setup_are_asked_together() -> None:
    probes = [_of_thing("GET", f"{at}") for at in range(MOST_TOGETHER + 2)]
    first, rest = together(probes)
    assert [*first, *rest] == probes
    assert len(first) == MOST_TOGETHER
    assert len(joined(first).steps) == 1 + MOST_TOGETHER


def test_a_change_with_its_read_overwrites_the_one_before() -> None:
    probes = [_of_thing("PUT", f"{at}", read=True) for at in range(2)]
    (group,) = together(probes)
    methods = [step.form.method for step in joined(group).steps]
    assert methods == ["POST", "PUT", "GET", "PUT", "GET"]
    assert list(positions(group)) == [[0, 1, 2], [0, 3, 4]]


def test_what_leaves_something_else_behind_is_asked_alone() -> None:
    """Two orders, a thing that is gone, and the changes of a sequence."""
    alone = [
        *(_of_thing("POST", value) for value in "ab"),
        *(_of_thing("DELETE", value) for value in "ab"),
        *(_of_thing("PUT", value, "sequence") for value in "ab"),
    ]
    assert list(together(alone)) == [(probe,) for probe in alone]


def test_reads_and_changes_are_not_mixed_and_nothing_is_lost() -> None:
    reads = [_of_thing("GET", f"{at}") for at in range(5)]
    changes = [_of_thing("PATCH", f"{at}") for at in range(5)]
    turns = itertools.chain.from_iterable(zip(reads, changes, strict=True))
    assert list(together(turns)) == [tuple(reads), tuple(changes)]


def test_a_probe_does_not_wait_long_for_others() -> None:
    """What waited for the end of a stage was not asked where the budget ended before it."""
    first, others = _of_thing("GET", "first"), [_of_thing("POST", f"{at}") for at in range(1_000)]
    groups = list(together([first, *others]))
    assert 200 < groups.index((first,)) < 400


def test_a_sequence_is_asked_at_once() -> None:
    reads = [_of_thing("GET", f"{at}", "sequence") for at in range(2)]
    changes = [_of_thing("POST", f"{at}") for at in range(2)]
    assert list(together([*reads, *changes])) == [(probe,) for probe in (*reads, *changes)]


def test_without_a_setup_nothing_is_saved() -> None:
    bare = [
        Probe(
            (FormStep(Form(method="GET", path=("x",), query=(("q", value),))),), ("own",), "value"
        )
        for value in "ab"
    ]
    assert list(together(bare)) == [(probe,) for probe in bare]
