"""Idioms of objects: how an enum is tagged, how members are spelled, what wraps a value."""

from collections.abc import Mapping
from typing import Final

from conformance.comparison.idioms.claim import Claim
from conformance.comparison.idioms.member_names import normalised, share_in_common, style_of_all
from conformance.comparison.values.columns import Column, elements_of, kinds_of, members_of
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.zero_values import is_null, is_zero
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import ANY_MEMBER

_ENOUGH_IN_COMMON: Final = 0.5


def externally_tagged_enum(a: Column, b: Column) -> Claim | None:
    """See `{"Schema": {"field": …}}` on one side, `{"Kind": "schema", "Field": …}` on the other.

    Claimed are the tag, the spelling of the members, and members of the flat side that hold a zero value where the
    variant has none, as exported struct fields do.
    """
    if not _all_single_objects(a) or kinds_of(b) != {"object"}:
        return None
    tags = [normalised(next(iter(value))) for value in a]
    inner = [next(iter(value.values())) for value in a]
    discriminator = _discriminator(tags, b)
    if discriminator is None or not _share_a_member(inner, b, discriminator):
        return None
    spelling = {normalised(name): name for variant in inner for name in variant}
    flat = [_without_tag(value, discriminator, spelling) for value in b]
    return Claim(
        kind=DifferenceKind.MEMBER,
        a_fact="externally tagged",
        b_fact="flat",
        detail=f"the tag {_quoted(value_tags(a))} is the text of member '{discriminator}' on the flat side",
        rest=(((ANY_MEMBER,), inner, flat),),
    )


def adjacently_tagged_enum(a: Column, b: Column) -> Claim | None:
    """See `{"type": "circle", "content": {"r": 1}}` on one side, `{"type": "circle", "r": 1}` on the other."""
    if len(a) != len(b) or kinds_of(a) != {"object"} or kinds_of(b) != {"object"}:
        return None
    below = members_of(a)
    kinds = {name: kinds_of(column) for name, column in below.items() if len(column) == len(a)}
    tag = next((name for name, kind in kinds.items() if kind == {"string"}), None)
    content = next((name for name, kind in kinds.items() if kind == {"object"}), None)
    if len(below) != 2 or tag is None or content is None:  # noqa: PLR2004 - a tag and its content
        return None
    flat = members_of(b)
    if flat.get(tag) != below[tag] or content in flat or not members_of(below[content]).keys() & flat.keys():
        return None
    if tag in members_of(below[content]):
        return None
    return Claim(
        kind=DifferenceKind.MEMBER,
        a_fact="adjacently tagged",
        b_fact="flat",
        detail=f"what member '{content}' holds stands beside '{tag}' on the flat side",
        rest=(((), [{tag: value[tag], **value[content]} for value in a], b),),
    )


def value_tags(column: Column) -> list[str]:
    """Return the distinct tags of externally tagged objects."""
    return sorted({next(iter(value)) for value in column})


def _quoted(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names[:3]) + (", …" if len(names) > 3 else "")  # noqa: PLR2004


def _all_single_objects(column: Column) -> bool:
    """Tell whether every value is an object with one member that is an object itself."""
    return bool(column) and all(
        isinstance(value, dict) and len(value) == 1 and isinstance(next(iter(value.values())), dict) for value in column
    )


def _discriminator(tags: list[str], b: Column) -> str | None:
    """Return the string member of the flat objects that holds the tags."""
    for name, column in members_of(b).items():
        if len(column) == len(b) and kinds_of(column) == {"string"}:
            texts = [normalised(text) for text in column]
            if texts == tags or (len(texts) != len(tags) and set(texts) & set(tags)):
                return name
    return None


def _share_a_member(inner: Column, b: Column, discriminator: str) -> bool:
    names = {normalised(name) for variant in inner for name in variant}
    return not names or bool(names & {normalised(name) for value in b for name in value if name != discriminator})


def _without_tag(value: dict[str, Json], discriminator: str, spelling: dict[str, str]) -> dict[str, Json]:
    """Return a flat object as the variant would hold it."""
    kept: dict[str, Json] = {}
    for name, member in value.items():
        known = spelling.get(normalised(name))
        if name == discriminator or (known is None and (is_null(member) or is_zero(member))):
            continue
        free = known is not None and known not in kept and known not in value
        kept[known if known is not None and free else name] = member
    return kept


def key_case(a: Column, b: Column) -> Claim | None:
    """See `user_id` on one side, `userId` on the other."""
    if "object" not in kinds_of(a) & kinds_of(b):
        return None
    pairs = _respelled(members_of(a), members_of(b))
    if not pairs:
        return None
    first, second = pairs[0]
    # one spelling for both sides, whichever is asked first: the greater, which is snake_case before camelCase
    common = {name: max(pair) for pair in pairs for name in pair}
    return Claim(
        kind=DifferenceKind.MEMBER,
        a_fact=style_of_all(name for name, _ in pairs),
        b_fact=style_of_all(name for _, name in pairs),
        detail=f"'{first}' is '{second}' on the other side" + (f", and {len(pairs) - 1} more" if pairs[1:] else ""),
        rest=(((), _renamed(a, common), _renamed(b, common)),),
    )


def _respelled(names_a: Mapping[str, Column], names_b: Mapping[str, Column]) -> list[tuple[str, str]]:
    """Pair each name that only one side has with what it is called on the other, each name once."""
    waiting: dict[str, str] = {}
    for name in names_b:
        if name not in names_a:
            waiting.setdefault(normalised(name), name)
    alone = [name for name in names_a if name not in names_b]
    return [(name, waiting.pop(normalised(name))) for name in alone if normalised(name) in waiting]


def _renamed(column: Column, names: Mapping[str, str]) -> Column:
    return [
        {names.get(name, name): member for name, member in value.items()} if isinstance(value, dict) else value
        for value in column
    ]


def envelope(a: Column, b: Column) -> Claim | None:
    """See `{"data": X}` on one side, `X` on the other."""
    kinds = kinds_of(b)
    if kinds_of(a) != {"object"} or kinds not in ({"object"}, {"array"}):
        return None
    below = {
        name: column for name, column in members_of(a).items() if len(column) == len(a) and kinds_of(column) == kinds
    }
    wrapped = _wrapped_list(below, a, b) if kinds == {"array"} else _wrapped_object(below, a, b)
    if wrapped is None:
        return None
    beside = [{name: member for name, member in value.items() if name != wrapped} for value in a]
    return Claim(
        kind=DifferenceKind.MEMBER,
        a_fact="enveloped",
        b_fact="bare",
        detail=f"wrapped in member '{wrapped}' on one side",
        rest=(((), below[wrapped], b), ((), beside, [{} for _ in beside])),
    )


def _wrapped_list(below: dict[str, Column], a: Column, b: Column) -> str | None:
    if len(below) != 1 or share_in_common(set(members_of(a)), set(members_of(elements_of(b)))) > _ENOUGH_IN_COMMON:
        return None  # an object that is much like the elements of the list is one of them
    ((name, column),) = below.items()
    kinds_a, kinds_b = kinds_of(elements_of(column)), kinds_of(elements_of(b))
    return name if not kinds_a or not kinds_b or kinds_a & kinds_b else None


def _wrapped_object(below: dict[str, Column], a: Column, b: Column) -> str | None:
    names_b, outside = set(members_of(b)), set(members_of(a))
    for name, column in below.items():
        names = set(members_of(column))
        if share_in_common(names, names_b) >= _ENOUGH_IN_COMMON and not share_in_common(outside, names_b):
            return name
    return None
