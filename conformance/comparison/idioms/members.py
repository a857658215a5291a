"""Idioms of members: another naming convention; null or a zero value beside an absent member."""

from collections.abc import Sequence
from itertools import repeat
from typing import Final

from conformance.comparison.bodies.kind_names import FORM, TABLE, XML
from conformance.comparison.difference import as_fact
from conformance.comparison.idioms.claim import IdiomClaim, NamePair, Rest
from conformance.comparison.idioms.idiom import Contradiction, Idiom, cures
from conformance.comparison.idioms.member_names import conventions, respelled
from conformance.comparison.values.columns import Column, kinds_of, members_of
from conformance.comparison.values.objects import renamed
from conformance.model.finding import DifferenceKind

_ONLY_THESE: Final = "only members of which the names differ are shown"


def key_case(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise `user_id` on one side, `userId` on the other."""
    if "object" not in kinds_of(a) & kinds_of(b):
        return None
    pairs = respelled(members_of(a).keys(), members_of(b).keys())
    if not pairs:
        return None
    a_fact, b_fact = _facts_of(pairs)
    # one spelling for both sides, whichever is first: the greater, so snake_case before camelCase
    common = {name: max(pair) for pair in pairs for name in pair}
    # values are compared under the common name, and reported at the place where they were sent
    rest = Rest(
        a=list(map(renamed, a, repeat(common))),
        b=list(map(renamed, b, repeat(common))),
        a_names={common[name]: (name,) for name, _ in pairs},
        b_names={common[name]: (name,) for _, name in pairs},
    )
    return IdiomClaim(
        kind=DifferenceKind.MEMBER,
        a_fact=a_fact,
        b_fact=b_fact,
        details=(_ONLY_THESE, _ONLY_THESE),
        rest=(rest,),
        names=tuple(pairs),
        facts_of=_facts_of,
    )


def _facts_of(pairs: Sequence[NamePair]) -> tuple[str, str]:
    """Return the facts of both sides for pairs of names in two spellings."""
    first, second = conventions(*zip(*pairs, strict=True))
    return as_fact(first), as_fact(second)


KEY_CASE: Final = Idiom(
    name="key-case",
    title="different naming convention",
    explanation="The same members are spelled by another convention, usually a serialiser's "
    "default.",
    cures=cures(
        go=("json struct tags on the exported fields", 1),
        typescript=("the interface of the response and what fills it", 5),
    )
    + cures(
        unless=Contradiction.NAMES_ALIKE,
        rust=('#[serde(rename_all = "…")] on the type', 1),
        python=("an alias generator or the serialiser's rename option", 2),
        java=("@JsonNaming, or the ObjectMapper's property naming strategy", 1),
        csharp=("JsonSerializerOptions.PropertyNamingPolicy", 1),
    )
    + cures(
        rust=('#[serde(rename = "…")] on these fields', 1),
        python=("the aliases of these fields in the response model", 3),
        java=("@JsonProperty on these fields", 3),
        csharp=("[JsonPropertyName] on these properties", 3),
    )
    + cures(
        bodies={TABLE},
        go=("the header row that csv.Writer writes, or the csv tags of the struct", 1),
        rust=("the header row that the csv crate writes, or serde's rename on the record", 1),
        python=("fieldnames of csv.DictWriter, or the first row that csv.writer writes", 1),
        typescript=("the names of the columns that the writer of CSV is given", 1),
        java=("the header of the CSVFormat, or the columns of the CsvSchema", 1),
        csharp=("[Name] on the properties, or the ClassMap of CsvHelper", 1),
    )
    + cures(
        bodies={XML},
        go=("the xml struct tags, and the XMLName of the root", 1),
        rust=("serde's rename on the type and its fields, or the names given to the writer", 1),
        python=("the tags given to Element and SubElement, or those in the template", 1),
        typescript=("the names of the elements that the builder is given", 1),
        java=("the name of @XmlRootElement and @XmlElement, or of @JacksonXmlProperty", 1),
        csharp=("the names of [XmlRoot] and [XmlElement]", 1),
    )
    + cures(
        bodies={FORM},
        go=("the keys of the url.Values that is encoded", 1),
        rust=("the names of the pairs that are encoded", 1),
        python=("the names of the pairs that urlencode is given", 1),
        typescript=("the names that URLSearchParams is given", 1),
        java=("the names of the pairs that are encoded", 1),
        csharp=("the names of the pairs that FormUrlEncodedContent is given", 1),
    ),
    detect=key_case,
)


_ZEROS: Final = ("empty list", "empty object", "empty text", "false", "zero")


NULL_VS_ABSENT: Final = Idiom(
    name="null-vs-absent",
    title="null vs absent",
    explanation="A member without a value is null on one side and left out on the other.",
    cures=cures(
        "null",
        unless=Contradiction.SENDS_NULL,
        go=("omitempty on the field, which is a pointer", 1),
        rust=('#[serde(skip_serializing_if = "Option::is_none")] on the field', 1),
        python=("exclude_none where the response model is serialised", 1),
        typescript=("undefined instead of null where the body is built", 1),
        java=("@JsonInclude(NON_NULL)", 1),
        csharp=("JsonIgnoreCondition.WhenWritingNull", 1),
    )
    + cures(
        "absent",
        unless=Contradiction.LEAVES_OUT,
        go=("a pointer field without omitempty", 1),
        rust=("an Option field without skip_serializing_if", 1),
        python=("no exclude_none or exclude_unset where the response model is serialised", 1),
        typescript=("null instead of undefined where the body is built", 1),
        java=("@JsonInclude(ALWAYS)", 1),
        csharp=("JsonIgnoreCondition.Never", 1),
    ),
)


ZERO_VALUE_VS_ABSENT: Final = Idiom(
    name="zero-value-vs-absent",
    title="zero value vs absent",
    explanation="A member that is empty, zero or false on one side is left out on the other.",
    cures=cures(
        *_ZEROS,
        unless=Contradiction.SAME_FOR_MEMBER,
        go=("omitempty on the field", 1),
        rust=("#[serde(skip_serializing_if = …)] on the field", 1),
        typescript=("leave the member out where the body is built", 1),
    )
    + cures(
        *_ZEROS,
        unless=Contradiction.SENDS_ZERO_VALUES,
        python=("exclude_defaults where the response model is serialised", 1),
        java=("@JsonInclude(NON_DEFAULT) or @JsonInclude(NON_EMPTY)", 1),
        csharp=("JsonIgnoreCondition.WhenWritingDefault", 1),
    )
    + cures(
        "absent",
        unless=Contradiction.LEAVES_OUT,
        python=("no exclude_defaults or exclude_unset where the response model is serialised", 1),
        java=("@JsonInclude(ALWAYS)", 1),
        csharp=("JsonIgnoreCondition.Never", 1),
    )
    + cures(
        "absent",
        go=("no omitempty on the field", 1),
        rust=("no skip_serializing_if on the field", 1),
        typescript=("write the member where the body is built", 1),
    ),
)
