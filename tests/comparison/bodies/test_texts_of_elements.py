"""The texts of XML elements are values: what explains two spellings in JSON does so there."""

import pytest

from conformance.model.case import CompareLevel
from conformance.model.rule import RuleKind
from tests.comparison.differences import answer, between, rule, seen

XML = "application/xml"
MOMENT = "2026-11-30T05:36:20Z"
SPELLINGS = {
    "timestamp-form": (MOMENT, "Mon, 30 Nov 2026 05:36:20 GMT"),
    "duration-form": ("PT1H", "3600s"),
    "text-case": ("IN_STOCK", "inStock"),
    "letter-case": ("Some Words", "some WORDS"),
    "uuid-form": ("F47AC10B-58CC-4372-A567-0E02B2C3D479", "f47ac10b-58cc-4372-a567-0e02b2c3d479"),
    "unicode-form": ("\u00e9", "e\u0301"),
    "escaped-text": ("a&amp;amp;b", "a&amp;b"),
    "decoded-twice": ("\u00c3\u00a9", "\u00e9"),
    "replaced-characters": ("a?b", "a\u00e9b"),
}


@pytest.mark.parametrize("idiom", SPELLINGS)
def test_two_spellings_of_a_text_are_named(idiom: str) -> None:
    """They are one cause with a name, and no other value."""
    a, b = (f"<t><d>{text}</d></t>" for text in SPELLINGS[idiom])
    assert seen(a, b, XML) == [(idiom, "$.t.d")]


def test_forms_of_a_moment_are_a_difference_of_shape() -> None:
    """So they are in every other kind of body; the same form is none."""
    a, b, c = (f"<t><d>{text}</d></t>" for text in (MOMENT, "2026-11-30T05:36:20+00:00", "x"))
    assert seen(a, b, XML, CompareLevel.SHAPE) == [("timestamp-form", "$.t.d")]
    assert seen(a, c, XML, CompareLevel.SHAPE) == []


def test_a_rule_on_a_moment_excuses_all_but_its_form() -> None:
    """Another moment in another form is the form alone."""
    rules = (rule("$.t.d", RuleKind.TIMESTAMP),)
    both = [
        answer(f"<t><d>{text}</d></t>", media=XML) for text in (MOMENT, "2026-11-30T07:00:00+00:00")
    ]
    (found,) = between(both[0], both[1], CompareLevel.VALUE, rules)
    assert found[:2] == ("timestamp-form", "$.t.d")
