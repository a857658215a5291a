"""Questions that show common mistakes: keys sent twice, maps, check digits, wildcards, pages."""

from itertools import islice

from conformance.fuzzing.bases import Base
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.idempotency_keys import idempotency_probes
from conformance.fuzzing.json_nodes import node_of, value_of
from conformance.fuzzing.operation import Operation, Parameter
from conformance.fuzzing.pages import PagedList, Pager
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.spots import Subject, spots
from conformance.fuzzing.values import Spot, first_values, searches
from conformance.model.capture import Capture

_MAKE = FormStep(Form(method="POST", path=("things",), body=node_of({"size": 1})))


def _base(*parameters: Parameter) -> Base:
    operation = Operation(method="POST", path=("things",), parameters=parameters)
    return Base(operation, Probe((_MAKE,), (operation.id,), "base"), accepted=True)


def test_one_key_is_sent_twice_also_with_other_values_where_there_is_such_a_field() -> None:
    key = Parameter(name="Idempotency-Key", place="header")
    for parameters, bodies in (((), [{"size": 1}]), ((key,), [{"size": 1}, {"size": 2}])):
        probes = list(idempotency_probes({"POST /things": _base(*parameters)}))
        assert [value_of(probe.form.tree or "") for probe in probes] == bodies
        for probe in probes:
            keys = [step.form.header("idempotency-key") for step in probe.steps]
            assert keys == ["${fresh:key}"] * 2


def test_an_object_that_takes_any_name_is_tried_with_members() -> None:
    spot = Spot("attributes", {"type": "object"}, "{}")
    tried = [value_of(each.node) for each in first_values(spot)]
    assert {"alphaBeta": "alpha"} in tried
    assert {"a": 9007199254740993} in tried
    assert {"a": [{}]} in tried


def test_a_list_to_be_sorted_comes_among_the_first_values() -> None:
    """A service may hold the items of a list as a set, or in an order of its own."""
    spot = Spot("tags", {"type": "array", "items": {"type": "string"}}, node_of(["alpha"]))
    first = islice(first_values(spot), 12)
    assert "items to be sorted" in {tried.entry for tried in first}


def test_values_within_bounds_come_last() -> None:
    """A service that takes what is at a bound, and nothing beyond it, takes what is within."""
    spot = Spot("size", {"type": "integer", "minimum": 3, "maximum": 9}, "5")
    entries = [tried.entry for tried in first_values(spot)]
    assert entries[-2:] == ["minimum 4", "maximum 8"]
    assert entries.index("maximum 10") < entries.index("another type") + 12


def test_a_text_has_another_last_character() -> None:
    """A wrong check digit is refused by those that look at it."""
    spot = Spot("code", {"type": "string"}, '"4006381333931"')
    assert '"4006381333932"' in {tried.node for tried in first_values(spot)}


def test_a_search_has_what_stands_for_other_characters() -> None:
    found = list(searches(Spot("q", {"type": "string"}, '"a"'), ["alpha"]))
    assert {"a%pha", "a_pha", "a*pha", "a.pha"} <= set(found)


def test_a_thing_is_added_between_pages_in_each_order() -> None:
    """In one of the orders it comes first, where a cursor that counts shows a thing twice."""
    sort = Parameter(name="sort", place="query", schema={"enum": ["name", "-name"]})
    operation = Operation(method="GET", path=("things",), parameters=(sort,))
    listing = Probe((FormStep(Form(method="GET", path=("things",))),), (operation.id,), "base")
    changes = ((_MAKE, "POST /things"),)
    subject = Subject(Base(operation, listing, accepted=True), listing, {}, changes=changes)
    pager = Pager(listing.form, Capture(name="page", path=("next",), identity="page"), "cursor")
    probes = PagedList(subject, pager, 2).probes()
    between = [each for each in probes if each.entry == "POST /things between pages by sort"]
    sent = {each.form.query for each in between}
    assert (("sort", "-name"), ("cursor", "${page_1}")) in sent
    assert list(spots(subject))
