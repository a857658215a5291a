"""Tables by columns, bodies of several parts by names and ranges, tokens by their claims."""

import base64
import json
from typing import Any

import pytest

from conformance.comparison.bodies.label import read_label
from conformance.comparison.bodies.reading import read_body
from conformance.comparison.values.lossless_json import Json, spelling
from conformance.model.case import CompareLevel
from conformance.model.rule import RuleKind
from tests.comparison.differences import answer, between, rule, seen
from tests.comparison.situations import places_with_values

SHAPE, VALUE = CompareLevel.SHAPE, CompareLevel.VALUE
CSV = "text/csv"
TABLE = "id,name,price,ok\n1,a,1.50,true\n2,,2.5,false\n"


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        pytest.param(TABLE, [], id="same"),
        pytest.param(TABLE.replace("\n", "\r\n"), [], id="line-ends"),
        pytest.param(TABLE.rstrip(), [], id="no-last-line-end"),
        pytest.param(TABLE.replace("a,", '"a",'), [], id="quotes"),
        pytest.param(TABLE.replace("1.50", "1.5"), [], id="number-spelled-otherwise"),
        pytest.param(
            TABLE.replace("1,a", "1.0,a"), [("integer-vs-float", "$.rows[*].id")], id="fraction"
        ),
        pytest.param(
            TABLE.replace("1.50", "7.25"), [("value", "$.rows[*].price")], id="another-number"
        ),
        pytest.param(
            TABLE.replace("1,a", " 1,a"), [("type", "$.rows[*].id")], id="blank-in-a-cell"
        ),
        pytest.param(TABLE.replace(",", ";"), [], id="semicolons"),
        pytest.param(TABLE.replace("a,", "b,"), [("value", "$.rows[*].name")], id="value"),
        pytest.param(TABLE.replace("2,,", "x,,"), [("type", "$.rows[*].id")], id="type"),
        pytest.param(TABLE.replace("2,,", "02,,"), [("type", "$.rows[*].id")], id="leading-zero"),
        pytest.param(TABLE.replace("true", "yes"), [("type", "$.rows[*].ok")], id="boolean"),
        pytest.param(
            TABLE.replace("true", "True"), [("boolean-as-text", "$.rows[*].ok")], id="capitals"
        ),
        pytest.param(TABLE + "3,c,1,true\n", [("length", "$.rows")], id="one-more"),
    ],
)
def test_tables(changed: str, wanted: list[tuple[str, str]]) -> None:
    """A cell, a type and a row are each one difference; how a table is written is none."""
    assert seen(TABLE, changed, CSV) == wanted


def test_another_column_is_a_difference_of_shape() -> None:
    """A column that only one side has is a member of the rows."""
    assert seen("a,b\n1,2\n", "a\n1\n", CSV, SHAPE) == [("member", "$.rows[*].b")]


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param("a,b\n1,2\n", "a\n1\n", [("member", "$.rows[*].b")], id="dropped"),
        pytest.param("userId\n1\n", "user_id\n1\n", [("key-case", "$.rows[*]")], id="in-another-case"),
        pytest.param("a,b\n1,2\n", "b,a\n2,1\n", [("another-order", "$.header")], id="reordered"),
        pytest.param("a,b\n", "a,c\n", [("value", "$.header[*]")], id="no-rows"),
        pytest.param("a,b\n1,2\n", "a,b,c\n1,2\n", [("length", "$.header")], id="no-cells"),
    ],
)  # fmt: skip
def test_another_column_is_one_difference(a: str, b: str, wanted: list[tuple[str, str]]) -> None:
    """What the rows show is not said of the header, too; its order, and what no row has, is."""
    assert seen(a, b, CSV) == wanted


