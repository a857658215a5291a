"""How a tagged union is written: externally tagged, adjacently tagged, or flat."""

from collections.abc import Iterator
from itertools import chain, repeat
from operator import itemgetter
from typing import Final

from conformance.comparison.idioms.claim import IdiomClaim, Rest
from conformance.comparison.idioms.conditions import between, for_equal_lengths
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import normalised, normalised_each
from conformance.comparison.values.columns import Column, kinds_of, members_of
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import members_holding
from conformance.comparison.values.zero_values import is_empty_value
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import ANY_MEMBER, JsonPath

_QUOTED: Final = 3
"""How many tags a text names at most: it stays on one line."""


def externally_tagged_enum(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise `{"Circle": {"r": 1}}` on one side, `{"Kind": "circle", "R": 1}` on the other.

    The claim explains the tag, the spelling of the members, and members of the flat side that hold
    a zero value and that the variant lacks, as exported fields of a struct do.
    """
    if not _all_single_objects(a) or kinds_of(b) != {"object"}:
        return None
    # the flat side often spells the tag in another letter case than the variant's name
    tags = normalised_each(map(_only_name, a))
    inner = [value[_only_name(value)] for value in a]
    names = list(chain.from_iterable(inner))
    discriminator = _discriminator(tags, b)
    if discriminator is None or not _share_a_member(names, b, discriminator):
        return None
    spelling = dict(zip(normalised_each(names), names, strict=True))
    flat = list(map(_as_variant, b, repeat(discriminator), repeat(spelling)))
    kept = list(map(itemgetter(0), flat))
    return IdiomClaim(
        kind=DifferenceKind.MEMBER,
        a_fact="externally tagged",
        b_fact="flat",
        details=("", f"member '{discriminator}' holds the tag {_quoted(value_tags(a))}"),
        rest=(Rest(a=inner, b=kept, a_at=(ANY_MEMBER,), b_names=_places(flat)),),
        explained=frozenset(_left_out(b, flat)),
    )


def value_tags(column: Column) -> list[str]:
    """Return the distinct tags of externally tagged objects in ascending order."""
    return sorted(set(map(_only_name, column)))


def _only_name(value: dict[str, Json]) -> str:
    """Return the name of an object's only member."""
    (name,) = value
    return name


def _quoted(names: list[str]) -> str:
    """Return the first few names in quotes, for a detail of a report."""
    quoted = [f"'{name}'" for name in names[:_QUOTED]]
    if len(names) > _QUOTED:
        quoted.append("…")
    return ", ".join(quoted)


def _all_single_objects(column: Column) -> bool:
    """Return whether there are values, and each is an object whose only member is an object."""
    return bool(column) and all(map(_is_single_object, column))


def _is_single_object(value: Json) -> bool:
    if not isinstance(value, dict) or len(value) != 1:
        return False
    (inner,) = value.values()
    return isinstance(inner, dict)


def _discriminator(tags: list[str], b: Column) -> str | None:
    """Return the name of the flat objects' text member that holds the tags, or None."""
    texts = members_holding(b, str)

    def holds_tags(name: str) -> bool:
        return _hold_tags(normalised_each(texts[name]), tags)

    return next(filter(holds_tags, texts), None)


def _hold_tags(texts: list[str], tags: list[str]) -> bool:
    """Return whether texts are the tags in order; if their numbers differ, whether one is a tag."""
    if len(texts) == len(tags):
        return texts == tags
    return not set(texts).isdisjoint(tags)


def _share_a_member(names: list[str], b: Column, discriminator: str) -> bool:
    """Return whether flat objects have a member of a variant; true if no variant has members."""
    if not names:
        return True
    beside_the_tag = normalised_each(members_of(b).keys() - {discriminator})
    return not set(beside_the_tag).isdisjoint(normalised_each(names))


_Variant = tuple[dict[str, Json], dict[str, JsonPath]]
"""The members of a variant by their common names, and the path at which each was sent."""


def _as_variant(value: dict[str, Json], discriminator: str, spelling: dict[str, str]) -> _Variant:
    """Return a flat object's members as its variant would hold them, and where they were sent."""
    kept: dict[str, Json] = {}
    places: dict[str, JsonPath] = {}
    for name, member in value.items():
        # a Go struct's exported fields have another letter case than the variant's members
        letters = normalised(name)
        is_padding = letters not in spelling and is_empty_value(member)
        if name == discriminator or is_padding:
            continue
        known = spelling.get(letters, name)
        # two members may differ in letter case only: then each keeps its own name
        is_taken = known in kept or known in value
        common = name if is_taken else known
        kept[common] = member
        places[common] = (name,)
    return kept, places


def _places(flat: list[_Variant]) -> dict[str, JsonPath]:
    """Return the paths of all variants' members by their common names."""
    places: dict[str, JsonPath] = {}
    for _, of_variant in flat:
        places |= of_variant
    return places


def _left_out(b: Column, flat: list[_Variant]) -> Iterator[str]:
    """Yield the names of the flat objects' members that the variant does not have."""
    for value, (_, places) in zip(b, flat, strict=True):
        kept = set(chain.from_iterable(places.values()))
        yield from value.keys() - kept


EXTERNALLY_TAGGED_ENUM: Final = Idiom(
    name="externally-tagged-enum",
    title="externally tagged enum vs flat struct",
    explanation='One side writes an enum as {"Variant": {…}}, as serde does by default; the other '
    "writes the fields of a struct with the variant's name among them. Each reads its own form "
    "back; a caller that swaps one for the other breaks.",
    cures=cures(
        "flat",
        go=("a MarshalJSON on the type that writes {Variant: fields}", 50),
        rust=("serde's default for an enum, without #[serde(tag)]", 10),
        python=("the serialiser of the type: {Variant: fields}", 15),
        typescript=("the function that builds the body: {Variant: fields}", 15),
        java=("@JsonTypeInfo(include = WRAPPER_OBJECT) on the base type", 5),
        csharp=("a JsonConverter for the base type that writes {Variant: fields}", 30),
    )
    + cures(
        "externally tagged",
        go=("a flat struct for the wire, the variant's name in a field", 10),
        rust=('#[serde(tag = "…")] on the enum, or a flat struct for the wire', 10),
        python=("the serialiser of the type: the variant's name as a member", 15),
        typescript=("the function that builds the body: the variant's name as a member", 15),
        java=("@JsonTypeInfo(include = PROPERTY) on the base type", 5),
        csharp=("[JsonPolymorphic] on the base type", 5),
    ),
    detect=externally_tagged_enum,
)


@between("object", "object")
@for_equal_lengths
def adjacently_tagged_enum(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise `{"type": "circle", "content": {"r": 1}}` beside `{"type": "circle", "r": 1}`."""
    below, flat = members_of(a), members_of(b)
    if len(below) != 2:  # noqa: PLR2004 - a tag and its content
        return None
    tags, contents = members_holding(a, str), members_holding(a, dict)
    if not tags or not contents:
        return None
    ((tag, texts),), ((content, objects),) = tags.items(), contents.items()
    inside = members_of(objects)
    # the tags must be equal: else these are two different things, not one in two forms
    if flat.get(tag) != texts or content in flat:
        return None
    # a content that has a member with the tag's name could not be written flat
    if tag in inside or inside.keys().isdisjoint(flat):
        return None
    merged = [{tag: value[tag], **value[content]} for value in a]
    names: dict[str, JsonPath] = {name: (content, name) for name in inside}
    return IdiomClaim(
        kind=DifferenceKind.MEMBER,
        a_fact="adjacently tagged",
        b_fact="flat",
        details=(f"member '{content}' holds what the tag in '{tag}' stands for", ""),
        rest=(Rest(a=merged, b=b, a_names=names),),
    )


ADJACENTLY_TAGGED_ENUM: Final = Idiom(
    name="adjacently-tagged-enum",
    title="adjacently tagged enum vs flat struct",
    explanation="One side keeps a variant's fields in a member beside its tag; the other has them "
    "next to the tag.",
    cures=cures(
        "adjacently tagged",
        go=("embed the variant's struct instead of a field for it", 10),
        rust=('#[serde(tag = "…")] without `content`', 1),
        python=("a discriminated union instead of a wrapper model", 10),
        typescript=("spread the variant into the object", 3),
        java=("@JsonTypeInfo(include = PROPERTY) instead of EXTERNAL_PROPERTY", 2),
        csharp=("[JsonPolymorphic] on the base type instead of a wrapper", 10),
    )
    + cures(
        "flat",
        go=("a field for the variant's struct instead of embedding it", 10),
        rust=('#[serde(tag = "…", content = "…")]', 1),
        python=("a wrapper model with the tag and the variant", 10),
        typescript=("the variant in a member of its own", 3),
        java=("@JsonTypeInfo(include = EXTERNAL_PROPERTY)", 2),
        csharp=("a wrapper with the tag and the variant", 10),
    ),
    detect=adjacently_tagged_enum,
)
