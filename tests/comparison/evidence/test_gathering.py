"""What is gathered of the runtimes of a run where they differ from nobody.

It is bounded, and the same in parts as whole.
"""

import itertools

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.comparison.evidence.gathering import joined
from conformance.comparison.evidence.runtime_tally import MAX_ENTRIES
from conformance.model.evidence import FixEvidence, ObjectMembers, RuntimeEvidence
from conformance.model.observation import Answer
from tests.comparison.differences import answer
from tests.comparison.evidence.judged import Asked, asked, evidence_of, results

ALL = ("a", "b", "c")


def gathered(*cases: Asked) -> FixEvidence:
    """Return the evidence of cases of three runtimes."""
    return evidence_of(results(cases, 3))


def of_a(*cases: Asked) -> RuntimeEvidence:
    """Return the evidence of the first runtime, where it is all in one piece."""
    (evidence,) = gathered(*cases).of("a")
    return evidence


def test_all_that_is_gathered() -> None:
    """Runtimes that answer alike share what is gathered.

    It covers empty values, layouts, statuses of routes, and forms of errors.
    """
    body = '{"none":null,"list":[],"text":"","no":false,"sum":0.0,"map":{},"deep":[{"a":1},{"b":null}],"one":1}'
    (evidence,) = gathered(
        asked("GET /orders/17?page=2", body),
        asked("GET /orders/18", answer('{"code":1,"message":"x"}', 404)),
    ).by_runtimes
    assert evidence == RuntimeEvidence(
        runtimes=ALL,
        empty_values={
            "empty list": frozenset({"list"}), "empty object": frozenset({"map"}),
                "empty text": frozenset({"text"}),
            "false": frozenset({"no"}), "null": frozenset({"none", "b"}),
                "zero": frozenset({"sum"}),
        },
        layouts={
            "GET /orders/{} 200 $": (ObjectMembers(("deep", "list", "map", "no", "none", "one", "sum",
                "text")),),
            "GET /orders/{} 200 $.deep[*]": (ObjectMembers(("a",)), ObjectMembers(("b",))),
            "GET /orders/{} 404 $": (ObjectMembers(("code", "message")),),
        },
        answered={"GET /orders/{}": frozenset({200, 404})},
        agreed={"GET /orders/{}": frozenset({200, 404})},
        errors=frozenset({"JSON: code, message"}),
        agreed_errors=frozenset({"JSON: code, message"}),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("error", "form"),
    [
        (
            answer('{"type":"t","title":"x"}', 400, media="application/problem+json"),
            "problem+json: title, type",
        ),
        (answer('{"code":1,"message":"x"}', 400), "JSON: code, message"),
        (answer("[1]", 400), "JSON"),
        (answer("<p>x</p>", 400, media="text/html"), "HTML"),
        (answer("<Error/>", 400, media="application/xml"), "XML"),
        (answer("oops", 400, media="text/plain"), "text"),
        (answer("{oops", 400), "text"),
        (answer("", 400), "empty"),
    ],
)
def test_the_form_of_an_error(error: Answer, form: str) -> None:
    """An error has one form."""
    assert of_a(asked("GET /a", error)).errors == {form}


def test_what_differs_is_no_evidence() -> None:
    """A finding's places are left out for the runtimes in it.

    This holds whether the finding names a member, a length or a status.
    """
    member = gathered(asked("GET /a", '{"x":null,"y":null}', '{"y":null}', '{"x":null,"y":null}'))
    assert {name for each in member.by_runtimes for name in each.empty_values["null"]} == {"y"}
    assert member.of("b")[0].layouts == {"GET /a 200 $": (ObjectMembers(("y",), ("x",)),)}
    inside = gathered(asked("GET /a", '{"x":{"n":null}}', "{}", "{}"))
    assert [each.empty_values for each in inside.by_runtimes] == [{}, {}]
    length = gathered(asked("GET /a", '{"x":[{"n":null}]}', '{"x":[]}', '{"x":[]}'))
    assert [each.empty_values for each in length.by_runtimes] == [{"null": {"n"}}, {}]
    status = gathered(asked("GET /a", answer('{"n":null}', 404), answer("{}"), answer("{}")))
    (refusing,) = status.of("a")
    assert (refusing.empty_values, refusing.layouts, refusing.agreed) == ({}, {}, {})
    assert (refusing.answered, refusing.errors) == (
        {"GET /a": frozenset({404})},
        frozenset({"JSON: n"}),
    )
    assert refusing.agreed_errors == frozenset()


