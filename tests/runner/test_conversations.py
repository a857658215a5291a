"""What each runtime is sent once names are filled in, and what happens to a case if that fails."""

import json
from pathlib import Path

import pytest

from conformance.errors import BadFileError
from conformance.model.decision import Decision
from conformance.model.observation import Answer, NotAsked
from conformance.model.signature import Signature
from conformance.model.verdict import Verdict
from conformance.records.read import read_record
from conformance.runner.recording import rows_of
from tests.comparison.live_runs import replay
from tests.miniatures.registries import ForgetsId, Registry, SplitsHeaders, serial, spelled
from tests.miniatures.server import Received, Reply, json_reply, serve
from tests.runner.conversing import HEAD, talk
from tests.runner.starting import attached, observed
from tests.suites.reading import cases_in
from tests.verdicts.ledger_rows import done, ledger, row


@pytest.mark.parametrize(
    ("made", "target", "body"),
    [
        pytest.param("a b/c?d=é", "a%20b%2Fc%3Fd%3D%C3%A9", '"a b/c?d=é"', id="reserved"),
        pytest.param("..", "%2E%2E", '".."', id="dots"),
        pytest.param("%2F", "%252F", '"%2F"', id="percent"),
        pytest.param('"\\\n', "%22%5C%0A", r'"\"\\\n"', id="quotes"),
        pytest.param(7, "7", "7", id="number"),
        pytest.param(
            12345678901234567890, "12345678901234567890", "12345678901234567890", id="past-64-bits"
        ),
        pytest.param(1.5, "1.5", "1.5", id="fraction"),
        pytest.param(None, "null", "null", id="null"),
        pytest.param(
            [1, {"a": True}], "%5B1%2C%7B%22a%22%3Atrue%7D%5D", '[1,{"a":true}]', id="list"
        ),
    ],
)
def test_where_a_value_is_written(tmp_path: Path, made: object, target: str, body: str) -> None:
    """A value is percent-encoded in a target, and is text within a string.

    Alone in a string it keeps its JSON kind.
    """
    registry = Registry(lambda _: made)  # type: ignore[arg-type, return-value]
    steps = """\
    steps:
      - {request: {POST: /workers, json: {name: Ann}}, capture: {id: $.id}}
      - request:
          PUT: "/echo/${id}?of=${id}&is=$${id}"
          json: {"${id}": "${id}", text: "<${id}>", literal: "$${id}"}
"""
    talk(tmp_path, registry, steps)
    sent = registry.received[1]
    assert sent.target == f"/echo/{target}?of={target}&is=${{id}}"
    text = made if isinstance(made, str) else body
    named, rest = json.dumps(text, ensure_ascii=False), json.dumps(f"<{text}>", ensure_ascii=False)
    assert sent.body.decode() == f'{{{named}:{body},"text":{rest},"literal":"${{id}}"}}'


def test_forms_headers_and_raw_text(tmp_path: Path) -> None:
    """A value is form-encoded in a form, and stands as it is in headers, raw bodies and parts."""
    registry = Registry(lambda _: "a b&c=d+e")
    talk(
        tmp_path,
        registry,
        """\
    steps:
      - request: {POST: /workers, json: {name: Ann}}
        capture: {id: {path: $.id, identity: worker}, tag: {header: ETAG}}
      - {request: {POST: /echo, form: {"${id}": ["<${id}>", x y]}, headers: {if-match: "${tag}", X-Id: [a, "${id}"]}}}
      - {request: {POST: /echo, raw: "<${id}>"}}
      - {request: {POST: /echo, multipart: [{name: f, value: "${id}"}]}}
""",
    )
    form, raw, multipart = registry.received[1:]
    assert form.body == b"a+b%26c%3Dd%2Be=%3Ca+b%26c%3Dd%2Be%3E&a+b%26c%3Dd%2Be=x+y"
    assert (form.headers["if-match"], form.headers["x-id"]) == ('"a b&c=d+e"', "a b&c=d+e")
    assert raw.body == b"<a b&c=d+e>"
    assert b"\r\n\r\na b&c=d+e\r\n--" in multipart.body


def test_captures_are_each_runtimes_own(tmp_path: Path) -> None:
    """No runtime is sent what another one said."""
    steps = """\
    steps:
      - {request: {POST: /workers, json: {name: Ann}}, capture: {id: {path: $.id, identity: worker}}}
      - {request: {GET: "/workers/${id}"}}
"""
    left, right = Registry(spelled("left")), Registry(spelled("right"))
    report = replay(tmp_path, {"a": left, "b": right}, *cases_in(tmp_path, HEAD + steps))
    assert [each.received[1].target for each in (left, right)] == [
        "/workers/left-00000001",
        "/workers/right-00000001",
    ]
    assert report.counts[Verdict.PASSED] == 1


