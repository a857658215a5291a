"""When an object is an envelope of what another side sends."""

import pytest

from conformance.model.case import CompareLevel
from tests.comparison.differences import JSON, by_shape, seen


@pytest.mark.parametrize(
    ("a", "b", "name"),
    [
        ('{"posts":["p"],"total":1}', "[]", "posts"),
        ('{"items":["p"],"who":"x"}', "[]", "items"),
        ('{"id":"1","tags":["p","q"]}', '["p"]', "tags"),
        ('{"id":1,"by":[{"n":1,"m":2}]}', '[{"n":1}]', "by"),
    ],
)
def test_a_list_in_an_envelope(a: str, b: str, name: str) -> None:
    """A list is enveloped that has a usual name or what it holds in common, or is beside pages."""
    assert ("envelope", "$", f"enveloped in {name}", "bare") in by_shape(a, b)


@pytest.mark.parametrize("level", [CompareLevel.VALUE, CompareLevel.SHAPE])
def test_an_envelope_beside_another_element(level: CompareLevel) -> None:
    """What both sides write alike at one index, as a first event, says nothing of an envelope."""
    bare = 'data: {"start":1}\n\ndata: {"id":1,"name":"x"}\n\n'
    enveloped = 'data: {"start":1}\n\ndata: {"data":{"id":1,"name":"x"}}\n\n'
    assert seen(bare, enveloped, "text/event-stream", level) == [("envelope", "$[*].data")]
    other = enveloped.replace('"start":1', '"start":"1"')
    wanted = [("envelope", "$[*].data"), ("number-as-string", "$[*].data.start")]
    assert seen(bare, other, "text/event-stream", level) == wanted


def test_an_envelope_beside_an_element_with_another_member() -> None:
    """Elements that differ in another way are in no envelope: then none of them is named so."""
    found = seen('[{"a":1},{"id":1}]', '[{"b":1},{"data":{"id":1}}]', JSON)
    assert {name for name, _ in found} == {"member"}