def test_another_runtime_does_not_matter() -> None:
    """A finding between two others leaves what the third one sends as it is."""
    evidence = gathered(
        asked("GET /a", '{"x":[null]}', answer('{"x":1}', 500), answer('{"x":1}', 404))
    )
    assert {each.runtimes for each in evidence.by_runtimes} == {("a",), ("b",), ("c",)}
    same = gathered(asked("GET /a", '{"x":null}', answer("", 204), '{"x":null}'))
    assert {each.runtimes for each in same.by_runtimes} == {("a", "c"), ("b",)}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[",
        "{" * 4_000,
        "[" * 200_000,
        '{"a":NaN}',
        '{"a":"\\ud800"}',
        b"\xff\xfe",
        '{"a":1e999999}',
        "null",
        "7",
    ],
)
def test_what_is_no_object_or_list_is_passed_over(body: str | bytes) -> None:
    """Bodies that cannot be read say nothing, and stop nothing."""
    assert gathered(asked("GET /a", answer(body))).by_runtimes[0].empty_values == {}


def test_maps_have_no_layout() -> None:
    """Objects with very many members count as maps.

    That two of them have other names says nothing of a type.
    """
    many = [{f"{letter}{number}": 1 for number in range(60)} for letter in "xy"]
    assert of_a(asked("GET /a", msgspec.json.encode(many).decode())).layouts == {}


def test_memory_is_bounded() -> None:
    """Past a bound nothing is kept, and the evidence is not complete."""
    body = msgspec.json.encode([{f"m{number}": None} for number in range(MAX_ENTRIES + 1)]).decode()
    assert gathered(asked("GET /a", body)) == FixEvidence(complete=False)
    assert gathered(*(asked(f"GET /x{'y' * number}", "{}") for number in range(9))).complete
    half = gathered(
        asked("GET /a", msgspec.json.encode([{f"m{n}": None} for n in range(3_000)]).decode())
    )
    other = gathered(
        asked("GET /a", msgspec.json.encode([{f"n{n}": None} for n in range(3_000)]).decode())
    )
    assert (half.complete, joined([half, other])) == (True, FixEvidence(complete=False))


BODIES = st.sampled_from(
    ['{"x":null}', "{}", '{"x":1,"y":[]}', '[{"a":0},{"b":null}]', '{"x":{"n":""}}', "[]"]
)
ANSWERS = st.builds(answer, BODIES, st.sampled_from([200, 201, 400, 404]))
CASES = st.lists(
    st.builds(
        lambda request, answers: asked(request, *answers),
        st.sampled_from(["GET /a", "POST /a", "GET /b/1", "GET /b/2"]),
        st.lists(ANSWERS, min_size=3, max_size=3),
    ),
    max_size=6,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CASES, st.integers(min_value=0, max_value=6))
def test_parts_add_up_to_the_whole(cases: list[Asked], cut: int) -> None:
    """The evidence of shards is that of one run; the order of cases does not matter.

    A record gives it back.
    """
    judged = results(cases, 3)
    whole = evidence_of(judged)
    assert joined([evidence_of(judged[:cut]), evidence_of(judged[cut:])]) == whole
    assert evidence_of(judged[::-1]) == whole
    written = msgspec.json.encode(msgspec.to_builtins(whole, order="sorted"))
    assert msgspec.json.decode(written, type=FixEvidence) == whole


def test_a_part_without_evidence_leaves_none() -> None:
    """One shard that did not finish, and nothing is known of the whole."""
    one = gathered(asked("GET /a", "{}"))
    assert all(joined(list(parts)) is None for parts in itertools.permutations([one, None, one]))
    assert joined([one]) == one
