"""How an absent value is written: as null, or as an empty value."""

from typing import Final

from conformance.comparison.idioms.claim import IdiomClaim, Rest
from conformance.comparison.idioms.conditions import is_only_against
from conformance.comparison.idioms.idiom import Contradiction, Idiom, cures
from conformance.comparison.values.columns import Column, kinds_of
from conformance.comparison.values.lossless_json import Json, Kind
from conformance.model.finding import DifferenceKind


def null_vs_empty_list(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise `null` on one side, `[]` on the other.

    If one side is all null, all lists of the other must be empty.
    """
    return _null_vs_empty(a, b, kind="array", empty=[], fact="empty list")


def _null_vs_empty(
    a: Column, b: Column, *, kind: Kind, empty: Json, fact: str
) -> IdiomClaim | None:
    """Return the claim that one side writes null for the empty value of a kind, or None."""
    # where the other side has null, too, it is a value like any other
    if not is_only_against("null", {kind}, a, b) or empty not in b:
        return None
    # a list with content beside null is a value that is missing
    all_are_null = kind not in kinds_of(a)
    if all_are_null and any(b):
        return None
    filled = [empty if value is None else value for value in a]
    return IdiomClaim(
        kind=DifferenceKind.TYPE,
        a_fact="null",
        b_fact=fact,
        rest=(Rest(a=filled, b=b),),
    )


NULL_VS_EMPTY_LIST: Final = Idiom(
    name="null-vs-empty-list",
    title="null vs empty list",
    explanation="A list with nothing in it is null on one side and [] on the other.",
    cures=cures(
        "null",
        unless=Contradiction.SAME_FOR_MEMBER,
        go=("make([]T, 0) instead of a nil slice", 2),
        rust=("Vec<T> instead of Option<Vec<T>>", 2),
        python=("a default of [] instead of None", 1),
        typescript=("?? [] where the body is built", 1),
        java=("List.of() instead of null where the field is set", 1),
        csharp=("= [] as the property's initial value", 1),
    )
    + cures(
        "empty list",
        unless=Contradiction.SAME_FOR_MEMBER,
        go=("a nil slice where there is nothing", 2),
        rust=("Option<Vec<T>>, None where there is nothing", 2),
        python=("None instead of [] where there is nothing", 1),
        typescript=("null instead of [] where there is nothing", 1),
        java=("null instead of an empty list where the field is set", 1),
        csharp=("null instead of an empty list where the property is set", 1),
    ),
    detect=null_vs_empty_list,
)


def null_vs_empty_text(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise `null` on one side, `""` on the other.

    If one side is all null, all texts of the other must be empty.
    """
    return _null_vs_empty(a, b, kind="string", empty="", fact="empty text")


NULL_VS_EMPTY_TEXT: Final = Idiom(
    name="null-vs-empty-text",
    title="null vs empty text",
    explanation='A text that is not there is null on one side and "" on the other.',
    cures=cures(
        "null",
        unless=Contradiction.SAME_FOR_MEMBER,
        go=("string instead of *string", 3),
        rust=("String instead of Option<String>", 3),
        python=("a default of '' instead of None", 1),
        typescript=('?? "" where the body is built', 1),
        java=("an empty string instead of null where the field is set", 1),
        csharp=("string.Empty instead of null where the property is set", 1),
    )
    + cures(
        "empty text",
        unless=Contradiction.SAME_FOR_MEMBER,
        go=("*string instead of string", 3),
        rust=("Option<String> instead of String", 3),
        python=("str | None with None instead of ''", 1),
        typescript=("|| null where the body is built", 1),
        java=("null instead of an empty string where the field is set", 1),
        csharp=("string? with null instead of string.Empty", 1),
    ),
    detect=null_vs_empty_text,
)
