"""A fix that names what writes JSON is offered for bodies of JSON only."""

import re
from typing import Final

import pytest

from conformance.comparison.idioms.catalogue import BY_NAME
from conformance.model.observation import Answer
from tests.comparison.differences import answer
from tests.comparison.evidence.cures import LANGUAGES
from tests.comparison.evidence.judged import asked, evidence_of, groups_of, results

_ABOUT_JSON: Final = re.compile(r"(?i)json|serde|serialis|struct tag|response model|@\w+\(")
_ABOUT_TEXT: Final = re.compile(r"\btext|page|http\.Error|rejection")


def test_fixes_for_bodies_of_all_kinds_name_no_serialiser_of_json() -> None:
    """Where a body is no JSON, only such fixes are offered."""
    named = [
        (idiom.name, cure.where)
        for idiom in BY_NAME.values()
        for cure in idiom.cures
        if idiom.any_body and not cure.bodies and _ABOUT_JSON.search(cure.where)
    ]
    assert named == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("media", "a", "b", "fixed"),
    [
        ("application/json", '{"a_b":1}', '{"aB":1}', True),
        ("text/csv", "a_b\n1\n", "aB\n1\n", True),
        ("application/xml", "<a_b>1</a_b>", "<aB>1</aB>", True),
        ("text/html", "<ul><li>1<li>2</ul>", "<ul><li>2<li>1</ul>", True),
        ("application/x-www-form-urlencoded", "a_b=1", "aB=1", True),
        ("application/x-www-form-urlencoded", "error=e", "a_b=1", True),
        ("text/csv", "a\nHello\n", "a\nhello\n", False),
        ("text/csv", "a\nTwo Words\n", "a\ntwo words\n", True),
    ],
)
def test_a_fix_is_for_the_kind_of_body(
    language: str, media: str, a: str, b: str, *, fixed: bool
) -> None:
    """What renames members of JSON renames no column: another kind has fixes of its own, or none."""
    both = asked("GET /a", *(answer(body, media=media) for body in (a, b)))
    given = results([both], 2)
    groups = groups_of(given, dict.fromkeys("ab", language), evidence_of(given))
    assert bool(groups[0].remedies) is fixed


XML = "application/xml"
PARTS = "multipart/mixed; boundary=x"
PART = "--x\r\n\r\n1\r\n"


@pytest.mark.parametrize(
    ("media", "a", "b", "where"),
    [
        ("text/csv", "ok\ntrue\n", "ok\nTrue\n", "csv.writer writes True"),
        ("text/csv", "ok\ntrue\n", "ok\n1\n", "'true' or 'false' where the row is written"),
        ("text/csv", "n\n2\n", "n\n2.0\n", "int instead of float where the row is written"),
        ("text/csv", "a,b\n1,2\n", "a,b\n1,2,3\n", "csv.DictWriter"),
        ("text/csv", "a,b\n1,2\n", "a,b\n1\n", "csv.DictWriter"),
        ("text/csv", 'a\n"1,2"\n', "a\n1,2\n", "csv.writer instead of join"),
        ("text/csv", "a_b\n1\n", "aB\n1\n", "fieldnames of csv.DictWriter"),
        (XML, "<a_b><c_d>1</c_d></a_b>", "<a_b><cD>1</cD></a_b>", "Element and SubElement"),
        (XML, "<a><b>1</b></a>", "<c><b>1</b></c>", "the tag given to Element"),
        (XML, '<a xmlns="urn:a"/>', '<a xmlns="urn:b"/>', "namespace of the element"),
        (XML, "<a><b/><c/></a>", "<a><c/><b/></a>", "order in which the elements are added"),
        (XML, "<a><b>1</b><b>2</b></a>", "<a><b>2</b><b>1</b></a>", "sorted() or ORDER BY"),
        ("text/plain", "a\nb\n", "a\r\nb\r\n", "line ends of the others"),
        (XML, "<a>1</a>", "<x:a>1</x:a>", "xml.etree, which declares its prefixes"),
        ("text/csv", 'a\n"1"\n', 'a\n"1\n', "csv.writer, which quotes cells"),
        (PARTS, f"{PART}--x--\r\n", PART, "the last boundary"),
    ],
)
def test_a_fix_names_what_writes_such_bodies(media: str, a: str, b: str, where: str) -> None:
    """The fix of the second runtime, in Python, is about tables in tables, and so on."""
    asked_of_all = asked("GET /a", *(answer(body, media=media) for body in (a, a, b)))
    given = results([asked_of_all], 3)
    groups = groups_of(given, dict.fromkeys("abc", "python"), evidence_of(given))
    (fixes,) = {tuple(group.remedies) for group in groups if group.remedies}
    assert [fix.runtime for fix in fixes] == ["c"]
    assert where in fixes[0].where
    for language in LANGUAGES:
        others = groups_of(given, dict.fromkeys("abc", language), evidence_of(given))
        assert any(group.remedies for group in others), language


def test_a_cause_in_bodies_of_two_kinds_has_the_fix_of_each() -> None:
    """Names in another case in a table and in XML are one cause with two fixes."""
    cases = [
        asked(f"GET /{media[-3:]}", *(answer(body, media=media) for body in (a, a, b)))
        for media, a, b in (
            ("text/csv", "a_b\n1\n", "aB\n1\n"),
            (XML, "<r><a_b>1</a_b></r>", "<r><aB>1</aB></r>"),
        )
    ]
    given = results(cases, 3)
    groups = groups_of(given, dict.fromkeys("abc", "go"), evidence_of(given))
    (fixes,) = [group.remedies for group in groups if "naming convention" in group.title]
    assert [(fix.runtime, "csv" in fix.where, "xml" in fix.where) for fix in fixes] == [
        ("c", True, False),
        ("c", False, True),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("whole", "broken", "wrong"),
    [
        (answer("<a>1</a>", media=XML), answer("<x:a>1</x:a>", media=XML), _ABOUT_JSON),
        (answer('a\n"1"\n', media="text/csv"), answer('a\n"1\n', media="text/csv"), _ABOUT_JSON),
        (answer(f"{PART}--x--\r\n", media=PARTS), answer(PART, media=PARTS), _ABOUT_JSON),
        (answer('{"code":"E1"}', 400), answer("<e>E1</e>", 400, media=XML), _ABOUT_TEXT),
    ],
)
def test_a_wrong_body_is_mended_as_its_kind(
    language: str, whole: Answer, broken: Answer, wrong: re.Pattern[str]
) -> None:
    """Nothing is said of JSON where nobody sends it, nor of texts where an error is in XML."""
    given = results([asked("GET /a", whole, whole, broken)], 3)
    groups = groups_of(given, dict.fromkeys("abc", language), evidence_of(given))
    (fixes,) = {tuple(group.remedies) for group in groups if group.remedies}
    assert [fix.runtime for fix in fixes] == ["c"]
    assert not wrong.search(fixes[0].where)