def test_how_tables_are_read() -> None:
    """The header names the members; a table without one has lists.

    A row with more cells than the header is a list of texts.
    """

    def read(text: str, media: str = CSV) -> Any:
        return read_body(text.encode(), read_label(media)).value

    assert read("a\tb\n1\tx\n", "text/tab-separated-values") == {
        "header": ["a", "b"],
        "rows": [{"a": 1, "b": "x"}],
    }
    assert (
        read("1,2\n3,4\n")
        == read("1,2\n3,4\n", "text/csv; header=absent")
        == {"rows": [[1, 2], [3, 4]]}
    )
    assert read("a,a\n3,4\n") == {"rows": [["a", "a"], ["3", "4"]]}
    assert read("a\n1,x\n\n2\n") == {"header": ["a"], "rows": [["1", "x"], {"a": 2}]}
    assert read("a,b\n1,\n2,\n") == {
        "header": ["a", "b"],
        "rows": [{"a": 1, "b": ""}, {"a": 2, "b": ""}],
    }
    assert read('a\n"1\n2"\n') == {"header": ["a"], "rows": [{"a": "1\n2"}]}
    assert read('a\n"1,2"\n') == {"header": ["a"], "rows": [{"a": "1,2"}]}
    assert read("a\n007\nnull\n") == {"header": ["a"], "rows": [{"a": "007"}, {"a": "null"}]}
    assert read("a,b\n1.5,\n2,\n")["rows"][1] == {"a": 2, "b": ""}
    assert read_body(b'a\n"torn', read_label(CSV)).kind == "text"


@pytest.mark.parametrize(
    "cell",
    ["-", "1-", "01", " 2", "2 ", "+1", ".5", "1.", "1e", "NaN", "Infinity", "null", "[]", "2,3", "2,",
     ",", "²", "1_0", "0x1", "--1", "1e5e5"],
)  # fmt: skip
def test_one_cell_that_is_no_number_makes_a_column_of_texts(cell: str) -> None:
    """Only what JSON takes for one number is one, in all cells of the column."""
    rows = read_body(f'n,m\n1,2\n"{cell}",3\n,4\n'.encode(), read_label(CSV)).value["rows"]
    assert rows == [{"n": "1", "m": 2}, {"n": cell, "m": 3}, {"n": "", "m": 4}]


@pytest.mark.parametrize("cell", ["-0", "2.50", "-1e-5", "1E+30", "9" * 30, ""])
def test_numbers_in_a_column_keep_their_digits(cell: str) -> None:
    """A column of numbers and empty cells is read as JSON reads numbers."""
    raw = f'n,m\n1,2\n"{cell}",3\n'.encode()
    number = read_body(raw, read_label(CSV)).value["rows"][1]["n"]
    assert (number is None) if not cell else spelling(number) == cell


