"""A whole number in two spellings, in a list that also has integers and fractions."""

import pytest

from tests.comparison.derived_findings import findings, grouped
from tests.comparison.differences import Row, answer, by_shape, by_value, mirrored
from tests.comparison.situations import told_of

NUMBER: Row = ("integer-vs-float", "$[*]", "number", "integer")
INTEGER: Row = ("integer-vs-float", "$[*]", "integer", "number")
VALUE: Row = ("value", "$[*]", "differs", "differs")


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param("[12.0,0,0.5]", "[12,0,0.5]", [NUMBER], id="beside-both"),
        pytest.param("[12.0,0.5]", "[12,0.5]", [NUMBER], id="beside-a-fraction"),
        pytest.param("[12.0,0]", "[12,0]", [NUMBER], id="beside-an-integer"),
        pytest.param("[1e1,0,0.5]", "[10,0,0.5]", [NUMBER], id="exponent"),
        pytest.param("[12.0,0,0.5]", "[12,0.0,0.5]", [NUMBER, INTEGER], id="either-way"),
        pytest.param("[12.0,0,0.5]", "[12,0,0.7]", [NUMBER, VALUE], id="another-value-besides"),
        pytest.param("[12.0,0,0.5]", "[13,0,0.5]", [NUMBER, VALUE], id="of-another-value"),
        pytest.param("[12.0,0.5]", "[13,0.5]", [NUMBER, VALUE], id="of-another-value-alone"),
        pytest.param("[5,6]", "[6.3,7.0]", [INTEGER, VALUE], id="fraction-on-one-side"),
        pytest.param("[5,0.5]", "[5.3,0.5]", [VALUE], id="two-numbers"),
        pytest.param("[5,0.5,7]", "[5.3,0.5,8]", [VALUE], id="two-numbers-beside-an-integer"),
        pytest.param("[5,[]]", "[5.3,[]]", [VALUE], id="two-numbers-beside-a-list"),
        pytest.param("[5,{}]", "[5.3,{}]", [VALUE], id="two-numbers-beside-an-object"),
        pytest.param("[12.0,0,0.5]", "[12.0,0,0.5]", [], id="equal"),
    ],
)
def test_only_a_whole_number_in_two_spellings_is_of_two_kinds(
    a: str, b: str, wanted: list[Row]
) -> None:
    """The other numbers of the list change nothing about it, and it hides no value."""
    assert by_value(a, b) == sorted(wanted)
    assert by_value(b, a) == mirrored(wanted)


def test_text_beside_a_list_with_fractions_is_one_difference() -> None:
    """Beside text, integers and fractions are still numbers alike."""
    wanted = [("number-as-string", "$[*]", "string", "number")]
    assert by_value('["1","2.5"]', "[1,2.5]") == by_shape('["1","2.5"]', "[1,2.5]") == wanted


@pytest.mark.parametrize(
    ("media", "first", "second"),
    [
        ("application/json", '[{"id":1,"p":12.0},{"id":2,"p":0},{"id":3,"p":0.5}]', "12"),
        ("text/csv", "id,p\r\n1,12.0\r\n2,0\r\n3,0.5\r\n", "12"),
    ],
)
def test_the_runtime_with_another_spelling_is_odd(media: str, first: str, second: str) -> None:
    """Two runtimes that spell it alike agree, though a list also has integers and fractions."""
    other = first.replace("12.0", second)
    for bodies, odd in (
        ((first, first, other), "c"),
        ((other, first, first), "a"),
        ((other, first, other), "b"),
    ):
        given = [answer(body, media=media) for body in bodies]
        (group,) = grouped(findings(*([each] for each in given)))
        assert group.title.startswith("integer vs float")
        assert [odd_one for _, _, odd_one in told_of(given)] == [odd]


def test_two_runtimes_with_a_spelling_of_their_own_in_two_elements() -> None:
    """Each is odd in its own element."""
    a, b, c = "[12.00,0,0.5]", "[12,0,0.5]", "[12.00,0.00,0.5]"
    assert [odd_one for _, _, odd_one in told_of([a, b, c])] == ["b", "c"]
