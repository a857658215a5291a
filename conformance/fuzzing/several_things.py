"""Generate sequences on several resources of a collection: uniqueness, sorting and listing."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from conformance.fuzzing.creators import Creator
from conformance.fuzzing.form import Form, FormStep, in_target, slot_names
from conformance.fuzzing.json_nodes import Items, JsonObject, Node, with_scalars
from conformance.fuzzing.moves import Move, captured_as
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.ranges import next_in_range


def alike(creator: Creator) -> Iterator[Probe]:
    """Yield two creations whose unique texts differ only in letter case, space or Unicode form."""
    own = creator.steps[-1]
    if not any(name.startswith("fresh:") for name in slot_names([own])):
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
        steps = (*creator.steps, second, move.step)
        operations = (*creator.operations, creator.operations[-1], move.operation)
        path = f"{creator.operations[-1]} twice → {move.operation}"
        yield Probe(steps, operations, "sequence", f"{move.operation} @ after {path}", path)
        more = (*creator.steps, second, one_more(second), move.step)
        names = (*creator.operations, *(creator.operations[-1],) * 2, move.operation)
        locus = f"{move.operation} @ after three {creator.operations[-1]}"
        yield Probe(more, names, "sequence", locus, path)


def like_another(creator: Creator, second: FormStep, every: Sequence[Move]) -> Iterator[Probe]:
    """Yield updates of a resource to the values of another one, to test uniqueness."""
    for move in every:
        form = move.step.form
        bodies = form.body, second.form.body
        if form.method not in {"PUT", "PATCH"} or not move.own:
            continue
        step = replace(move.step, form=replace(form, body=_with_values_of(*bodies)))
        path = f"{move.operation} like another"
        yield Probe(
            (*creator.steps, second, step),
            (*creator.operations, creator.operations[-1], move.operation),
            "sequence",
            f"{move.operation} @ after {path}",
            path,
        )


def in_turn(creator: Creator) -> Iterator[Probe]:
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


def renamed(creator: Creator) -> FormStep:
    """Return the step that creates another resource, with the same values but other fresh names."""
    own = creator.steps[-1]
    name = f"{creator.slot}_two"
    captures = tuple(replace(each, name=name, identity=name) for each in own.captures)
    return FormStep(with_names(own.form, "two_"), captures)


def with_names(form: Form, prefix: str) -> Form:
    """Return the request with `prefix` added to its fresh names."""
    return _replaced(form, "${fresh:", "${fresh:" + prefix)


def _replaced(form: Form, text: str, other: str) -> Form:
    """Return the request with a text replaced in its path and in the scalars of its body."""

    def changed(written: str) -> str:
        return written.replace(text, other)

    body = form.body
    if isinstance(body, JsonObject | Items):
        body = with_scalars(body, changed)
    before, slot, after = other.partition("${")
    in_path = f"{in_target(before)}{slot}{after}"
    return replace(form, path=tuple(each.replace(text, in_path) for each in form.path), body=body)