MISSING = [
    pytest.param("$.nr", "a value at $.nr for 'id', got nothing at $.nr", id="no-member"),
    pytest.param("$.id.x", "a value at $.id.x for 'id', got nothing at $.id.x", id="no-object"),
    pytest.param("'$.id[0]'", "a value at $.id[0] for 'id', got nothing at $.id[0]", id="no-list"),
    pytest.param(
        "{header: x-id}", "a value at header x-id for 'id', got no such field", id="no-header"
    ),
]


@pytest.mark.parametrize(("capture", "reason"), MISSING)
def test_a_capture_that_finds_nothing(tmp_path: Path, capture: str, reason: str) -> None:
    """A capture that finds nothing ends the runtime's part of the case, by name.

    Its later steps are not asked, and the case is not passed.
    """
    steps = f"""\
    steps:
      - {{request: {{POST: /workers, json: {{name: Ann}}}}, capture: {{id: {capture}}}}}
      - {{request: {{GET: "/workers/${{id}}"}}}}
      - {{request: {{GET: /workers}}}}
"""
    services = {"a": Registry(serial(0)), "b": Registry(serial(0))}
    report = replay(tmp_path, services, *cases_in(tmp_path, HEAD + steps))
    assert (report.cases[0].verdict, report.cases[0].reason) == (
        Verdict.FAILED,
        f"a, b: wanted {reason}",
    )
    assert len(services["a"].received) == 1


@pytest.mark.parametrize(
    ("body", "got"),
    [
        pytest.param(b"{", "a text body: Expecting property name", id="torn"),
        pytest.param(b"", "no body", id="empty"),
        pytest.param(
            b'{"id": "' + b"x" * (64 << 10) + b'"}', "a value of more than 65536 bytes", id="large"
        ),
        pytest.param(b'{"id": NaN}', "NaN, which JSON does not have", id="nan"),
    ],
)
def test_a_body_that_gives_nothing(tmp_path: Path, body: bytes, got: str) -> None:
    """A body that cannot be read, or a value too large to send on, is a dead end and no crash."""
    steps = "    steps: [{request: {GET: /}, capture: {id: $.id}}, {request: {GET: '/${id}'}}]\n"
    with serve(lambda _: Reply(body=body)) as url:
        _, [[cell]] = observed([attached("a", url)], cases_in(tmp_path, HEAD + steps), tmp_path)
    assert cell.dead_end is not None
    assert cell.dead_end.got.startswith(got)
    assert cell.observations[1] == NotAsked(
        reason=f"step 1 wanted a value at $.id, got {cell.dead_end.got}"
    )


def test_only_one_runtime_comes_to_a_dead_end(tmp_path: Path) -> None:
    """The others go on, and the difference that was the cause is reported with it."""
    steps = """\
    steps:
      - {request: {POST: /workers, json: {name: Ann}}, capture: {id: {path: $.id, identity: worker}}}
      - {request: {GET: "/workers/${id}"}}
"""
    report = replay(
        tmp_path,
        {"a": Registry(serial(0)), "b": ForgetsId(serial(0))},
        *cases_in(tmp_path, HEAD + steps),
    )
    assert "member@$.id (absent | present)" in {
        str(each) for group in report.groups for each in group.signatures
    }
    assert report.cases[0].reason == "b: wanted a value at $.id for 'id', got nothing at $.id"


@pytest.mark.parametrize(
    ("decided", "verdict"),
    [
        pytest.param(row(where=("workers/*",), signature=Signature("member", "step 1: $.id",
            "absent", "present")),
                     Verdict.KNOWN, id="open"),
        pytest.param(done(where=("workers/*",), signature=Signature("member", "step 1: $.id",
            "absent", "present")),
                     Verdict.FAILED, id="done"),
        pytest.param(row(where=("workers/*",), signature=Signature("member", "step 1: $.other",
            "absent", "present")),
                     Verdict.FAILED, id="another"),
    ],
)  # fmt: skip
def test_a_dead_end_behind_a_decided_difference(
    tmp_path: Path, decided: Decision, verdict: Verdict
) -> None:
    """Where the missing value is an already decided difference, so is the dead end behind it."""
    steps = """\
    steps:
      - {request: {POST: /workers, json: {name: Ann}}, capture: {id: {path: $.id, identity: worker}}}
      - {request: {GET: "/workers/${id}"}}
"""

    def forgets(request: Received) -> Reply:
        return json_reply({"name": request.json()["name"]}, 201, location="/workers/1", etag='"1"')

    cases = cases_in(tmp_path, HEAD + steps)
    report = replay(
        tmp_path,
        {"a": Registry(serial(0)), "b": forgets},
        *cases,
        ledger=ledger(decided),
        baseline="a",
    )
    assert report.cases[0].verdict is verdict


