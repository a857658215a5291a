"""Idioms of what is around a value: a list of one element, a text, another name."""

from typing import Final

from conformance.comparison.bodies.kind_names import XML
from conformance.comparison.difference import as_fact
from conformance.comparison.idioms.claim import IdiomClaim, Rest, values_at
from conformance.comparison.idioms.conditions import between
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import (
    TEXT_OF_AN_ELEMENT,
    share_in_common,
)
from conformance.comparison.values.columns import (
    Column,
    elements_of,
    kinds_of,
    members_of,
)
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json, NoJsonError, parse_text
from conformance.comparison.values.objects import (
    members_holding,
    not_none,
    picked,
    positions_of,
)
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import ANY_ELEMENT, IN_TEXT

IN_A_TEXT: Final = "JSON in a text"
"""The fact of a side that writes JSON as a text."""
_ENOUGH_IN_COMMON: Final = 0.5
_CONTAINER_KINDS: Final = frozenset({"object", "array"})
_NO_SINGLE_VALUE: Final = frozenset({"array", "null"})


def scalar_vs_list(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise `"x"` on one side, `["x"]` on the other; a list of several values does not count.

    A single pair of two different values may be two things: then only several pairs are evidence.
    """
    are_lists_of_one = kinds_of(b) == {"array"} and set(map(len, b)) == {1}
    if not are_lists_of_one:
        return None
    kinds, elements = kinds_of(a), elements_of(b)
    if not kinds_of(elements) <= kinds or not kinds.isdisjoint(_NO_SINGLE_VALUE):
        return None
    is_one_pair = len(a) == len(b) == 1
    if is_one_pair and not _is_one(a[0], elements[0]):
        return None
    in_lists = [(at, ((None, 0),)) for at in range(len(b))]
    rest = (Rest(a=a, b=elements, b_at=(ANY_ELEMENT,), elements=in_lists),)
    return IdiomClaim(kind=DifferenceKind.TYPE, a_fact="single value", b_fact="list", rest=rest)


def _is_one(value: Json, other: Json) -> bool:
    """Return whether two values are equal, or objects with enough members in common."""
    if type(value) is type(other) is dict:
        return share_in_common(value, other) >= _ENOUGH_IN_COMMON
    return canonical(value) == canonical(other)


SCALAR_VS_LIST: Final = Idiom(
    name="scalar-vs-list",
    title="single value vs list",
    explanation="One value stands alone on one side and in a list of one on the other.",
    cures=cures(
        "single value",
        go=("the field's type: []T instead of T", 5),
        rust=("the field's type: Vec<T> instead of T", 5),
        python=("the field's type in the response model: a list", 3),
        typescript=("the interface of the response, and what fills it: a list", 3),
        java=("the field's type: List<T> instead of T", 3),
        csharp=("the property's type: List<T> instead of T", 3),
    )
    + cures(
        "list",
        go=("the field's type: T instead of []T", 5),
        rust=("the field's type: T instead of Vec<T>", 5),
        python=("the field's type in the response model: one value", 3),
        typescript=("the interface of the response, and what fills it: one value", 3),
        java=("the field's type: T instead of List<T>", 3),
        csharp=("the property's type: T instead of List<T>", 3),
    ),
    detect=scalar_vs_list,
)


def json_in_text(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise JSON written as a text on one side, as itself on the other.

    Null may be on both sides.
    """
    texts, kinds_of_b = not_none(a), kinds_of(not_none(b))
    if kinds_of(texts) != {"string"} or not kinds_of_b <= _CONTAINER_KINDS:
        return None
    # a column without values has no kinds, and a text is always of one
    parsed = list(map(_parsed, texts))
    if not kinds_of(parsed) <= kinds_of_b:
        return None
    if not _have_same_nulls(a, b):
        return None
    held = positions_of(map(_is_value, b))
    rest = Rest(a=parsed, b=picked(b, held), a_at=(IN_TEXT,), elements=values_at(held))
    return IdiomClaim(kind=DifferenceKind.TYPE, a_fact=IN_A_TEXT, b_fact="JSON", rest=(rest,))


def _have_same_nulls(a: Column, b: Column) -> bool:
    """Return whether both columns have null at the same positions.

    For columns of two lengths: whether null is in both or in neither.
    """
    if len(a) != len(b):
        return (None in a) == (None in b)
    return list(map(_is_value, a)) == list(map(_is_value, b))


def _is_value(value: Json) -> bool:
    return value is not None


def _parsed(value: str) -> Json:
    """Return the object or list that a text holds; the text itself if it holds none."""
    if not value.lstrip().startswith(("{", "[")):
        return value
    try:
        return parse_text(value)
    except NoJsonError:
        return value


JSON_IN_TEXT: Final = Idiom(
    name="json-in-text",
    title="JSON inside a text",
    explanation="One side writes an object or a list as a text that holds its JSON; the other "
    "writes it as it is.",
    cures=cures(
        IN_A_TEXT,
        go=("json.RawMessage instead of string for the field", 1),
        rust=("serde_json::Value instead of String for the field", 1),
        python=("json.loads where the row is read, or no json.dumps where the body is built", 1),
        typescript=("JSON.parse where the row is read, or no JSON.stringify of a part", 1),
        java=("@JsonRawValue, or JsonNode instead of String", 1),
        csharp=("JsonElement instead of string for the property", 1),
    )
    + cures(
        "JSON",
        go=("string instead of json.RawMessage for the field", 1),
        rust=("String instead of serde_json::Value for the field", 1),
        python=("json.dumps of the part where the body is built", 1),
        typescript=("JSON.stringify of the part where the body is built", 1),
        java=("String instead of JsonNode for the field", 1),
        csharp=("string instead of JsonElement for the property", 1),
    ),
    detect=json_in_text,
)


@between("object", "object")
def renamed_root(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise an answer's only object under two names: `{"user": {…}}` and `{"account": {…}}`."""
    first, second = _only_member(a), _only_member(b)
    if first is None or second is None:
        return None
    below_a, below_b = members_of(a)[first], members_of(b)[second]
    inside_a, inside_b = members_of(below_a).keys(), members_of(below_b).keys()
    share = share_in_common(inside_a - {TEXT_OF_AN_ELEMENT}, inside_b - {TEXT_OF_AN_ELEMENT})
    if first == second or share < _ENOUGH_IN_COMMON:
        return None
    return of_two_names((first, below_a), (second, below_b))


def of_two_names(a: tuple[str, Column], b: tuple[str, Column]) -> IdiomClaim:
    """Return the claim that the two sides hold one thing under two names."""
    (first, below_a), (second, below_b) = a, b
    return IdiomClaim(
        kind=DifferenceKind.MEMBER,
        a_fact=as_fact(first),
        b_fact=as_fact(second),
        rest=(Rest(a=below_a, b=below_b, a_at=(first,), b_at=(second,)),),
    )


def _only_member(column: Column) -> str | None:
    """Return the name of the only member of all objects of a column, an object itself, or None."""
    objects = members_holding(column, dict)
    if len(members_of(column)) != 1 or not objects:
        return None
    ((name, below),) = objects.items()
    return name if all(below) else None


RENAMED_ROOT: Final = Idiom(
    name="renamed-root",
    title="different name for the content of an answer",
    explanation="The object or the element that holds all of an answer, or all of another element, "
    "has another name.",
    cures=cures(
        go=("the json struct tag of the wrapping struct", 1),
        rust=('#[serde(rename = "…")] on the wrapping struct', 1),
        python=("the field's name or alias in the response model", 1),
        typescript=("the member's name where the body is built", 1),
        java=("@JsonRootName, or @JsonProperty on the field", 1),
        csharp=("[JsonPropertyName] on the wrapping property", 1),
    )
    + cures(
        bodies={XML},
        go=("the XMLName of the struct", 1),
        rust=("serde's rename on the type, or the name given to the writer", 1),
        python=("the tag given to Element, or the one in the template", 1),
        typescript=("the name of the element that the builder is given", 1),
        java=("the name of @XmlRootElement", 1),
        csharp=("the name of [XmlRoot]", 1),
    ),
    detect=renamed_root,
)
