"""The plants, one by one: what each changes in an answer, and where that must show."""

from conformance.model.observation import Answer
from conformance.selftest.delivery import Delivery
from conformance.selftest.plants import PLANTS

BODY = b'{"id": 7, "name": "rope", "paid": true, "weight_kg": 1.25, "tags": ["a", "b"]}'
ORDER = Answer(
    status=200, reason="OK", headers=(("content-type", "application/json"), ("etag", '"1"')), body=BODY, elapsed_ms=0
)


def test_where_plants_are_put() -> None:
    """Each changes the answer, once, at the first place that fits, and says where."""
    places = {}
    for plant in PLANTS:
        planted = plant.put(ORDER) if plant.put else None
        if planted is not None:
            assert planted.answer != ORDER, plant.name
            places[plant.name] = planted.place

    assert places == {
        "status-changed": "status",
        "key-dropped": "$.id",
        "key-added": "$.planted_by_selftest",
        "key-renamed": "$.id",
        "retyped": "$.name",
        "nulled": "$.name",
        "number-as-text": "$.id",
        "integer-as-float": "$.id",
        "number-rounded": "$.weight_kg",
        "text-changed": "$.name",
        "flag-turned": "$.paid",
        "list-reordered": "$.tags",
        "list-shortened": "$.tags",
        "key-doubled": "note duplicate-key",
        "byte-order-mark": "note byte-order-mark",
        "enveloped": "$",
        "json-broken": "kind",
        "body-emptied": "kind",
        "header-dropped": "header content-type",
        "etag-dropped": "header etag",
        "media-type-changed": "header content-type",
    }


def test_the_rest_is_a_way_of_sending() -> None:
    """A plant is in the answer or on the wire, never both, and no two have one name."""
    assert all((plant.put is None) == (plant.delivery is not Delivery.WHOLE) for plant in PLANTS)
    assert len({plant.name for plant in PLANTS}) == len(PLANTS)