def test_a_value_that_would_break_out_of_a_header(tmp_path: Path) -> None:
    """What a runtime says cannot add header fields to what it is sent."""
    registry = SplitsHeaders(serial(0))
    cell = talk(
        tmp_path,
        registry,
        """\
    steps:
      - {request: {POST: /workers, json: {name: Ann}}, capture: {id: $.id}}
      - {request: {GET: /workers, headers: {x-id: "${id}"}}}
""",
    )
    assert len(registry.received) == 1
    assert isinstance(cell.observations[1], NotAsked)
    assert cell.dead_end is not None
    assert cell.dead_end.wanted == "a value that can stand in a header"


SECRET = "p@ss/wörd-1234"  # noqa: S105 - made up
ECHOING = """\
suite: workers/secret
env: [TOKEN]
compare: value
cases:
  - name: x
    steps:
      - {request: {POST: /echo, raw: "<${env:TOKEN}>", headers: {x-token: "${env:TOKEN}"}}, capture: {it: $.token}}
      - {request: {GET: "/echo/${env:TOKEN}?x=${it}", headers: {x-token: "${it}"}}}
"""


def test_secrets_reach_the_runtime_and_nothing_else(tmp_path: Path) -> None:
    """A declared variable is sent, by way of a capture too.

    The cell and its recording hold only its name.
    """
    registry = Registry(serial(0))
    cases = cases_in(tmp_path, ECHOING)
    with serve(registry) as url:
        _, [[cell]] = observed([attached("a", url)], cases, tmp_path, {"TOKEN": SECRET})
    assert registry.received[0].body == f"<{SECRET}>".encode()
    assert registry.received[1].headers["x-token"].encode("latin-1").decode("latin-1") == SECRET
    assert registry.received[1].target == "/echo/p%40ss%2Fw%C3%B6rd-1234?x=p%40ss%2Fw%C3%B6rd-1234"
    assert isinstance(seen := cell.observations[0], Answer)
    assert json.loads(seen.body) == {"body": "<[secret:TOKEN]>", "token": "[secret:TOKEN]"}
    assert cell.sent[0] is not None
    assert cell.sent[0].body == b"<${env:TOKEN}>"
    assert "rd-1234" not in repr(cell)
    assert "rd-1234" not in repr(list(rows_of(cases[0], cell)))


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        pytest.param({}, "suite.yaml:2:7: the variable TOKEN is not set", id="unset"),
        pytest.param(
            {"TOKEN": "short"},
            "suite.yaml:2:7: the variable TOKEN has fewer than 6 characters",
            id="short",
        ),
    ],
)
def test_variables_that_cannot_be_used(
    tmp_path: Path, environment: dict[str, str], problem: str
) -> None:
    """Nothing is sent while a declared variable is missing, or too short to be redacted."""
    registry = Registry(serial(0))
    with serve(registry) as url, pytest.raises(BadFileError) as caught:
        observed([attached("a", url)], cases_in(tmp_path, ECHOING), tmp_path, environment)
    assert str(caught.value).startswith(problem)
    assert registry.received == []


def test_the_record_holds_what_each_runtime_was_sent(tmp_path: Path) -> None:
    """A saved run tells the filled-in request of each runtime, and reads back as it was."""
    steps = """\
    steps:
      - {request: {POST: /workers, json: {name: Ann}}, capture: {id: {path: $.id, identity: worker}}}
      - {request: {GET: "/workers/${id}"}}
"""
    replay(
        tmp_path,
        {"a": Registry(serial(0)), "b": Registry(serial(5))},
        *cases_in(tmp_path, HEAD + steps),
    )
    _, result, _ = read_record(tmp_path)
    sent = [[request and request.target for request in cell.sent] for cell in result.cells]  # type: ignore[union-attr]
    assert sent == [[None, "/workers/1"], [None, "/workers/6"]]
