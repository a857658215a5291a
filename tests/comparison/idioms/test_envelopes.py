"""When an object is an envelope of another side's list."""

import pytest

from tests.comparison.differences import by_shape


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