ABSENT_HEADER = "text/csv; header=absent"
OF_TABLES: list[Any] = [
    pytest.param(("a,b\n1,2\n", CSV), ("A,b\n1,2\n", CSV),
        [("$.rows[*]", "they differ: a a · b A", '{"a":1} · {"A":1}')],
        id="a-name-in-capitals"),
    pytest.param(("a\n1\n2\n", CSV), ("a\n999\nx\n", CSV),
        [("$.rows[*].a", "they differ: a · b", "1 · 999"),
         ("$.rows[*].a", "they differ: a integer · b string", '2 · "x"')], id="a-bad-cell"),
    pytest.param(("a\n1\n\n2,\n", CSV), ("a\n1\n\n2,\n", CSV), [], id="the-same-odd-row"),
    pytest.param(("v\n1.0\nx\n", CSV), ("v\n1\nx\n", CSV),
        [("$.rows[*].v", "they differ: a · b", '"1.0" · "1"')], id="texts-as-written"),
    pytest.param(("id,s\n1,10\n2,3\n", CSV), ("id,s\n1,10\n2,7.25\n", CSV),
        [("$.rows[*].s", "they differ: a · b", "3 · 7.25")], id="a-fraction-beside-an-integer"),
    pytest.param(("id,p\n1,2.0\n2,1.5\n", CSV), ("id,p\n1,2\n2,1.5\n", CSV),
        [("$.rows[*].p", "they differ: a number · b integer", "2.0 · 2")],
        id="a-whole-number-with-a-fraction"),
    pytest.param(("id,n\n1,\n2,3\n", CSV), ("id,n\n1,\n2,x\n", CSV),
        [("$.rows[*].n", "they differ: a integer · b string", '3 · "x"')], id="empty-cells"),
    pytest.param(("a,b\n1,2\n", ABSENT_HEADER), ("a,b\n1,2\n", CSV),
        [("header content-type;header", "they differ: a header=absent · b absent",
          f"{ABSENT_HEADER} · {CSV}")], id="header-parameter"),
    pytest.param(("a,b\r\n1,2\r\n", ABSENT_HEADER), ("a,b\n1,3\n", CSV),
        [("header content-type;header", "they differ: a header=absent · b absent",
          f"{ABSENT_HEADER} · {CSV}"),
         ("$.rows[*][*]", "they differ: a · b", '"2" · "3"')], id="header-parameter-and-a-value"),
    pytest.param(('a,b\n1,"x,y"\n2,z\n', CSV), ("a,b\n1,x,y\n2,z\n", CSV),
        [("$.rows[*]", "they differ: a quoted · b not quoted",
          '{"a":1,"b":"x,y"} · ["1","x","y"]')], id="a-separator-without-quotes"),
    pytest.param(("a,b\n1,x,2\n", CSV), ("a;b;c\n1;x;2\n", CSV),
        [("$.header", "they differ: a · b", '2 elements · 3 elements, extra: "c"'),
         ("$.rows[*]", "they differ: a more cells than the header · b no more than the header",
          '["1","x","2"] · {"a":1,"b":"x","c":2}')], id="the-same-cells-under-a-shorter-header"),
    pytest.param(("a,b\n1,x\n", CSV), ("a,b\n1,x,y\n", CSV),
        [("$.rows[*]", "they differ: a no more than the header · b more cells than the header",
          '{"a":1,"b":"x"} · ["1","x","y"]')], id="a-cell-more"),
    pytest.param(("a,b\n1,x\n2,y\n", CSV), ("a,b\n1,x\n2\n", CSV),
        [("$.rows[*].b", "they differ: a present · b sometimes present", '"y" · absent')],
        id="a-cell-less"),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "wanted"), OF_TABLES)
def test_what_is_said_of_tables(
    a: tuple[str, str], b: tuple[str, str], wanted: list[tuple[str, str, str]]
) -> None:
    """Each cause is named once, at the cells that differ, with what was sent."""
    both = [answer(body, media=media) for body, media in (a, b)]
    found = [
        (place, sentence, " · ".join(value for _, value in sent))
        for place, sentence, sent in places_with_values(both)
    ]
    assert found == wanted


@pytest.mark.parametrize("level", [SHAPE, VALUE])
@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param("a,b\n1,x\n2,y\n", "a,b\n1,x\n2,y,z\n", [("uneven-rows", "$.rows[*]")],
            id="a-cell-more"),
        pytest.param("a,b\n1,x\n2,y\n", "a,b\n1,x\n2\n", [("uneven-rows", "$.rows[*].b")],
            id="a-cell-less"),
        pytest.param("a,b\n1,x\n", "a,b\n1\n", [("uneven-rows", "$.rows[*].b")],
            id="less-in-all-rows"),
        pytest.param("a,b,c\n1,x,y\n", "a,b,c\n1\n",
            [("uneven-rows", "$.rows[*].b"), ("uneven-rows", "$.rows[*].c")], id="two-cells-less"),
        pytest.param("a,b\nx,0\n", "a,b\nx\n", [("uneven-rows", "$.rows[*].b")],
                     id="no-cell-beside-a-zero"),
        pytest.param("a,b\nx,\n", "a,b\nx\n", [("uneven-rows", "$.rows[*].b")],
                     id="no-cell-beside-an-empty-one"),
        pytest.param("a,b\n1,x,y\n2\n", "a,b\n1,x,y\n2\n", [], id="both-uneven"),
        pytest.param("1,2\n3,4\n", "1,2\n3,4,5\n", None, id="no-header"),
    ],
)  # fmt: skip
def test_rows_that_do_not_fit_their_header(
    a: str, b: str, level: CompareLevel, wanted: list[tuple[str, str]] | None
) -> None:
    """A cell more or less has a name, by shape and by value; a table without a header has none."""
    found = seen(a, b, CSV, level)
    assert found == wanted or (wanted is None and all(name != "uneven-rows" for name, _ in found))


