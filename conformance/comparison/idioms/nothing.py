"""How it is written that there is nothing: null, or an empty value."""

from typing import Final

from conformance.comparison.idioms.claim import IdiomClaim, Rest
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.values.columns import Column, kinds_of
from conformance.model.finding import DifferenceKind


def null_vs_empty_list(a: Column, b: Column) -> IdiomClaim | None:
    """See `null` on one side, `[]` on the other; where all is null on one side, no list of the other holds anything."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    if kinds_a - kinds_b != {"null"} or "array" not in kinds_b or kinds_b - kinds_a - {"array"}:
        return None
    if [] not in b or ("array" not in kinds_a and any(b)):
        return None
    rest = (Rest(a=[[] if value is None else value for value in a], b=b),)
    return IdiomClaim(kind=DifferenceKind.TYPE, a_fact="null", b_fact="empty list", rest=rest)


NULL_VS_EMPTY_LIST: Final = Idiom(
    name="null-vs-empty-list",
    title="null vs empty list",
    explanation="A list with nothing in it is null on one side and [] on the other.",
    cures=cures(
        go=("make([]T, 0) instead of a nil slice", 2),
        rust=("Vec with #[serde(default)] instead of Option<Vec>", 2),
        python=("a default of [] instead of None", 1),
        typescript=("?? [] where the body is built", 1),
        java=("List.of() instead of null where the field is set", 1),
        csharp=("= [] as the property's initial value", 1),
    ),
    detect=null_vs_empty_list,
)


def null_vs_empty_text(a: Column, b: Column) -> IdiomClaim | None:
    """See `null` on one side, `""` on the other; where all is null on one side, no text of the other says anything."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    if kinds_a - kinds_b != {"null"} or "string" not in kinds_b or kinds_b - kinds_a - {"string"}:
        return None
    if "" not in b or ("string" not in kinds_a and any(b)):
        return None
    rest = (Rest(a=["" if value is None else value for value in a], b=b),)
    return IdiomClaim(kind=DifferenceKind.TYPE, a_fact="null", b_fact="empty text", rest=rest)


NULL_VS_EMPTY_TEXT: Final = Idiom(
    name="null-vs-empty-text",
    title="null vs empty text",
    explanation='A text that is not there is null on one side and "" on the other.',
    cures=cures(
        go=("*string instead of string", 3),
        rust=("Option<String> instead of String with a default", 3),
        python=("str | None instead of a default of ''", 1),
        typescript=('?? "" or || null where the body is built', 1),
        java=("null instead of an empty string where the field is set", 1),
        csharp=("string? instead of string.Empty", 1),
    ),
    detect=null_vs_empty_text,
)
