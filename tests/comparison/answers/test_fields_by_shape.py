"""What of header fields and cookies is their shape, and what a rule about their values says there."""

import pytest

from conformance.comparison.rules.unneeded import why_unneeded
from conformance.model.case import CompareLevel
from conformance.model.rule import RuleKind
from conformance.model.verdict import Unneeded
from tests.comparison.answers.header_fields import JWT, about, compared, headers, places

SHAPE, VALUE = CompareLevel.SHAPE, CompareLevel.VALUE


@pytest.mark.parametrize(("header", "cookie"), [("x-b", None), ("set-cookie", "sid")])
@pytest.mark.parametrize(
    ("level", "why"), [(SHAPE, Unneeded.NOTHING_DIFFERED), (VALUE, Unneeded.ACCEPTED_NOTHING)]
)
def test_why_a_rule_about_a_value_was_not_needed(
    header: str, cookie: str | None, level: CompareLevel, why: Unneeded
) -> None:
    """By shape two values of a field are not compared, so that nothing differed there."""
    a, b = (headers(("X-B", value), ("Set-Cookie", f"sid={value}")) for value in ("v", "w"))
    about_it = about(header, RuleKind.NUMBER, cookie)
    both = compared(a, b, ["x-b", "set-cookie"], level=level).spelled
    assert both is not None
    assert why_unneeded(about_it, both, [both], level) is why


@pytest.mark.parametrize("second", ["eyJhbGciOiJub25lIn0.e30.", "abc"])
def test_tokens_of_fields_are_shape(second: str) -> None:
    """By shape a token differs from another text, and a signed one from an unsigned one."""
    signed, same = JWT.format("e30"), JWT.format("eyJhIjoxfQ")
    a, b, c = (
        headers(("X-Auth", f"Bearer {text}"), ("Set-Cookie", f"sid={text}"))
        for text in (signed, second, same)
    )
    named = ["set-cookie", "x-auth"]
    found = [place for place, *_ in places(compared(a, b, named, level=SHAPE))]
    assert found == ["header set-cookie;sid;value", "header x-auth"]
    assert places(compared(a, c, named, level=SHAPE)) == []
    free = [about("x-auth", RuleKind.ANY), about("set-cookie", RuleKind.ANY, "sid")]
    assert places(compared(a, b, named, free, level=SHAPE)) == []