def test_uneven_rows_of_three_runtimes() -> None:
    """How many rows of each have the cell is one finding, with one name."""
    rows = ("a,b\n1,x\n2\n", "a,b\n1,x\n2,y\n", "a,b\n1\n2\n", "a,b\n1\n2,y\n")
    first, second, none, other = (answer(each, media=CSV) for each in rows)
    assert [found[:2] for found in places_with_values([first, second, none], SHAPE)] == [
        ("$.rows[*].b", "they differ: a sometimes present · b present · c absent")
    ]
    assert [found[:2] for found in places_with_values([first, second, other])] == [
        ("$.rows[*].b", "b is the odd one out (present); a, c: sometimes present"),
        ("$.rows[*].b", "they differ: a · c; b: present"),
    ]


def test_the_type_of_a_column_is_its_shape() -> None:
    """By shape a column of fractions is one, whichever cells are whole; a text in it differs."""
    assert seen("p\n1.5\n2\n", "p\n2.5\n1.5\n", CSV, SHAPE) == []
    assert seen("p\n12\nx\n", "p\ny\nx\n", CSV, SHAPE) == []
    assert seen("p\n12\n7\n", "p\n12\nx\n", CSV, SHAPE) == [("type", "$.rows[*].p")]


def form(
    boundary: str, *, name: str = "x", meta: str = '{"a":1}', image: bytes = b"\x89PNG\x00"
) -> bytes:
    """Return a form with a field, a JSON part and a file."""
    lines = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="field"\r\n\r\n{name}'.encode(),
        f'--{boundary}\r\nContent-Disposition: form-data; name="meta"\r\n'.encode()
        + f"Content-Type: application/json\r\n\r\n{meta}".encode(),
        f'--{boundary}\r\ncontent-disposition: form-data; name="file"; filename="p.png"\r\n'.encode()
        + b"Content-Type: image/png\r\n\r\n" + image,
        f"--{boundary}--\r\n".encode(),
    ]  # fmt: skip
    return b"\r\n".join(lines)


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        pytest.param({}, [], id="same"),
        pytest.param({"name": "y"}, [("value", "$.field.body")], id="field"),
        pytest.param({"meta": '{"a": 1}'}, [], id="spelling-of-a-part"),
        pytest.param({"meta": '{"a":2}'}, [("value", "$.meta.body.a")], id="within-a-part"),
        pytest.param(
            {"image": b"\x89PNG\x01"}, [("value", "$.file.body.sha256")], id="bytes-of-a-part"
        ),
    ],
)
def test_parts_by_their_names(
    changed: dict[str, str | bytes], wanted: list[tuple[str, str]]
) -> None:
    """The boundary is no difference; each part is read by its own kind."""
    first = answer(form("one"), media='multipart/form-data; boundary="one"')
    second = answer(form("two", **changed), media="multipart/form-data; boundary=two")  # type: ignore[arg-type]
    assert [(name, place) for name, place, _, _ in between(first, second, VALUE)] == wanted


@pytest.mark.parametrize(
    ("first", "second", "place"),
    [
        ("form-data; name=f; filename*=UTF-8''a.txt", "form-data; name=f; filename*=UTF-8''b.exe",
         "$.f.parameters['filename*']"),
        ("form-data; name=f; size=1", "form-data; name=f; size=2", "$.f.parameters.size"),
    ],
)  # fmt: skip
def test_each_parameter_of_a_part_counts(first: str, second: str, place: str) -> None:
    """By value no parameter of a part is left out."""
    part = "--b\r\nContent-Disposition: {}\r\n\r\nx\r\n--b--"
    both = part.format(first), part.format(second)
    assert seen(*both, "multipart/form-data; boundary=b") == [("value", place)]


