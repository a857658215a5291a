"""How a tagged union is written: externally tagged, adjacently tagged, or flat."""

from collections.abc import Iterator
from typing import Final

from conformance.comparison.idioms.claim import IdiomClaim, Rest
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import normalised
from conformance.comparison.values.columns import Column, holds_only, kinds_of, members_of
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.zero_values import is_null, is_zero
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import ANY_MEMBER, JsonPath


def externally_tagged_enum(a: Column, b: Column) -> IdiomClaim | None:
    """See `{"Schema": {"field": …}}` on one side, `{"Kind": "schema", "Field": …}` on the other.

    Claimed are the tag, the spelling of the members, and members of the flat side that hold a zero
    value where the variant has none, as exported struct fields do.
    """
    if not _all_single_objects(a) or kinds_of(b) != {"object"}:
        return None
    tags = [normalised(next(iter(value))) for value in a]
    inner = [next(iter(value.values())) for value in a]
    discriminator = _discriminator(tags, b)
    if discriminator is None or not _share_a_member(inner, b, discriminator):
        return None
    spelling = {normalised(name): name for variant in inner for name in variant}
    flat = [_as_variant(value, discriminator, spelling) for value in b]
    return IdiomClaim(
        kind=DifferenceKind.MEMBER,
        a_fact="externally tagged",
        b_fact="flat",
        details=("", f"member '{discriminator}' holds the tag {_quoted(value_tags(a))}"),
        rest=(
            Rest(a=inner, b=[kept for kept, _ in flat], a_at=(ANY_MEMBER,), b_names=_places(flat)),
        ),
        explained=frozenset(_left_out(b, flat)),
    )


def value_tags(column: Column) -> list[str]:
    """Return the distinct tags of externally tagged objects."""
    return sorted({next(iter(value)) for value in column})


def _quoted(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names[:3]) + (", …" if len(names) > 3 else "")  # noqa: PLR2004


def _all_single_objects(column: Column) -> bool:
    """Return whether every value is an object with one member that is an object itself."""
    return bool(column) and all(
        isinstance(value, dict) and len(value) == 1 and isinstance(next(iter(value.values())), dict)
        for value in column
    )


def _discriminator(tags: list[str], b: Column) -> str | None:
    """Return the string member of the flat objects that holds the tags."""
    for name, column in members_of(b).items():
        if len(column) == len(b) and holds_only(column, str):
            texts = [normalised(text) for text in column]
            if texts == tags or (len(texts) != len(tags) and set(texts) & set(tags)):
                return name
    return None


def _share_a_member(inner: Column, b: Column, discriminator: str) -> bool:
    names = {normalised(name) for variant in inner for name in variant}
    return not names or bool(
        names & {normalised(name) for value in b for name in value if name != discriminator}
    )


_Variant = tuple[dict[str, Json], dict[str, JsonPath]]
"""The members of a variant, and where each was sent."""


def _as_variant(value: dict[str, Json], discriminator: str, spelling: dict[str, str]) -> _Variant:
    """Return a flat object as the variant would hold it."""
    kept: dict[str, Json] = {}
    places: dict[str, JsonPath] = {}
    for name, member in value.items():
        known = spelling.get(normalised(name))
        if name == discriminator or (known is None and (is_null(member) or is_zero(member))):
            continue
        free = known is not None and known not in kept and known not in value
        common = known if known is not None and free else name
        kept[common], places[common] = member, (name,)
    return kept, places


def _places(flat: list[_Variant]) -> dict[str, JsonPath]:
    return {name: place for _, places in flat for name, place in places.items()}


def _left_out(b: Column, flat: list[_Variant]) -> Iterator[str]:
    """Yield the members of the flat objects that the variant has no place for."""
    for value, (_, places) in zip(b, flat, strict=True):
        kept = set(places.values())
        yield from (name for name in value if (name,) not in kept)


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


def adjacently_tagged_enum(a: Column, b: Column) -> IdiomClaim | None:
    """See `{"type": "circle", "content": {"r": 1}}` beside `{"type": "circle", "r": 1}`.

    Each is on one side.
    """
    if len(a) != len(b) or kinds_of(a) != {"object"} or kinds_of(b) != {"object"}:
        return None
    below = members_of(a)
    if len(below) != 2:  # noqa: PLR2004 - a tag and its content
        return None
    everywhere = {name: column for name, column in below.items() if len(column) == len(a)}
    tag = next((name for name, column in everywhere.items() if holds_only(column, str)), None)
    content = next((name for name, column in everywhere.items() if holds_only(column, dict)), None)
    if tag is None or content is None:
        return None
    flat = members_of(b)
    if (
        flat.get(tag) != below[tag]
        or content in flat
        or not members_of(below[content]).keys() & flat.keys()
    ):
        return None
    if tag in members_of(below[content]):
        return None
    return IdiomClaim(
        kind=DifferenceKind.MEMBER,
        a_fact="adjacently tagged",
        b_fact="flat",
        details=(f"member '{content}' holds what the tag in '{tag}' stands for", ""),
        rest=(
            Rest(
                a=[{tag: value[tag], **value[content]} for value in a],
                b=b,
                a_names={name: (content, name) for name in members_of(below[content])},
            ),
        ),
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
