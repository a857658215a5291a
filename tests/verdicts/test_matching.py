"""When a row is about a finding, and what rows decide together."""

from typing import Any

import pytest
from msgspec.structs import replace

from conformance.model.decision import Decision, DecisionState
from conformance.model.signature import Signature
from conformance.model.verdict import RowState, Verdict
from conformance.verdicts.judgement import judge
from conformance.verdicts.matching import left_code
from tests.verdicts.ledger_rows import (
    SIGNATURE,
    UNSUPPORTED,
    about,
    cell,
    deciding,
    each_differs,
    finding,
    ledger,
    of_sides,
    result,
    row,
    verdict,
)

TURNED = Signature("member", "$.ship_to", "present", "absent")
BOTH = frozenset({"a", "b"})
KNOWN = frozenset({"shop/order", "shop/refund", "bank/order"})

# Rule 1: a signature is unordered, its facts stay with their sides.


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({}, id="as-written"),
        pytest.param(
            {"signature": TURNED, "odd": ("a",), "rest": ("b",)}, id="sides-and-facts-exchanged"
        ),
        pytest.param({"detail": "other", "sent": ((("a", "1"), ("b", "2")),)}, id="values"),
    ],
)
def test_a_row_is_about_a_finding_either_way_round(changed: dict[str, Any]) -> None:
    """Which side is called odd does not matter, nor do values where the facts say all."""
    assert about(row(), finding(**changed))


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"signature": TURNED}, id="facts-exchanged"),
        pytest.param({"odd": ("a",), "rest": ("b",)}, id="sides-exchanged"),
        pytest.param({"signature": Signature("type", "$.ship_to", "absent", "present")}, id="name"),
        pytest.param({"signature": Signature("member", "$.ship", "absent", "present")}, id="path"),
        pytest.param({"signature": Signature("member", "$.ship_to", "null", "present")}, id="fact"),
    ],
)
def test_another_signature_or_side_is_another_difference(changed: dict[str, Any]) -> None:
    """A row does not cover its reverse difference, nor one of another name, place or fact."""
    assert not about(row(), finding(**changed))


def test_equal_facts_match_either_way_round() -> None:
    """Where both facts are the same, as for values, only the split counts."""
    by_value = Signature("value", "$.x", "differs", "differs")
    held = row(signature=by_value)
    assert about(held, finding(signature=by_value, odd=("a",), rest=("b",)))
    assert not about(held, finding(signature=by_value, odd=("c",), rest=("b",)))


@pytest.mark.parametrize(
    ("place", "written", "concerned"),
    [
        pytest.param("header location", "header location", True, id="header"),
        pytest.param("header location", "location", False, id="header-without-its-word"),
        pytest.param("note bom", "note bom", True, id="note"),
        pytest.param("kind", "kind", True, id="kind"),
        pytest.param("kind", "$", False, id="root-for-the-kind"),
        pytest.param("$", "kind", False, id="kind-for-the-root"),
        pytest.param("header location", "header content-location", False, id="another-header"),
        pytest.param("$.a[*].b", "$.a[*].b", True, id="elements"),
        pytest.param("$.a[*].b", "$.*[*].b", True, id="any-name"),
        pytest.param("$.a.c.b", "$.a.*.b", True, id="any-name-between"),
        pytest.param("$.a.c.d.b", "$.a.*.b", False, id="two-names-between"),
        pytest.param("$.a.c[*].b", "$.a.**", True, id="anything-below"),
        pytest.param("$.a", "$.a.**", True, id="itself"),
        pytest.param("$.b.a", "$.a.**", False, id="beside-it"),
        pytest.param("$.x.a[*].b", "$.**.b", True, id="a-name-at-any-depth"),
        pytest.param("status", "$.**", False, id="no-part-of-the-body"),
    ],
)
def test_the_places_that_a_row_may_write(place: str, written: str, concerned: bool) -> None:
    """A place is written as it is printed; in a body it may hold wildcards."""
    held = row(signature=Signature("body-kind", written, "JSON", "text"))
    assert (
        about(held, finding(signature=Signature("body-kind", place, "JSON", "text"))) == concerned
    )


@pytest.mark.parametrize(
    ("step", "steps", "written", "concerned"),
    [
        pytest.param(0, 1, "$.x", True, id="one-step"),
        pytest.param(1, 2, "step 2: $.x", True, id="the-second-of-two"),
        pytest.param(0, 2, "step 2: $.x", False, id="the-first-of-two"),
        pytest.param(1, 2, "$.x", False, id="no-step-in-a-case-of-two"),
        pytest.param(0, 1, "step 1: $.x", False, id="a-step-in-a-case-of-one"),
        pytest.param(1, 3, "step 2: $.**", True, id="anything-in-a-step"),
    ],
)
def test_a_place_has_its_step(step: int, steps: int, written: str, concerned: bool) -> None:
    """In a case of several steps a row says in which of them."""
    by_type = Signature("type", "$.x", "string", "number")
    held = row(signature=replace(by_type, path=written))
    assert about(held, finding(signature=by_type, step=step), steps=steps) == concerned