def test_byte_ranges_go_by_their_ranges() -> None:
    """Two ranges in another order are the same; a range with other bytes is a difference there."""
    part = "--b\r\nContent-Range: bytes {}/9\r\n\r\n{}\r\n"
    one = part.format("0-2", "abc") + part.format("6-8", "ghi") + "--b--"
    other = part.format("6-8", "ghi") + part.format("0-2", "abc") + "--b--"
    media = "multipart/byteranges; boundary=b"
    assert seen(one, other, media) == []
    assert seen(one, other.replace("abc", "abd"), media) == [("value", "$.parts[*].body")]


@pytest.mark.parametrize(
    ("media", "first", "second", "wanted"),
    [
        pytest.param("text/xml", "<a><b>1</b></a>", "<a><b>1</b><b>2</b></a>",
                     [("length", "$.p.body.a.b")], id="elements"),
        pytest.param("text/csv", "n,m\n1,x\n2,x", "n,m\n1,x\nz,x",
                     [("type", "$.p.body.rows[*].n")], id="columns"),
    ],
)  # fmt: skip
def test_parts_are_laid_out_as_bodies_are(
    media: str, first: str, second: str, wanted: list[tuple[str, str]]
) -> None:
    """A second element is a length, and one bad cell one difference, in a part as in a body."""
    head = f'--b\r\ncontent-disposition: form-data; name="p"\r\ncontent-type: {media}\r\n\r\n'
    a, b = (f"{head}{body}\r\n--b--\r\n" for body in (first, second))
    assert seen(a, b, "multipart/form-data; boundary=b") == wanted


@pytest.mark.parametrize(
    ("text", "document", "wanted"),
    [
        pytest.param("x", '{"n": 1}', [], id="the-boundary-of-a-part"),
        pytest.param("y", '{"n":1}', [("value", "$.p.body.parts[*].body")], id="a-text"),
        pytest.param("x", '{"n":2}', [("value", "$.p.body.parts[*].body.n")], id="a-document"),
        pytest.param(
            "x",
            "<n/>",
            [("note", "note invalid-json"), ("type", "$.p.body.parts[*].body")],
            id="no-document",
        ),
    ],
)
def test_parts_of_a_part_are_parts(text: str, document: str, wanted: list[tuple[str, str]]) -> None:
    """A part that has parts is read as a body of parts is, whatever its boundary."""
    both = (_parts_of_a_part("one", "x", '{"n":1}'), _parts_of_a_part("two", text, document))
    assert seen(*both, "multipart/form-data; boundary=b") == wanted


def _parts_of_a_part(boundary: str, text: str, document: str) -> str:
    return (
        '--b\r\ncontent-disposition: form-data; name="p"\r\n'
        f"content-type: multipart/mixed; boundary={boundary}\r\n\r\n"
        f"--{boundary}\r\n\r\n{text}\r\n"
        f"--{boundary}\r\ncontent-type: application/json\r\n\r\n{document}\r\n"
        f"--{boundary}--\r\n--b--\r\n"
    )


def test_parts_of_parts_end_at_some_depth() -> None:
    """What is nested deeper than any writer nests it is a text, and no more work."""
    body = "x"
    for depth in range(60):
        head = f"--b{depth}\r\ncontent-type: multipart/mixed; boundary=b{depth - 1}"
        body = f"{head}\r\n\r\n{body}\r\n--b{depth}--"
    value = read_body(body.encode(), read_label("multipart/mixed; boundary=b59")).value
    depth = 0
    while isinstance(value, dict):
        value = value["parts"][0]["body"]
        depth += 1
    assert depth == 21
    assert value.startswith("--b38")


