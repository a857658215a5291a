"""JSON trees keep spellings, and every member and item can be changed or taken away."""

import pytest

from conformance.fuzzing.json_nodes import (
    JsonObject,
    at_path,
    parse,
    path_text,
    paths,
    render,
    with_node,
    without,
)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1.0,"b":[1e0,-0,"é"],"a":null}',
        "[]",
        '"x"',
        "123456789012345678901234567890",
        "NaN",
        '{"":{}}',
    ],
)
def test_what_is_read_is_written_the_same(text: str) -> None:
    node = parse(text)
    assert node is not None
    assert render(node) == text


@pytest.mark.parametrize("text", ["", "{", "[1,]", "nope", "[" * 200 + "]" * 200])
def test_what_is_no_json_is_no_tree(text: str) -> None:
    assert parse(text) is None


def test_a_node_is_changed_and_taken_away_where_its_path_says() -> None:
    node = parse('{"a":{"b":[1,2]},"c":3}')
    assert isinstance(node, JsonObject)
    by_place = {path_text(node, path): path for path, _ in paths(node)}

    assert list(by_place) == ["$", "$.a", "$.a.b", "$.a.b[0]", "$.a.b[1]", "$.c"]
    assert render(with_node(node, by_place["$.a.b[1]"], "true")) == '{"a":{"b":[1,true]},"c":3}'
    assert render(without(node, by_place["$.a"])) == '{"c":3}'
    assert render(without(node, by_place["$.a.b[0]"])) == '{"a":{"b":[2]},"c":3}'
    assert at_path(node, by_place["$.c"]) == "3"