def test_a_place_as_either_side_spells_it() -> None:
    """A row may name a place as any of its runtimes does, one that has nothing there none."""
    plain = finding()
    a, b = plain.sides
    named = replace(a, places=("$.ship_to",)), replace(b, places=("$.shipTo",))
    for written, concerned in (("$.ship_to", True), ("$.shipTo", True), ("$.shipto", False)):
        held = row(signature=replace(SIGNATURE, path=written))
        assert about(held, replace(plain, place="$.shipTo", sides=named)) == concerned


# Rule 3: a row is about the runtimes that it names, and decides a finding only if no other is left.


@pytest.mark.parametrize(
    ("odd", "rest", "concerned", "decides"),
    [
        pytest.param(("b",), ("a",), True, True, id="others-absent"),
        pytest.param(("b", "d"), ("a", "c"), True, True, id="all-present"),
        pytest.param(("b", "d"), ("a",), True, True, id="one-of-rest-absent"),
        pytest.param(("b",), ("a", "c"), True, True, id="one-of-odd-absent"),
        pytest.param(("b",), ("a", "c", "d"), False, False, id="one-changed-sides"),
        pytest.param(("b", "d"), ("c", "e"), True, True, id="one-not-named-on-the-other-side"),
        pytest.param(("b", "e"), ("a",), True, False, id="one-not-named-on-the-odd-side"),
        pytest.param(("b", "d"), ("e",), False, False, id="nobody-on-one-side"),
    ],
)
def test_a_split_is_restricted_to_who_is_named(
    odd: tuple[str, ...], rest: tuple[str, ...], concerned: bool, decides: bool
) -> None:
    """A row of four runtimes holds for those that answered.

    Another one is covered where it need not change.
    """
    held, seen = row(odd=("b", "d"), rest=("a", "c")), finding(odd=odd, rest=rest)
    assert about(held, seen) == concerned
    assert bool(deciding(seen, "shop/order", ledger(held))) == decides


def number(**changed: Any) -> Decision:
    """Return a row: b writes a number as text."""
    return row(signature=Signature("number-as-string", "$.x", "string", "number"), **changed)


def null(row_id: str = "D-002", odd: tuple[str, ...] = ("c",), **changed: Any) -> Decision:
    """Return a row: c writes null in its place."""
    return row(
        row_id, signature=Signature("number-as-string", "$.x", "null", "number"), odd=odd, **changed
    )


NUMBER, NULL = number(), null()
THREE_SIDES = each_differs(a="number", b="string", c="null")


@pytest.mark.parametrize(
    ("rows", "decisions"),
    [
        pytest.param((NUMBER, NULL), ("D-001", "D-002"), id="a-row-for-each-pair"),
        pytest.param((NULL, NUMBER), ("D-002", "D-001"), id="in-the-order-of-the-ledger"),
        pytest.param((NUMBER,), (), id="a-third-runtime-on-another-side"),
        pytest.param((NULL,), (), id="the-other-row-alone"),
        pytest.param((NUMBER, null(where=("bank/*",))), (), id="one-of-them-for-other-cases"),
        pytest.param((NUMBER, null(rest=("d",))), (), id="one-of-them-of-other-runtimes"),
        pytest.param((number(odd=("b", "c")),), (), id="a-row-that-has-two-of-the-sides-as-one"),
        pytest.param((NUMBER, null(odd=("a",), rest=("c",))), (), id="facts-at-the-other-sides"),
    ],
)
def test_three_sides_have_two_rows(rows: tuple[Decision, ...], decisions: tuple[str, ...]) -> None:
    """Rows decide a finding together if each is about two of its sides and all runtimes appear."""
    cells = cell("a"), cell("b"), cell("c")
    judged = judge(result("order", *cells, findings=(THREE_SIDES,)), ledger(*rows))
    assert judged.decisions == (decisions,)
    assert judged.verdict is (Verdict.KNOWN if decisions else Verdict.FAILED)
    assert judged.rows == tuple(sorted(decisions))


def test_two_values_beside_a_third_are_not_one_side() -> None:
    """Where all values differ, a row on two runtimes and a third hides nothing between the two."""
    by_value = Signature("value", "$.x", "differs", "differs")
    all_differ = each_differs("value", a="differs", b="differs", c="differs")
    assert not about(row(signature=by_value, odd=("b", "c")), all_differ)
    assert about(row(signature=by_value), all_differ)


def test_sides_that_agree_are_one_side_of_a_row() -> None:
    """Runtimes that only a fourth one parts are what the row says that was written without it."""
    sides = (("a",), "number"), (("b",), "string"), (("c",), "string"), (("d",), "null")
    a, b, c, d = sides
    seen = replace(of_sides((a, b), (a, c), (b, d), name="number-as-string"), agreeing=((1, 2),))
    assert about(number(odd=("b", "c")), seen)
    assert not about(number(odd=("b", "c")), replace(seen, agreeing=()))


