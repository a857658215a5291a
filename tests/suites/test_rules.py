"""Rules as they are written, and what each of them is."""

from pathlib import Path

from conformance.errors import Place
from conformance.model.case import NumberPolicy
from conformance.model.json_path import ANY_ELEMENT
from conformance.model.rule import AlignRule, MapRule, NoteRule, NumberRule, RuleKind, ValueRule
from conformance.suites.suite_file import read_suite

SUITE = """\
suite: s
numbers: lexeme
rules:
  - {path: $.a, is: uuid, why: w}
  - {path: $.a, numbers: value, why: w}
  - {path: "$.a[*].b", approx: {relative: 1e-6}, why: w}
  - {path: $.a, approx: {relative: 0.5, absolute: 2}, why: w}
  - {path: $.a, as: set, why: w}
  - {path: $.a, key: id, why: w}
  - {path: $.a, key: [region, id], why: w}
  - {path: $.a, as: map, why: w}
  - {note: duplicate-key, why: w}
cases:
  - {name: a, request: {GET: /}}
  - {name: b, request: {GET: /}, numbers: value}
"""


def test_every_form_of_rule(tmp_path: Path) -> None:
    """Each entry is one rule, at the place where it is written."""
    file = tmp_path / "s.yaml"
    file.write_text(SUITE)
    first, second = read_suite(file, "s.yaml")
    a, why = ("a",), "w"
    assert first.rules == (
        ValueRule(path=a, accepts=RuleKind.UUID, why=why, place=Place("s.yaml", 4, 5)),
        NumberRule(path=a, relative=0, absolute=0, why=why, place=Place("s.yaml", 5, 5)),
        NumberRule(
            path=("a", ANY_ELEMENT, "b"),
            relative=1e-6,
            absolute=0,
            why=why,
            place=Place("s.yaml", 6, 5),
        ),
        NumberRule(path=a, relative=0.5, absolute=2, why=why, place=Place("s.yaml", 7, 5)),
        AlignRule(path=a, key=(), why=why, place=Place("s.yaml", 8, 5)),
        AlignRule(path=a, key=("id",), why=why, place=Place("s.yaml", 9, 5)),
        AlignRule(path=a, key=("region", "id"), why=why, place=Place("s.yaml", 10, 5)),
        MapRule(path=a, why=why, place=Place("s.yaml", 11, 5)),
        NoteRule(note="duplicate-key", why=why, place=Place("s.yaml", 12, 5)),
    )
    assert (first.numbers, second.numbers) == (NumberPolicy.LEXEME, NumberPolicy.VALUE)
