"""Idioms of objects and lists: how things are laid out, named and wrapped."""

from typing import Final

from conformance.comparison.idioms.containers import list_vs_map, pagination, renamed_list
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.objects import adjacently_tagged_enum, envelope, externally_tagged_enum, key_case

STRUCTURE_IDIOMS: Final[tuple[Idiom, ...]] = (
    Idiom(
        name="externally-tagged-enum",
        title="externally tagged enum vs flat struct",
        explanation='One side writes an enum as {"Variant": {…}}, as serde does by default; the other writes '
        "the fields of a struct with the variant's name among them. Each reads its own form back; a caller that swaps "
        "one for the other breaks.",
        cures=cures(
            go=("a MarshalJSON on the error type that writes {Variant: fields}", 50),
            rust=('#[serde(tag = "…")] on the enum, or a flat struct for the wire', 10),
            python=("the serialiser of the error type", 15),
            typescript=("the function that builds the error body", 15),
            java=("@JsonTypeInfo(include = WRAPPER_OBJECT) or PROPERTY on the base type", 5),
            csharp=("[JsonPolymorphic], or a JsonConverter for the base type", 30),
        ),
        detect=externally_tagged_enum,
    ),
    Idiom(
        name="adjacently-tagged-enum",
        title="adjacently tagged enum vs flat struct",
        explanation="One side keeps a variant's fields in a member beside its tag; the other has them next to the tag.",
        cures=cures(
            go=("embed the variant's struct instead of a field for it", 10),
            rust=('#[serde(tag = "…")] without `content`, or with it', 1),
            python=("a discriminated union instead of a wrapper model", 10),
            typescript=("spread the variant into the object", 3),
            java=("@JsonTypeInfo(include = PROPERTY), or EXTERNAL_PROPERTY", 2),
            csharp=("[JsonPolymorphic] on the base type instead of a wrapper", 10),
        ),
        detect=adjacently_tagged_enum,
    ),
    Idiom(
        name="envelope",
        title="enveloped vs bare",
        explanation="One side wraps the value in an object with one more level; the other sends the value itself.",
        cures=cures(
            go=("the response struct of the handler", 10),
            rust=("the response type of the handler", 10),
            python=("the response model of the handler", 5),
            typescript=("the handler's return value", 5),
            java=("the controller's return type, or a ResponseBodyAdvice for all", 10),
            csharp=("the action's return type, or a result filter for all", 10),
        ),
        detect=envelope,
    ),
    Idiom(
        name="key-case",
        title="member names in another case",
        explanation="The same members are spelled by another convention, usually a serialiser's default.",
        cures=cures(
            go=("json struct tags on the exported fields", 1),
            rust=('#[serde(rename_all = "…")] on the type', 1),
            python=("an alias generator or the serialiser's rename option", 2),
            typescript=("the interface of the response and what fills it", 5),
            java=("@JsonNaming, or the ObjectMapper's property naming strategy", 1),
            csharp=("JsonSerializerOptions.PropertyNamingPolicy", 1),
        ),
        detect=key_case,
    ),
    Idiom(
        name="renamed-list",
        title="the list of a response under another name",
        explanation="Both sides answer an object with one list of like elements in it, under another name.",
        cures=cures(
            go=("the json struct tag of the list", 1),
            rust=('#[serde(rename = "…")] on the field', 1),
            python=("the field's name or alias in the response model", 1),
            typescript=("the member's name where the body is built", 1),
            java=("@JsonProperty on the field", 1),
            csharp=("[JsonPropertyName] on the property", 1),
        ),
        detect=renamed_list,
    ),
    Idiom(
        name="pagination",
        title="another form of pagination",
        explanation="What says which part of a list this is, and where the next one is, is written in other members.",
        cures=cures(
            go=("the page struct that list handlers share", 20),
            rust=("the page type that list handlers share", 20),
            python=("the page model, or the framework's pagination class", 15),
            typescript=("the function that builds a page", 15),
            java=("a page DTO instead of the framework's Page", 20),
            csharp=("the page type that list actions share", 20),
        ),
        detect=pagination,
    ),
    Idiom(
        name="list-vs-map",
        title="list vs map",
        explanation="The same elements stand in a list on one side, and in an object under one of their members on the "
        "other.",
        cures=cures(
            go=("map[string]T or []T in the response struct", 5),
            rust=("HashMap<String, T> or Vec<T> in the response type", 5),
            python=("dict or list in the response model", 3),
            typescript=("Object.fromEntries or Object.entries where the body is built", 2),
            java=("Map<String, T> or List<T> in the response class", 5),
            csharp=("Dictionary<string, T> or List<T> in the response type", 5),
        ),
        detect=list_vs_map,
    ),
    Idiom(
        name="null-vs-absent",
        title="null vs absent",
        explanation="A member without a value is null on one side and left out on the other.",
        cures=cures(
            go=("omitempty, or a pointer field without it", 1),
            rust=('#[serde(skip_serializing_if = "Option::is_none")]', 1),
            python=("exclude None, or omit_defaults, in the serialiser", 1),
            typescript=("undefined instead of null, or the reverse", 1),
            java=("@JsonInclude(NON_NULL)", 1),
            csharp=("JsonIgnoreCondition.WhenWritingNull", 1),
        ),
    ),
    Idiom(
        name="zero-value-vs-absent",
        title="zero value vs absent",
        explanation="A member that is empty, zero or false on one side is left out on the other.",
        cures=cures(
            go=("remove omitempty from the struct tag, or add it", 1),
            rust=("#[serde(default, skip_serializing_if = …)], or without it", 1),
            python=("exclude defaults, or omit_defaults, in the serialiser", 1),
            typescript=("leave the member out, or write it, where the body is built", 1),
            java=("@JsonInclude(NON_DEFAULT or NON_EMPTY)", 1),
            csharp=("JsonIgnoreCondition.WhenWritingDefault", 1),
        ),
    ),
)
