"""The plants, one by one: what each changes in an answer, and where that must show.

A run must call each by its name.
"""

from collections import Counter
from collections.abc import Iterable

import pytest

from conformance.comparison.parity import compare_case
from conformance.errors import Place
from conformance.model.case import Case, CompareLevel, Step
from conformance.model.observation import Answer, Cell
from conformance.model.request import Request
from conformance.selftest.delivery import Delivery
from conformance.selftest.plant import Plant, Planted
from conformance.selftest.plants import PLANTS
from tests.selftest.bodies import answer, answers_by_chance, known_answers

ORDER = answer('{"id": 7, "name": "rope", "paid": true, "weight_kg": 1.25, "tags": ["a", "b"]}')
CASE = Case(
    suite="selftest",
    name="plant",
    place=Place("selftest"),
    steps=(Step(request=Request(method="GET", target="/")),),
    against=None,
    compare=CompareLevel.VALUE,
    timeout_ms=1_000,
)


def wrongly_told(given: Answer, put: Planted) -> str:
    """Return a value comparison's result for a plant, if it is not what the plant expects."""
    cells = [
        Cell(runtime=name, live=True, observations=(seen,), base_url="http://127.0.0.1:9")
        for name, seen in (("unplanted", given), ("planted", put.answer))
    ]
    findings = compare_case(CASE, cells).findings
    right = all(finding.name in put.names and finding.place in put.places for finding in findings)
    return (
        ""
        if findings and right
        else f"{[str(finding.signatures[0]) for finding in findings]}, not {put}"
    )


def put_all(answers: Iterable[Answer]) -> tuple[Counter[str], list[str]]:
    """Put every plant into every answer.

    Return how often each had a place, and what was told wrongly.
    """
    places, wrong = Counter[str](), list[str]()
    for given in answers:
        for plant in PLANTS:
            put = plant.put(given) if plant.put else None
            if put is not None:
                places[plant.name] += 1
                if told := wrongly_told(given, put):
                    wrong.append(f"{plant.name} in {given.body!r}: {told}")
    return places, wrong


def test_plants_are_told_rightly_in_every_body() -> None:
    """In any body, each plant shows at its place, under a correct name, and nothing else shows."""
    places, wrong = put_all(known_answers())
    assert wrong == [], "\n".join(wrong)
    assert min(places[plant.name] for plant in PLANTS if plant.put) > 1


@pytest.mark.parametrize("seed", range(3))
def test_plants_are_told_rightly_in_bodies_made_by_chance(seed: int) -> None:
    """The same is true of bodies that nobody has thought of."""
    assert put_all(answers_by_chance(seed, 150))[1] == []


@pytest.mark.parametrize(
    ("plant", "body", "names", "places"),
    [
        (
            "key-renamed",
            '{"limit":10,"items":[{"id":1}]}',
            {"member"},
            {"$.limit", "$.renamed_by_selftest"},
        ),
        (
            "key-renamed",
            '{"of":{"a":1},"items":[{"id":1}]}',
            {"member"},
            {"$.of", "$.renamed_by_selftest"},
        ),
        (
            "key-renamed",
            '{"n":0,"m":null}',
            {"zero-value-vs-absent"},
            {"$.n", "$.renamed_by_selftest"},
        ),
        ("key-dropped", '{"a":null,"b":0,"c":1}', {"member"}, {"$.c"}),
        ("key-dropped", '{"a":null,"b":0}', {"null-vs-absent"}, {"$.a"}),
        ("key-dropped", '{"1":"x","2":"y"}', {"value"}, {"$"}),
        ("nulled", '{"a":"","b":{"c":"x"}}', {"type"}, {"$.b.c"}),
        ("retyped", r'{"a":"{\"b\":1}","c":"x"}', {"type"}, {"$.c"}),
        ("number-as-text", '{"1":{"n":7},"2":{"n":8}}', {"number-as-string"}, {"$.*.n"}),
        (
            "number-as-text",
            '{"x":[1,"a"],"n":9007199254740993,"m":1}',
            {"number-as-string"},
            {"$.m"},
        ),
        ("list-shortened", '{"x":[{"a":1},{"b":1}],"y":[1]}', {"length", "off-by-one"}, {"$.y"}),
        ("enveloped", "7", {"type"}, {"$"}),
        ("header-dropped", "[7]", {"header"}, {"header content-type"}),
    ],
)
def test_what_is_right_follows_from_the_body(
    plant: str, body: str, names: set[str], places: set[str]
) -> None:
    """A plant is put where its name is certain.

    Else its name is the one that it has in this body.
    """
    (put,) = (each.put for each in PLANTS if each.name == plant)
    planted = put(answer(body)) if put is not None else None
    assert planted is not None
    assert planted.names == names
    assert planted.places == places


def test_where_plants_are_put() -> None:
    """Each changes the answer, once, at the first place that fits, and says where."""
    places = {}
    for plant in PLANTS:
        planted = plant.put(ORDER) if plant.put else None
        if planted is not None:
            assert planted.answer != ORDER, plant.name
            places[plant.name] = " or ".join(sorted(planted.places))

    assert places == {
        "status-changed": "status",
        "key-dropped": "$.id",
        "key-added": "$.planted_by_selftest",
        "key-renamed": "$.id or $.renamed_by_selftest",
        "retyped": "$.name",
        "nulled": "$.name",
        "number-as-text": "$.id",
        "integer-as-float": "$.id",
        "number-changed": "$.weight_kg",
        "text-changed": "$.name",
        "flag-turned": "$.paid",
        "list-reordered": "$.tags",
        "list-shortened": "$.tags",
        "key-doubled": "note duplicate-key",
        "byte-order-mark": "note byte-order-mark",
        "enveloped": "$",
        "json-broken": "kind or note invalid-json",
        "body-emptied": "kind",
        "header-dropped": "header content-type",
        "etag-dropped": "header etag",
        "media-type-changed": "header content-type",
    }


def test_the_rest_is_a_way_of_sending() -> None:
    """A plant is in the answer or on the wire, never both, and no two have one name."""
    assert all((plant.put is None) == (plant.delivery is not Delivery.WHOLE) for plant in PLANTS)
    assert all((plant.put is None) == (plant.fault is not None) for plant in PLANTS)
    assert len({plant.name for plant in PLANTS}) == len(PLANTS)


def test_a_body_that_is_cut_needs_a_body() -> None:
    """What is sent instead of a body has no place in an answer that has none."""

    def without_place(method: str, given: Answer) -> set[str]:
        return {
            plant.name for plant in PLANTS if _is_sent(plant) and not plant.has_place(method, given)
        }

    assert without_place("GET", ORDER) == set()
    assert without_place("HEAD", ORDER) == {"truncated", "endless", "badly-coded"}
    assert without_place("GET", answer("", None, 204)) == {"truncated", "endless", "badly-coded"}
    assert without_place("GET", answer("")) == {"badly-coded"}


def _is_sent(plant: Plant) -> bool:
    return plant.put is None
