"""What is known of an outcome: other faces of a cause, and sequences that hold a known one."""

from collections.abc import Iterable

from msgspec.structs import replace

from conformance.comparison.parity import compare_case
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.oracle import Key, Outcome
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.recognition import Recognition
from conformance.model.observation import Answer, Cell

_MAKE = FormStep(Form(method="POST", path=("rooms",)))
_GONE = FormStep(Form(method="DELETE", path=("rooms",)))
_CODE: Key = ("value", "$.code", "POST /rooms", "", (), ())
_TEXT: Key = ("value", "$.text", "POST /rooms", "", (), ())


def _probe(*steps: FormStep) -> Probe:
    names = tuple(f"{step.form.method} /rooms" for step in steps)
    path = " → ".join(names)
    return Probe(steps, names, "sequence", f"{names[-1]} @ after {path}", path)


def _outcome(probe: Probe, keys: Iterable[Key]) -> Outcome:
    cells = [
        Cell(runtime=name, live=True, observations=(_answer(name),) * len(probe.steps))
        for name in "ab"
    ]
    case = probe.case("p", (), ())
    finding, *_ = compare_case(case, cells, None).findings
    causes = {key: replace(finding, step=len(probe.steps) - 1) for key in keys}
    return Outcome(probe=probe, case=case, cells=tuple(cells), causes=causes)


def _answer(text: str) -> Answer:
    headers = (("content-type", "text/plain"),)
    return Answer(status=200, reason="", headers=headers, body=text.encode(), elapsed_ms=1.0)


def test_what_the_smallest_request_of_a_cause_shows_beside_it_is_that_cause() -> None:
    """An error with another code has another text, too."""
    known, probe = Recognition(), _probe(_MAKE, _GONE)
    known.add(probe, _outcome(probe, [_CODE]), _CODE)
    assert known.is_alias(probe, _TEXT, {_CODE: 1, _TEXT: 1})
    assert not known.is_alias(probe, ("value", "$.more", "", "", (), ()), {_CODE: 0})
    longer = _probe(_MAKE, _MAKE, _GONE, _MAKE)
    assert not known.is_wanted(_TEXT, _outcome(longer, [_CODE, _TEXT]))
    assert known.is_wanted(_TEXT, _outcome(longer, [_TEXT]))


def test_a_sequence_that_holds_a_known_one_shows_no_more_of_its_cause() -> None:
    known, probe = Recognition(), _probe(_MAKE, _GONE)
    known.add(probe, _outcome(probe, [_CODE]), _CODE)
    assert not known.is_wanted(_CODE, _outcome(_probe(_MAKE, _GONE, _GONE), [_CODE]))
    assert known.is_wanted(_CODE, _outcome(_probe(_GONE, _MAKE), [_CODE]))


def test_a_count_that_differs_by_one_is_the_number_that_differed_elsewhere() -> None:
    known, probe = Recognition(), _probe(_MAKE, _GONE)
    count: Key = ("value", "body", "DELETE /rooms", "", (), ())
    by_one: Key = ("off-by-one", "", "", "", (), ())
    assert known.is_wanted(by_one, _outcome(probe, [by_one]))
    known.add(probe, _outcome(probe, [count]), count)
    assert not known.is_wanted(by_one, _outcome(_probe(_MAKE, _MAKE, _GONE), [by_one]))


def test_what_differs_in_an_earlier_change_is_stored() -> None:
    """A wrong default shows in the answer that creates a thing, then in lists and counts of it."""
    known, probe = Recognition(), _probe(_MAKE, _GONE)
    known.add(probe, _outcome(probe, [_CODE]), _CODE)
    count: Key = ("value", "$.total", "GET /stats", "", (), ())
    longer = _probe(_MAKE, _MAKE, _GONE)
    assert known.stored_before(longer, count, {_CODE: 0, count: 2}) == {_CODE}
    assert not known.stored_before(longer, count, {_CODE: 2, count: 2})
    assert not known.stored_before(longer, count, {_TEXT: 0, count: 2})
    known.base_keys[longer.operations[0]] = {_CODE}
    assert not known.stored_before(longer, count, {_CODE: 0, count: 2})