def test_rows_that_leave_two_sides_beside_each_other_decide_nothing() -> None:
    """Of four sides, two rows about two each do not tell how one two differ from the other two."""
    seen = each_differs(a="number", b="string", c="null", d="list")
    second = Signature("number-as-string", "$.x", "list", "null")
    apart = row("D-002", signature=second, odd=("d",), rest=("c",), fix=None)
    assert deciding(seen, "shop/order", ledger(NUMBER, apart)) == ()
    joining = replace(NULL, id="D-003")
    assert deciding(seen, "shop/order", ledger(NUMBER, apart, joining)) == (NUMBER, apart, joining)


def test_who_was_not_compared_is_no_obstacle() -> None:
    """A runtime without a fact at a place needs no row there."""
    cells = cell("a"), cell("b"), cell("c")
    seen = finding(not_compared=("c",))
    for held in (row(), row(rest=("a", "c")), row(odd=("b", "c"))):
        assert judge(result("order", *cells, findings=(seen,)), ledger(held)).decisions == (
            ("D-001",),
        )


def test_an_empty_side_is_not_exercised() -> None:
    """A row of whose odd side nobody answered is neither matched nor stale."""
    held = ledger(row())
    alone = (
        result("order", cell("a"), cell("c")),
        result("refund", cell("a"), cell("b", UNSUPPORTED)),
    )
    assert verdict(held, *alone).state is RowState.NOT_EXERCISED
    assert verdict(held, *alone, result("third")).state is RowState.SUSPENDED


# Rule 5: known is exactly one open or accepted row.


@pytest.mark.parametrize("state", [DecisionState.OPEN, DecisionState.ACCEPTED])
def test_one_row_makes_a_finding_known(state: DecisionState) -> None:
    """A finding with one open or accepted row is known by its id; without one it fails."""
    seen = result(findings=(finding(),))
    known = judge(seen, ledger(row(state=state), row("D-002", where=("bank/*",))))
    assert (known.verdict, known.decisions) == (Verdict.KNOWN, (("D-001",),))
    unknown = judge(seen, ledger(row(where=("bank/*",))))
    assert (unknown.verdict, unknown.decisions) == (Verdict.FAILED, ((),))


def test_every_finding_needs_its_row() -> None:
    """A case is known only if each of its findings is."""
    string = Signature("type", "$.x", "string", "integer")
    other = finding(signature=string)
    partly = judge(result(findings=(finding(), other)), ledger(row()))
    assert (partly.verdict, partly.decisions) == (Verdict.FAILED, (("D-001",), ()))
    assert "type of $.x differs: a integer · b string" in partly.reason
    both = judge(result(findings=(finding(), other)), ledger(row(), row("D-002", signature=string)))
    assert (both.verdict, both.decisions) == (Verdict.KNOWN, (("D-001",), ("D-002",)))


@pytest.mark.parametrize(
    ("case_id", "where", "concerned"),
    [
        pytest.param("shop/order", ("shop/*",), True, id="star"),
        pytest.param("shop/order", ("bank/*", "shop/order"), True, id="second"),
        pytest.param("shop/returns/late", ("shop/*",), True, id="star-spans-folders"),
        pytest.param("shop/order-1", ("shop/order-?",), True, id="question-mark"),
        pytest.param("shop/order-1", ("shop/order-[12]",), False, id="no-set"),
        pytest.param("shop/order[qty=1]", ("shop/order[qty=1]",), True, id="brackets-are-literal"),
        pytest.param("shop/order[qty=1]", ("shop/order[*]",), True, id="star-in-brackets"),
        pytest.param("shop/order", ("shop",), False, id="no-prefix"),
        pytest.param("shop/Order", ("shop/order",), False, id="case-counts"),
        pytest.param("shop/order", ("shop/order-*",), False, id="longer"),
    ],
)
def test_where_holds_globs(case_id: str, where: tuple[str, ...], concerned: bool) -> None:
    """A row holds for the cases that one of its globs names."""
    held = row(where=where)
    assert deciding(finding(), case_id, ledger(held)) == ((held,) if concerned else ())


def test_an_empty_ledger_knows_nothing() -> None:
    """Without rows no finding has one."""
    assert deciding(finding(), "shop/order", ledger()) == ()


GONE = row(signature=Signature("status", "status", "404", "200"), code="GONE")


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        pytest.param("status", "LOST", "`LOST`, the row has `GONE`", id="another"),
        pytest.param("status", "", "none that is read, the row has `GONE`", id="none"),
        pytest.param("status", "GONE", "", id="the-same"),
        pytest.param("type", "LOST", "", id="of-another-difference"),
    ],
)
def test_how_an_error_code_has_changed(name: str, code: str, said: str) -> None:
    """Only where the row would match the finding but for its code."""
    plain = finding(signature=Signature(name, "status", "404", "200"))
    sides = tuple(
        replace(side, codes=(code if side.runtimes == ("b",) else "",)) for side in plain.sides
    )
    assert left_code(GONE, replace(plain, sides=sides)) == said
