"""Generate requests that may be valid: with examples, and with ids of resources others created."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from operator import itemgetter
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.fuzzing.creators import Creator, chosen_id, shape
from conformance.fuzzing.document_parts import as_list
from conformance.fuzzing.form import Form, FormStep, captured_names
from conformance.fuzzing.json_nodes import (
    member_name,
    paths,
    scalars,
    text_node,
    with_node,
)
from conformance.fuzzing.listed_values import other_choices
from conformance.fuzzing.operation import METHODS_WITH_BODY, Operation, is_open
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.renaming import at_another_time, renamed
from conformance.fuzzing.smaller_resources import Replacements, with_steps
from conformance.model.capture import Capture
from conformance.model.case import FRESH

_MOST_BEFORE: Final = 8
"""Most changes of a resource that are tried before a request that is refused without them."""
_NO_CREATOR: Final = Creator("", (), ())
_TAG: Final = Capture(name="read_tag", header="etag")


class Candidates(Struct):
    """Generate candidate requests from what is known so far.

    By the shape of a path: `creators` create its resources, `listed` are ids that a GET listed,
    `changes` are accepted requests that change a resource and keep it. `least` maps each creating
    step with all members to the step with only the needed members.
    """

    creators: dict[tuple[str, ...], Creator] = field(default_factory=dict)
    listed: dict[tuple[str, ...], str] = field(default_factory=dict)
    changes: dict[tuple[str, ...], Probe] = field(default_factory=dict)
    least: dict[FormStep, FormStep] = field(default_factory=dict)

    def note(self, operation: Operation, probe: Probe) -> None:
        """Record an accepted request that changes a resource, or that creates it by a PUT."""
        path = operation.path
        if operation.method in METHODS_WITH_BODY and not probe.form.link:
            self.changes.setdefault(shape(path), probe)
        placeholder = chosen_id(path)
        if operation.method == "PUT" and probe.form.path[-1:] == (f"${{{placeholder}}}",):
            creator = Creator(placeholder, probe.steps, probe.operations)
            self.creators.setdefault(shape(path[:-1]), creator)

    def requests_for(self, operation: Operation) -> Iterator[Probe]:
        """Yield candidate requests, those on resources that were created for them first."""
        yield from operation.written
        for form in operation.forms():
            yield from dict.fromkeys(self._with_ids(operation, form))
        for form in other_choices(operation.forms()[0], operation.body_schema):
            yield from self._with_ids(operation, form)
        yield from self._with_another(operation)
        yield from self._conditional(operation)
        yield from self._after_changes(operation)

    def _with_another(self, operation: Operation) -> Iterator[Probe]:
        """Yield requests of which one needed member holds the id of another such resource.

        That is the one to merge with, or to come after, whatever the name of the member.
        """
        needed = as_list(operation.body_schema.get("required"))
        probes = self._with_ids(operation, operation.forms()[0])
        for probe, creator in product(probes, self._addressed(operation)):
            usual = renamed(creator)
            twins = dict.fromkeys((usual, at_another_time(usual)))
            names = (*probe.operations[:-1], creator.operations[-1], operation.id)
            for form, twin in product(_with_twin(probe.form, needed, creator), twins):
                yield Probe((*probe.steps[:-1], twin, FormStep(form)), names, "base")

    def _addressed(self, operation: Operation) -> Iterator[Creator]:
        """Yield the creator of the last resource in the path, if its answer gives the id."""
        collections = [shape(operation.path[:at]) for at, _ in operation.open_segments]
        known = filter(None, map(self.creators.get, collections[-1:]))
        yield from filter(_captures_an_id, known)

    def with_least_members(self, operation: Operation) -> Iterator[tuple[Probe, Probe]]:
        """Yield each candidate on full resources, and the same on resources with least members."""
        for probe in self.requests_for(operation):
            smaller = with_steps(probe, self.least)
            if smaller != probe:
                yield probe, smaller

    def replace_steps(self, others: Replacements) -> None:
        """Replace creating steps in all creators; `others` maps each old step to its new one."""
        for path, creator in self.creators.items():
            steps = tuple(others.get(step, step) for step in creator.steps)
            self.creators[path] = replace(creator, steps=steps)
        for step, other in others.items():
            self.least[other] = self.least[step]

    def _conditional(self, operation: Operation) -> Iterator[Probe]:
        """Yield changes of a resource with `If-Match: *`, or with the ETag that was read before.

        Some services refuse a change without such a condition (RFC 6585, section 3).
        """
        if operation.safe or not operation.open_segments:
            return
        for form in operation.forms():
            for probe in dict.fromkeys(self._with_ids(operation, form)):
                yield probe.with_form(probe.form.with_header("if-match", "*"))
                read = Form(method="GET", path=probe.form.path)
                name = f"GET /{'/'.join(operation.path)}"
                own = FormStep(probe.form.with_header("if-match", "${read_tag}"))
                steps = (*probe.steps[:-1], FormStep(read, (_TAG,)), own)
                yield Probe(steps, (*probe.operations[:-1], name, operation.id), "base")

    def _after_changes(self, operation: Operation) -> Iterator[Probe]:
        """Yield requests after another change of the same resource, changes of the same path first.

        Example: a part of a resource must be stored before it is read, an order paid before it is
        sent.
        """
        own = shape(operation.path)
        end = 1 + max(map(itemgetter(0), operation.open_segments), default=-1)
        about = [path for path in self.changes if path[:end] == own[:end] != ()]
        about.sort(key=lambda path: path != own)
        for path, form in product(about[:_MOST_BEFORE], operation.forms()):
            change = self.changes[path]
            target = (*change.form.path[:end], *form.path[end:])
            referring, more = self._with_references(replace(form, path=target))
            steps, names = _together([*more, Creator("", change.steps, change.operations)])
            yield Probe((*steps, FormStep(referring)), (*names, operation.id), "base")

    def _with_ids(self, operation: Operation, form: Form) -> Iterator[Probe]:
        addressed = form
        creator = _NO_CREATOR
        for at, _ in operation.open_segments:
            collection = shape(operation.path[:at])
            if collection in self.creators:
                creator = self.creators[collection]
                addressed = addressed.with_segment(at, creator.reference)
            elif collection in self.listed:
                addressed = addressed.with_segment(at, self.listed[collection])
        chosen = self._with_chosen_id(operation, addressed)
        if chosen is not None:
            steps, names = creator.steps, creator.operations
            yield Probe((*steps, FormStep(chosen)), (*names, operation.id), "base")
        referring, more = self._with_references(addressed)
        if more:
            steps, names = _together([creator, *more])
            yield Probe((*steps, FormStep(referring)), (*names, operation.id), "base")
        steps, names = creator.steps, creator.operations
        yield Probe((*steps, FormStep(addressed)), (*names, operation.id), "base")
        if creator.placeholder.startswith(FRESH):  # it may find an existing resource, too
            yield Probe((FormStep(form),), (operation.id,), "base")

    def _with_chosen_id(self, operation: Operation, form: Form) -> Form | None:
        """Return a PUT with a fresh name as the id in its path.

        None if it is no such PUT, or a creator or a list gives ids for its collection.
        """
        collection = shape(operation.path[:-1])
        if operation.method != "PUT" or not is_open(operation.path[-1]):
            return None
        gives_out_ids = self.creators.keys() | self.listed.keys()
        if collection in gives_out_ids:
            return None
        return form.with_segment(len(operation.path) - 1, f"${{{chosen_id(operation.path)}}}")

    def referring(self, probe: Probe) -> Probe:
        """Return the request with ids of created resources where its members name such resources.

        The steps that create these come before it, unless it has them already.
        """
        *before, own = probe.operations
        form, creators = self._with_references(probe.form, own)
        known = captured_names(probe.steps)
        missing = [each for each in creators if each.placeholder not in known]
        steps, names = _together([Creator("", probe.steps[:-1], tuple(before)), *missing])
        step = replace(probe.steps[-1], form=form)
        return replace(probe, steps=(*steps, step), operations=(*names, own))

    def _with_references(self, form: Form, own: str = "") -> tuple[Form, list[Creator]]:
        """Return a request that refers to created resources, and the creators of these.

        A member or query parameter with the name of a resource, such as `customer_id` or
        `customer`, gets the id of a created one. `own` is the operation of the request, which
        cannot refer to what it creates itself.
        """
        creators = self._by_member(own)
        used: dict[str, Creator] = {}
        referring = form
        if form.tree is not None:
            body = form.tree
            for path, node in paths(form.tree):
                creator = creators.get(_plain(member_name(body, path)))
                if creator is not None and isinstance(node, str):
                    used[creator.placeholder] = creator
                    body = with_node(body, path, f'"{creator.reference}"')
            referring = replace(form, body=body)
        for at, (name, _) in enumerate(form.query):
            creator = creators.get(_plain(name))
            if creator is not None:
                used[creator.placeholder] = creator
                referring = referring.with_pair(at, (name, creator.reference))
        return referring, list(used.values())

    def _by_member(self, own: str) -> dict[str, Creator]:
        """Return the creators by the normalized names of members that may hold their ids.

        What the operation `own` creates is left out.
        """
        found: dict[str, Creator] = {}
        for creator in self.creators.values():
            if creator.operations[-1] == own:
                continue
            name = _plain(creator.placeholder.removeprefix(FRESH))
            found[name] = creator
            found.setdefault(name.removesuffix("id"), creator)
        return found


def _together(creators: Iterable[Creator]) -> tuple[tuple[FormStep, ...], tuple[str, ...]]:
    """Return the steps of several creators and their operation ids, each step once."""
    steps: dict[FormStep, str] = {}
    for creator in creators:
        for step, name in zip(creator.steps, creator.operations, strict=True):
            steps.setdefault(step, name)
    return tuple(steps), tuple(steps.values())


def _captures_an_id(creator: Creator) -> bool:
    return bool(creator.steps[-1].captures)


def _with_twin(form: Form, needed: Sequence[object], creator: Creator) -> Iterator[Form]:
    """Yield a request with the id of another resource in each needed member without an id."""
    body = form.tree or "null"
    reference = text_node(f"${{{creator.placeholder}_two}}")
    for path, node in scalars(body):
        is_needed = len(path) == 1 and member_name(body, path) in needed
        if is_needed and "${" not in node:
            yield form.with_body(with_node(body, path, reference))


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
