"""Generate sequences on several resources of a collection: uniqueness, sorting and listing."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import filterfalse, product
from operator import attrgetter, itemgetter

from msgspec.structs import replace

from conformance.fuzzing.creators import Creator
from conformance.fuzzing.form import Form, FormStep, captured_names, in_target, placeholder_names
from conformance.fuzzing.json_nodes import JsonObject, Node
from conformance.fuzzing.moves import Move, captured_as
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.ranges import next_in_range
from conformance.fuzzing.renaming import changed_texts, referring_to, with_names


def similar_texts(creator: Creator) -> Iterator[Probe]:
    """Yield two creations whose unique texts differ only in letter case, space or Unicode form."""
    own = creator.steps[-1]
    if not any(name.startswith("fresh:") for name in placeholder_names([own])):
        return
    name = creator.operations[-1]
    for entry, first, other in (
        ("in another case", "a${fresh:", "A${fresh:"),
        ("after a space", "${fresh:", " ${fresh:"),
        ("in another form", "é${fresh:", "e\u0301${fresh:"),
    ):
        forms = [_replaced(own.form, "${fresh:", text) for text in (first, other)]
        steps = (
            FormStep(forms[0], own.captures),
            captured_as(FormStep(forms[1], own.captures), "two"),
        )
        yield Probe(
            (*creator.steps[:-1], *steps),
            (*creator.operations, name),
            "sequence",
            f"{name} @ after {name} with the same text {entry}",
            entry,
        )


def created_twice(creator: Creator, second: FormStep, every: Sequence[Move]) -> Iterator[Probe]:
    """Yield reads and changes of a resource after one or two more were created."""
    for move in every:
        steps = (*creator.steps, second, *move.steps)
        operations = (*creator.operations, creator.operations[-1], *move.operations)
        path = f"{creator.operations[-1]} twice → {move.operation}"
        yield Probe(steps, operations, "sequence", f"{move.operation} @ after {path}", path)
        more = (*creator.steps, second, one_more(second), *move.steps)
        names = (*creator.operations, *(creator.operations[-1],) * 2, *move.operations)
        locus = f"{move.operation} @ after three {creator.operations[-1]}"
        yield Probe(more, names, "sequence", locus, path)


def same_values(creator: Creator, second: FormStep, every: Sequence[Move]) -> Iterator[Probe]:
    """Yield updates of a resource to the values of another one, to test uniqueness."""
    for move in every:
        form = move.step.form
        bodies = form.body, second.form.body
        if form.method not in {"PUT", "PATCH"} or not move.own:
            continue
        step = replace(move.step, form=replace(form, body=_with_values_of(*bodies)))
        path = f"{move.operation} like another"
        yield Probe(
            (*creator.steps, second, *move.steps[:-1], step),
            (*creator.operations, creator.operations[-1], *move.operations),
            "sequence",
            f"{move.operation} @ after {path}",
            path,
        )


def two_resource_changes(creator: Creator, every: Sequence[Move]) -> Iterator[Probe]:
    """Yield changes that take two resources of a kind, such as a merge, and reads of the other.

    Each comes after a change of the first resource, too, and once with the first in both places.
    """
    twin = f"{creator.placeholder}_two"
    merging = list(filter(partial(_takes, twin), every))
    alone = list(filter(_is_alone, every))
    reads = list(filter(attrgetter("safe"), alone))
    before: list[list[tuple[FormStep, str]]] = [[]]
    before += [[(each.step, each.operation)] for each in filterfalse(attrgetter("safe"), alone)]
    for move in merging:
        same = FormStep(referring_to(move.step.form, twin, creator.placeholder), move.step.captures)
        yield _as_sequence(creator, [(same, move.operation)], f"{move.words} with itself")
    for move, first, read in product(merging, before, reads):
        of_other = FormStep(referring_to(read.step.form, creator.placeholder, twin))
        own = zip(move.steps, move.operations, strict=True)
        word = [*first, *own, (of_other, read.operation)]
        path = " → ".join(map(itemgetter(1), word))
        yield _as_sequence(creator, word, f"{path} of the other")


def _takes(name: str, move: Move) -> bool:
    """Return whether a request takes an id that is captured right before it."""
    return name in captured_names(move.steps[:-1])


def _is_alone(move: Move) -> bool:
    """Return whether a request is on one resource, and needs no other step."""
    return move.own and not move.before


def _as_sequence(creator: Creator, word: Sequence[tuple[FormStep, str]], path: str) -> Probe:
    steps, names = zip(*word, strict=True)
    locus = f"{names[-1]} @ after {path}"
    return Probe((*creator.steps, *steps), (*creator.operations, *names), "sequence", locus, path)


def adjacent_ranges(creator: Creator) -> Iterator[Probe]:
    """Yield two creations whose time ranges are adjacent."""
    own, name = creator.steps[-1], creator.operations[-1]
    for form in next_in_range(own.form):
        path = f"{name} → {name} for the time after it"
        yield Probe(
            (*creator.steps, captured_as(FormStep(form, own.captures), "next")),
            (*creator.operations, name),
            "sequence",
            f"{name} @ after {path}",
            path,
        )


def _with_values_of(body: Node | bytes | None, other: Node | bytes | None) -> Node | bytes | None:
    """Return a JSON object with the values that another object has for its members."""
    if not isinstance(body, JsonObject) or not isinstance(other, JsonObject):
        return body
    values = dict(other.pairs)
    return JsonObject(tuple((name, values.get(name, node)) for name, node in body.pairs))


def one_more(second: FormStep) -> FormStep:
    """Return the step that creates a third resource, like the second but with other fresh names."""
    return replace(captured_as(second, "more"), form=with_names(second.form, "third_"))


def _replaced(form: Form, text: str, other: str) -> Form:
    """Return the request with a text replaced in its path and in the scalars of its body."""
    before, mark, after = other.partition("${")
    in_path = f"{in_target(before)}{mark}{after}"
    changed = changed_texts(form, lambda written: written.replace(text, other))
    return replace(changed, path=tuple(each.replace(text, in_path) for each in form.path))
