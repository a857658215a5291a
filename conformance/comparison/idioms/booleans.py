"""How a boolean is written: as itself, as text, or as a number."""

from typing import Final

from conformance.comparison.bodies.kind_names import TABLE
from conformance.comparison.idioms.claim import IdiomClaim, Rest
from conformance.comparison.idioms.conditions import is_only_against
from conformance.comparison.idioms.idiom import Idiom, cures, cures_everywhere
from conformance.comparison.values.columns import Column, kinds_of
from conformance.comparison.values.lossless_json import Json, kind_of
from conformance.model.finding import DifferenceKind

_TRUTHS: Final = {"true": True, "false": False}


def boolean_as_text(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise `"true"` on one side, `true` on the other."""
    # both sides may also have null and the like; a column may mix texts and booleans
    if not is_only_against("string", {"boolean"}, a, b) or "boolean" not in kinds_of(b):
        return None
    truths = list(map(_truth_of, a))
    # `yes` and `on` are more often values of an enum than booleans
    if "string" in kinds_of(truths):
        return None
    return IdiomClaim(
        kind=DifferenceKind.TYPE,
        a_fact="string",
        b_fact="boolean",
        rest=(Rest(a=truths, b=b),),
    )


def _truth_of(value: Json) -> Json:
    """Return the boolean that a text spells; any other value unchanged."""
    if not isinstance(value, str):
        return value
    return _TRUTHS.get(value.lower(), value)


def _wants_lower_case(_: str, wanted: str) -> bool:
    """Return whether the value that another runtime sends has no capitals."""
    return wanted == wanted.lower()


BOOLEAN_AS_TEXT: Final = Idiom(
    name="boolean-as-text",
    title="boolean as text",
    explanation="A boolean is written as text on one side, and as true or false on the other.",
    cures=cures(
        "string",
        go=("the field's type: bool, without the `,string` option", 1),
        rust=("the field's type: bool", 1),
        python=("the type bool for the field in the response model", 1),
        typescript=("a boolean where the body is built, not its text", 1),
        java=("the field's type: boolean", 1),
        csharp=("the property's type: bool", 1),
    )
    + cures(
        "boolean",
        fits=_wants_lower_case,
        go=("the `,string` option of the struct tag", 1),
        rust=("serde_with::DisplayFromStr on the field", 2),
        python=("a text where the body is built: 'true', where str(True) is 'True'", 1),
        typescript=("String() where the body is built", 1),
        java=("@JsonFormat(shape = STRING) on the field", 1),
        csharp=("a converter for the property", 5),
    )
    + cures(
        "boolean",
        go=("a text for the field, with the capitals that the others send", 3),
        rust=("a text for the field, with the capitals that the others send", 3),
        python=("a text where the body is built, with the capitals that the others send", 3),
        typescript=("a text where the body is built, with the capitals that the others send", 3),
        java=("a text for the field, with the capitals that the others send", 3),
        csharp=("a text for the property, with the capitals that the others send", 3),
    )
    + cures(
        "string",
        bodies={TABLE},
        go=("strconv.FormatBool where the row is written", 1),
        rust=("to_string() of the bool where the row is written", 1),
        python=("'true' or 'false' where the row is written: csv.writer writes True", 1),
        typescript=("String() of the boolean where the row is written", 1),
        java=("Boolean.toString() where the row is written", 1),
        csharp=("'true' or 'false' where the row is written: bool.ToString() is True", 1),
    )
    + cures_everywhere(
        "boolean",
        bodies={TABLE},
        where="a text where the row is written, with the capitals that the others send",
        lines=1,
    ),
    detect=boolean_as_text,
)


def boolean_as_number(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise `1` and `0` on one side, `true` and `false` on the other."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    if kinds_a - kinds_b != {"integer"} or kinds_b - kinds_a != {"boolean"}:
        return None
    truths = list(map(_truth_of_bit, a))
    # any other integer shows that it is a count
    if "integer" in kinds_of(truths):
        return None
    return IdiomClaim(
        kind=DifferenceKind.TYPE,
        a_fact="integer",
        b_fact="boolean",
        rest=(Rest(a=truths, b=b),),
    )


def _truth_of_bit(value: Json) -> Json:
    """Return the boolean for 1 or 0; any other value unchanged."""
    if kind_of(value) != "integer":
        return value
    return bool(value) if value in (0, 1) else value


BOOLEAN_AS_NUMBER: Final = Idiom(
    name="boolean-as-number",
    title="boolean as number",
    explanation="A boolean is written as 1 or 0 on one side, as databases do, and as true or "
    "false on the other.",
    cures=cures(
        "integer",
        go=("scan the column into a bool", 1),
        rust=("the field's type: bool, or serde_with::BoolFromInt", 1),
        python=("bool() where the row is read", 1),
        typescript=("Boolean() where the row is read", 1),
        java=("getBoolean where the row is read", 1),
        csharp=("GetBoolean where the row is read", 1),
    )
    + cures(
        "boolean",
        go=("an integer type for the field", 1),
        rust=("an integer type for the field", 1),
        python=("int() where the body is built", 1),
        typescript=("Number() where the body is built", 1),
        java=("an integer type for the field", 1),
        csharp=("an integer type for the property", 1),
    )
    + cures(
        "integer",
        bodies={TABLE},
        go=("strconv.FormatBool where the row is written", 1),
        rust=("a bool instead of an integer where the row is written", 1),
        python=("'true' or 'false' where the row is written", 1),
        typescript=("String() of the boolean where the row is written", 1),
        java=("Boolean.toString() where the row is written", 1),
        csharp=("'true' or 'false' where the row is written", 1),
    )
    + cures_everywhere("boolean", bodies={TABLE}, where="1 or 0 where the row is written", lines=1),
    detect=boolean_as_number,
)
