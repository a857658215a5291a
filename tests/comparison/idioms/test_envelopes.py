"""When an object is an envelope of what another side sends."""

from collections.abc import Callable

import pytest

from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel
from conformance.model.observation import Cell
from tests.comparison.differences import JSON, Row, answer, by_shape, by_value, mirrored, seen
from tests.comparison.live_runs import case

IN_PART = '{"data":{"fail":null,"book":{"id":"1"}},"errors":[{"message":"no","path":["fail"]}]}'
RPC_ERROR = '{"code":-3,"message":"none","data":{"user":"x"}}'


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


@pytest.mark.parametrize("compare", [by_shape, by_value])
@pytest.mark.parametrize(
    ("bare", "name"),
    [
        (IN_PART, "data"),
        (IN_PART, "errors"),
        (IN_PART, "payload"),
        ('{"data":null,"errors":[{"message":"no"}]}', "data"),
        (RPC_ERROR, "data"),
        ('{"code":-3,"message":"none","data":"no user"}', "data"),
        ('{"id":1,"value":2,"unit":"m"}', "value"),
    ],
)
def test_an_envelope_named_as_a_member_of_its_content(
    bare: str, name: str, compare: Callable[[str, str], list[Row]]
) -> None:
    """An object may be wrapped in a member with the name of one of its own: that is one cause."""
    wrapped = f'{{"{name}":{bare}}}'
    wanted = [("envelope", "$", "bare", f"enveloped in {name}")]
    assert compare(bare, wrapped) == wanted
    assert compare(wrapped, bare) == mirrored(wanted)


def test_an_enveloped_error_of_json_rpc() -> None:
    """The error of JSON-RPC has a member `data`, and may itself be wrapped in one of that name."""
    bare = f'{{"jsonrpc":"2.0","id":1,"error":{RPC_ERROR}}}'
    wrapped = f'{{"jsonrpc":"2.0","id":1,"error":{{"data":{RPC_ERROR}}}}}'
    assert seen(bare, wrapped, JSON) == [("envelope", "$.error")]
    batch, wrapped_batch = (f'[{{"id":1,"result":{{"a":1}}}},{each}]' for each in (bare, wrapped))
    assert seen(batch, wrapped_batch, JSON) == [("envelope", "$[*].error")]


def test_another_difference_within_such_an_envelope() -> None:
    """What differs in the content is a cause of its own, and the third answer is the odd one."""
    another = IN_PART.replace('"1"', '"2"')
    wrapped = f'{{"data":{another}}}'
    bodies = zip("abc", (IN_PART, IN_PART, wrapped), strict=True)
    cells = [Cell(runtime=name, live=True, observations=(answer(body),)) for name, body in bodies]
    found = compare_case(case(compare=CompareLevel.VALUE), cells).findings
    seen_in_all = {(each.name, each.place, each.odd) for each in found}
    assert seen_in_all == {("envelope", "$", ("c",)), ("value", "$.data.book.id", ("c",))}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ('{"parent":{"id":1,"parent":null}}', '{"id":2,"parent":{"id":1,"parent":null}}'),
        ('{"x":{"x":1,"y":2},"y":3}', '{"x":{"x":4,"y":5},"y":6}'),
        ('{"id":1,"data":{"id":1,"data":2}}', '{"id":1,"data":2}'),
    ],
)
def test_an_object_within_one_of_its_kind_is_in_no_envelope(a: str, b: str) -> None:
    """Where both sides have the member alike, or the outer object has another one, it is none."""
    for first, second in ((a, b), (b, a)):
        assert "envelope" not in {name for name, *_ in by_value(first, second)}


@pytest.mark.parametrize("name", ["error", "errors"])
def test_an_error_beside_the_enveloped_content(name: str) -> None:
    """Both sides send the content, so that neither fails: the error is a member of one side."""
    bare, beside = '{"id":1,"name":"x"}', f'{{"data":{{"id":1,"name":"x"}},"{name}":["no"]}}'
    wanted = [
        ("envelope", "$", "bare", "enveloped in data"),
        ("member", f"$.{name}", "absent", "present"),
    ]
    assert by_value(bare, beside) == wanted
    assert by_value(beside, bare) == mirrored(wanted)


@pytest.mark.parametrize(
    ("bare", "wrapped", "media"),
    [
        ('{"a":1,"b":2}', '{"w":{"v":{"a":1,"b":2}}}', JSON),
        ('[{"a":1,"b":2}]', '{"w":{"items":[{"a":1,"b":2}]}}', JSON),
        ("<R><a>1</a><b>2</b></R>", "<E><B><R><a>1</a><b>2</b></R></B></E>", "text/xml"),
    ],
)
def test_an_envelope_of_two_levels(bare: str, wrapped: str, media: str) -> None:
    """It is one cause, as is the body in the envelope of SOAP; another value is a second one."""
    assert seen(bare, wrapped, media) == [("envelope", "$")]
    assert seen(wrapped, bare, media) == [("envelope", "$")]
    other = wrapped.replace("2", "3")
    assert {kind for kind, _ in seen(bare, other, media, CompareLevel.VALUE)} == {
        "envelope",
        "value",
    }
