"""Shrunk cases are minimal.

No step, member, parameter, header field or character can go without losing the cause.
"""

import asyncio
import json
from collections.abc import Callable

from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.json_nodes import parse
from conformance.fuzzing.operation import BodyShape, Operation
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.shrinking import fewer_steps, shrunk, simplifications
from conformance.model.capture import Capture


def _probe(*forms: Form, captures: tuple[Capture, ...] = ()) -> Probe:
    first, *others = forms
    steps = (FormStep(first, captures), *map(FormStep, others))
    return Probe(steps, tuple(form.method for form in forms), "value")


def _shrunk(probe: Probe, shows: Callable[[Probe], bool]) -> Probe:
    async def still_shows(smaller: Probe) -> bool:
        return shows(smaller)

    return asyncio.run(shrunk(probe, still_shows, {}))


def _post(body: str, **fields: str) -> Form:
    headers = tuple((name.replace("_", "-"), value) for name, value in fields.items())
    return Form(method="POST", path=("orders",), headers=headers, body=parse(body))


def test_members_header_fields_and_characters_go() -> None:
    probe = _probe(
        _post(
            '{"a":1,"b":{"c":[1,2,"long text !"]},"d":null}', content_type="application/json", x="y"
        )
    )
    smallest = _shrunk(probe, lambda each: b"!" in (each.steps[-1].form.raw_body or b""))
    assert smallest.steps[-1].form.raw_body == b'{"b":{"c":["!"]}}'
    assert smallest.steps[-1].form.headers == ()


def test_a_number_stays_where_its_size_counts() -> None:
    def is_large(probe: Probe) -> bool:
        body = json.loads(probe.steps[-1].form.raw_body or b"{}")
        return isinstance(body, dict) and body.get("n", 0) > 100

    smallest = _shrunk(_probe(_post('{"n":12345,"m":"x"}')), is_large)
    body = json.loads(smallest.steps[-1].form.raw_body or b"")
    assert set(body) == {"n"}
    assert 100 < body["n"] < 1000


def test_steps_go_but_for_those_that_others_need() -> None:
    capture = Capture(name="order_id", path=("id",))
    read = Form(method="GET", path=("orders", "${order_id}"))
    probe = _probe(_post("{}"), Form(method="GET", path=("",)), read, captures=(capture,))

    async def shows(smaller: Probe) -> bool:
        return smaller.steps[-1].form == read

    shortest = asyncio.run(fewer_steps(probe, shows))
    assert [step.form.method for step in shortest.steps] == ["POST", "GET"]


def test_an_example_of_the_document_is_halved_at_most() -> None:
    """Parts of a date say nothing; what was tried is made as short as it can be."""
    tried = parse('{"at":"2026-05-04T09:00:00Z","text":"long !"}')
    usual = parse('{"at":"2026-05-04T09:00:00Z"}')
    assert usual is not None
    operation = Operation(
        method="POST",
        path=("orders",),
        body=BodyShape(media_type="application/json", samples=(usual,)),
    )
    probe = Probe(
        (FormStep(Form(method="POST", path=("orders",), body=tried)),), (operation.id,), "value"
    )
    bodies = [
        json.loads(each.form.raw_body or b"null")
        for each in simplifications(probe, {operation.id: operation})
        if each.form.raw_body
    ]
    dates = {each["at"] for each in bodies if "at" in each}
    assert dates == {"2026-05-04T09:00:00Z", "", "a", "2026-05-04", "T09:00:00Z"}
    assert {"long ", "ong !"} <= {each["text"] for each in bodies if "text" in each}


def test_bytes_lose_whole_words_and_halves_of_them() -> None:
    """A text of thirty words would take hundreds of requests one character at a time."""
    body = b'{"name":"alpha","more":1,"list":[1,2,3],"text":"one two"},'
    probe = _probe(Form(method="POST", path=("orders",), body=body))
    asked: list[bytes] = []

    def shows(smaller: Probe) -> bool:
        sent = smaller.form.raw_body or b""
        asked.append(sent)
        return sent.startswith(b'{"name":') and sent.endswith(b"},")

    assert _shrunk(probe, shows).form.raw_body == b'{"name":},'
    assert len(asked) < 50

    long = _probe(Form(method="POST", path=("orders",), body=b"x" * 10_001))
    smallest = _shrunk(long, lambda each: len(each.form.raw_body or b"") > 1_000)
    assert len(smallest.form.raw_body or b"") < 2_002


def test_things_that_are_alike_lose_a_member_at_once() -> None:
    body = '{"a":"one two three","at":"2027-01-15T10:30:00Z","mail":"ann@example.com"}'
    probe = _probe(_post(body), _post(body), _post(body))
    asked: list[Probe] = []

    def shows(smaller: Probe) -> bool:
        asked.append(smaller)
        needed = [b"2027-01-15T10:30:00Z" in (each.form.raw_body or b"") for each in smaller.steps]
        return needed == [True] * 3

    assert [each.form.tree for each in _shrunk(probe, shows).steps] == [
        parse('{"at":"2027-01-15T10:30:00Z"}')
    ] * 3
    assert len(asked) < 30


def test_steps_after_the_one_that_shows_a_cause_are_left_out_at_once() -> None:
    """A sequence may end with dozens of reads."""
    steps = tuple(FormStep(Form(method="GET", path=(f"{at}",))) for at in range(20))
    probe = Probe(steps, tuple(map(str, range(20))), "sequence")
    sent: list[int] = []

    async def still_shows(smaller: Probe) -> bool:
        sent.append(len(smaller.steps))
        return steps[3] in smaller.steps

    assert asyncio.run(fewer_steps(probe, still_shows, 3)).steps == steps[3:4]
    assert sum(sent) < len(steps)
