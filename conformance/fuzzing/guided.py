"""The random stage: change probes at random and keep those whose outcome is new.

Hypothesis chooses the changes. All probes of a round are generated before the first is sent, so
that one seed generates the same probes whenever the earlier answers were the same.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, seed, settings, strategies
from msgspec.structs import replace

from conformance.fuzzing import dictionary as words
from conformance.fuzzing.form import Form, captured_names, created_ids, in_target, needed_ids
from conformance.fuzzing.json_nodes import (
    Items,
    JsonObject,
    Node,
    paths,
    text_node,
    with_member,
    with_node,
    without,
)
from conformance.fuzzing.message_dictionary import HEADERS
from conformance.fuzzing.moves import Move
from conformance.fuzzing.probe import Probe

ROUND: Final = 300
"""Probes in a round: some hundreds are generated in a second."""
# Each step is a request to every runtime, and shrinking has to undo each change
_MOST_STEPS: Final = 8
_MOST_CHANGES: Final = 3

Draw = Callable[[Any], Any]

# Not `strategies.text`: its table of all characters takes 200 MiB of memory and a cache folder
_CHARACTERS: Final = strategies.one_of(
    strategies.integers(0x20, 0x7E),
    strategies.integers(0, 0xD7FF),
    strategies.integers(0xE000, 0x10FFFF),
).map(chr)


def _texts(most: int) -> strategies.SearchStrategy[str]:
    return strategies.lists(_CHARACTERS, max_size=most).map("".join)


_SCALARS: Final = strategies.one_of(
    strategies.sampled_from([entry.text for entry in (*words.NUMBERS, *words.ANY_TYPE)]),
    strategies.sampled_from(
        [entry.text for entry in (*words.TEXTS, *words.DATES, *words.TIMES, *words.FORMATS)]
    ),
    strategies.integers(-(1 << 65), 1 << 65).map(str),
    strategies.integers(-20, 1100).map(str),
    strategies.floats(allow_nan=False, allow_infinity=False).map(repr),
    _texts(30).map(text_node),
    strategies.text(alphabet="aA \u00e9\u0301\u200b😀'\"\\<&%+/", max_size=12).map(text_node),
)


def round_of(corpus: Sequence[Probe], moves: Sequence[Move], number: int) -> list[Probe]:
    """Return the probes of a round: probes of the corpus, changed at random.

    `moves` are steps that may be added, and `number` is the seed of the round.
    """
    probes: list[Probe] = []

    @seed(number)
    @settings(
        max_examples=ROUND,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategies.data())
    def make(data: strategies.DataObject) -> None:
        probes.append(_changed(data.draw, corpus, moves))

    make()
    known = {probe.steps for probe in corpus}
    return [probe for probe in dict.fromkeys(probes) if probe.steps not in known]


def _changed(draw: Draw, corpus: Sequence[Probe], moves: Sequence[Move]) -> Probe:
    probe: Probe = draw(strategies.sampled_from(corpus))
    for _ in range(draw(strategies.integers(1, _MOST_CHANGES))):
        # Among the last three steps: earlier steps only set up the later ones
        last = len(probe.steps) - 1
        at = last - draw(strategies.integers(0, min(2, last)))
        if moves and draw(strategies.integers(0, 3)) == 0:
            probe = _with_move(draw, probe, moves)
        else:
            probe = probe.with_step(at, _changed_form(draw, probe.steps[at].form))
    target = probe.operations[-1]
    return replace(probe, stage="random", locus=f"{target} @ random", entry="")


def _with_move(draw: Draw, probe: Probe, moves: Sequence[Move]) -> Probe:
    """Return a probe with one more step, chosen from the moves whose ids it creates."""
    known = created_ids(probe.steps)
    usable = [move for move in moves if needed_ids([move.step]) <= known]
    if not usable or len(probe.steps) >= _MOST_STEPS:
        return probe
    move: Move = draw(strategies.sampled_from(usable))
    captured = captured_names(probe.steps)
    unknown = tuple(each for each in move.step.captures if each.name not in captured)
    step = replace(move.step, captures=unknown)
    return replace(
        probe, steps=(*probe.steps, step), operations=(*probe.operations, move.operation)
    )


def _changed_form(draw: Draw, form: Form) -> Form:
    changes = [_changed_query, _changed_header]
    if isinstance(form.body, JsonObject | Items):
        changes += [_changed_body] * 5
    change: Callable[[Draw, Form], Form] = draw(strategies.sampled_from(changes))
    return change(draw, form)


def _changed_query(draw: Draw, form: Form) -> Form:
    if not form.query:
        return form
    at = draw(strategies.integers(0, len(form.query) - 1))
    name, _ = form.query[at]
    text = draw(strategies.one_of(strategies.integers(-20, 1100).map(str), _texts(12)))
    pair = (name, in_target(text))
    if draw(strategies.booleans()):
        return replace(form, query=(*form.query, pair))
    return form.with_pair(at, pair)


def _changed_header(draw: Draw, form: Form) -> Form:
    _, name, value = draw(strategies.sampled_from(HEADERS))
    return form.with_header(name, value)


def _changed_body(draw: Draw, form: Form) -> Form:
    assert isinstance(form.body, JsonObject | Items)  # noqa: S101 - its caller has seen it
    every = list(paths(form.body))
    path, node = draw(strategies.sampled_from(every))
    kind = draw(
        strategies.sampled_from(["scalar", "scalar", "scalar", "absent", "member", "twice"])
    )
    body: Node = form.body
    if kind == "absent" and path:
        body = without(body, path)
    elif kind == "member" and isinstance(node, JsonObject):
        name = draw(strategies.sampled_from([words.UNKNOWN, *node.names]))
        body = with_node(body, path, with_member(node, name, draw(_SCALARS)))
    elif kind == "twice" and isinstance(node, Items):
        body = with_node(body, path, Items((*node.nodes, *node.nodes[:1])))
    elif path:
        body = with_node(body, path, draw(_SCALARS))
    return replace(form, body=body)