@pytest.mark.parametrize("body", [b"--b\r\n\r\nx", b"", b"x", b"--b\r\nA: b\r\n", b"--b--x"])
def test_parts_without_an_end_are_no_parts(body: bytes) -> None:
    """A torn body of parts is text, with the reason."""
    read = read_body(body, read_label("multipart/mixed; boundary=b"))
    assert read.kind in {"text", "empty"}
    assert bool(read.misfit) == bool(body)


def token(signature: str = "c2ln", header: object = None, **claims: object) -> str:
    """Return a token with these claims."""
    parts = [header or {"alg": "HS256", "typ": "JWT"}, claims]
    coded = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    ]
    return ".".join((*coded, signature))


@pytest.mark.parametrize(
    ("second", "wanted"),
    [
        pytest.param(token(sub="u1", iat=1763856001, exp=1763859601, jti="y"), [],
            id="clocks-and-ids"),
        pytest.param(token("b3RoZXI", sub="u1", iat=1, exp=2, jti="z"), [], id="signature"),
        pytest.param(token("", sub="u1", iat=1, exp=2, jti="z"), [("member", "$.t.signature")],
            id="unsigned"),
        pytest.param(token(sub="u2", iat=1, exp=2, jti="z"), [("value", "$.t.claims.sub")],
            id="claim"),
        pytest.param(token(sub="u1", iat=1, jti="z"), [("member", "$.t.claims.exp")], id="no-end"),
        pytest.param(token(sub="u1", iat=1, exp="2", jti="z"),
            [("number-as-string", "$.t.claims.exp")], id="type"),
        pytest.param(token(header={"alg": "none"}, sub="u1", iat=1, exp=2, jti="z"),
                     [("member", "$.t.header.typ"), ("value", "$.t.header.alg")], id="header"),
        pytest.param("opaque", [("value", "$.t")], id="no-token"),
    ],
)  # fmt: skip
def test_tokens_are_compared_by_their_claims(second: str, wanted: list[tuple[str, str]]) -> None:
    """When a token was made is no difference; what it says is, at its place within the token."""
    first = token(sub="u1", iat=1763856000, exp=1763859600, jti="x")
    assert seen(json.dumps({"t": first}), json.dumps({"t": second}), "application/json") == wanted


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        pytest.param({"exp": 1700003601.25}, {"exp": 1700003699.75}, [], id="fractions"),
        pytest.param({"nbf": 1.25}, {"nbf": 1}, [], id="fraction-and-integer"),
        pytest.param({"iat": 1700000000}, {"iat": 1700000000.0}, [], id="point-and-none"),
        pytest.param({"exp": "1.5"}, {"exp": "2"}, [], id="numbers-in-texts"),
        pytest.param({"exp": "1.5"}, {"exp": 2}, ["number-as-string"], id="text-and-number"),
        pytest.param({"exp": True}, {"exp": 1}, ["type"], id="boolean"),
        pytest.param({"jti": 1}, {"jti": 2.5}, [], id="numbers-as-ids"),
        pytest.param({"jti": "1"}, {"jti": 2}, ["type"], id="id-text-and-number"),
        pytest.param({"ttl": 1.25}, {"ttl": 1}, ["value"], id="no-clock"),
    ],
)  # fmt: skip
def test_clocks_of_tokens_are_numbers_of_any_kind(
    first: dict[str, Json], second: dict[str, Json], wanted: list[str]
) -> None:
    """Whether a clock has a fraction depends on when it was asked; that it is a text does not."""
    a, b = (json.dumps({"t": token(**claims)}) for claims in (first, second))
    assert [name for name, _ in seen(a, b, "application/json")] == wanted


def test_a_rule_that_accepts_any_text_accepts_any_token() -> None:
    """A token is a text like others there, also where only some runtimes send one."""
    a, b = (answer(json.dumps({"t": token(sub=sub)})) for sub in ("a", "b"))
    places = {
        path: [
            place
            for _, place, *_ in between(a, b, CompareLevel.VALUE, (rule(path, RuleKind.STRING),))
        ]
        for path in ("$.t", "$.u")
    }
    assert places == {"$.t": [], "$.u": ["$.t.claims.sub"]}
