"""Ledgers in every layout that people write: generated from rows whose values are known."""

from typing import Any, Final

from hypothesis import strategies as st

from conformance.ledger.row_fields import DECISION

ORDER: Final = tuple(DECISION.fields)
COMMENTS: Final = (
    "",
    "",
    "  # why: it 'says' so, [x] {y}",
    " # é — \U0001f600 | - a: b",
    "\t# after a tab",
    " #",
)
_WORDS: Final = st.sampled_from(
    [
        "b leaves it out",
        'it\'s "so": #1, really',
        "ünï — 漢字 \U0001f600",
        "yes",
        "- no",
        "a\tb",
        "{x}",
        "007",
        "a  b",
        "nbsp\xa0",
    ]
)


def rows() -> st.SearchStrategy[dict[str, Any]]:
    """Return the values of a row; its id comes later."""
    row = st.fixed_dictionaries(
        {
            "title": _WORDS,
            "state": st.sampled_from(["open", "accepted"]),
            "kind": st.just("must_match"),
            "cause": st.just("member"),
            "at": st.just(["$.x"]),
            "where": st.lists(
                st.sampled_from(["shop/orders/*", "shop/a-b", "x*"]), min_size=1, max_size=3
            ),
            "sides": st.just({"absent": ["b"], "present": ["a", "c"]}),
            "grows": st.just(True),  # noqa: FBT003 - the value of a field
            "reason": _WORDS,
            "owner": _WORDS,
            "opened": st.just("2026-11-01"),
        },
        optional={"review_by": st.just("2027-02-01"), "loc_estimate": st.integers(0, 50)},
    )
    done = st.builds(lambda row: {**row, "state": "done", "commit": "go@1a2b3c4"}, row)
    return st.one_of(row, row, done)


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Return the text of a ledger and what it holds."""
    held = [
        {"id": f"D-{number:03d}", **row}
        for number, row in enumerate(draw(st.lists(rows(), max_size=3)), start=1)
    ]
    budget = draw(st.dictionaries(st.sampled_from(["a", "b", "c.d"]), st.integers(0, 9)))
    ledger: dict[str, Any] = {**({"budget": budget} if budget else {}), "decisions": held}
    names = draw(st.permutations(list(ledger)))
    lines = draw(_margin(""))
    for name in names:
        if name == "budget":
            lines += draw(_budget(budget))
        elif not held:
            lines.append("decisions: []" + draw(st.sampled_from(COMMENTS)))
        else:
            lines.append("decisions:" + draw(st.sampled_from(COMMENTS)))
            indent = " " * draw(st.sampled_from([0, 1, 2, 4]))
            gap = " " * draw(st.sampled_from([1, 1, 3]))
            for row in held:
                lines += draw(_row(row, indent, gap))
        lines += draw(_margin(""))
    end = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    text = end.join(lines) + draw(st.sampled_from([end, end, "", end * 3]))
    return draw(st.sampled_from(["", "", "\ufeff"])) + text, ledger


def _margin(indent: str) -> st.SearchStrategy[list[str]]:
    line = st.sampled_from(
        ["", f"{indent}# between - rows", "# at the edge: x", f"{indent}   #odd"]
    )
    return st.lists(line, max_size=2)


@st.composite
def _budget(draw: st.DrawFn, budget: dict[str, int]) -> list[str]:
    if draw(st.booleans()):
        inner = ", ".join(f"{name}: {number}" for name, number in budget.items())
        return [f"budget: {{{inner}}}" + draw(st.sampled_from(COMMENTS))]
    return [
        "budget:",
        *(
            f"  {name}: {number}" + draw(st.sampled_from(COMMENTS))
            for name, number in budget.items()
        ),
    ]


@st.composite
def _row(draw: st.DrawFn, row: dict[str, Any], indent: str, gap: str) -> list[str]:
    names = draw(st.one_of(st.just(list(row)), st.permutations(list(row))))
    if draw(st.integers(0, 5)) == 0:
        inner = ", ".join(f"{draw(_key(name))}: {_flow(row[name])}" for name in names)
        return [f"{indent}-{gap}{{{inner}}}" + draw(st.sampled_from(COMMENTS))]
    lines = []
    for index, name in enumerate(names):
        deep = indent + " " + " " * len(gap)
        first, *more = draw(_member(name, row[name], deep))
        lines += [(f"{indent}-{gap}" if not index else deep) + first, *more, *draw(_margin(deep))]
    return lines


@st.composite
def _member(draw: st.DrawFn, name: str, value: Any, indent: str) -> list[str]:
    """Return the lines of a member; the first one is not indented."""
    key, beside = draw(_key(name)), draw(st.sampled_from(COMMENTS))
    if isinstance(value, list) and draw(st.booleans()):
        deep = indent + " " * draw(st.sampled_from([0, 2, 3]))
        items = [
            [f"{deep}- {_flow(item)}" + draw(st.sampled_from(COMMENTS)), *draw(_margin(deep))]
            for item in value
        ]
        return [f"{key}:{beside}", *(line for item in items for line in item)]
    if name in {"title", "reason", "owner"}:
        style = draw(st.sampled_from(["", "|-", ">-", "fold", "below"]))
        if style in {"|-", ">-"} and "\t" not in value:
            ended = [
                *draw(st.sampled_from([[], [""], ["", ""]])),
                f"{indent}# after a block: nothing is text any more",
            ]
            return [f"{key}: {style}{beside}", f"{indent}  {value}", *ended]
        if style == "fold" and " " in value.strip() and "  " not in value:
            head, _, tail = _flow(value).partition(" ")
            return [f"{key}: {head}", f"{indent}   {tail}{beside}"]
        if style == "below":
            return [f"{key}:{beside}", f"{indent}  {_flow(value)}"]
    plain = name in {"state", "kind", "id"} and draw(st.booleans())
    return [f"{key}: {value if plain else _flow(value)}{beside}"]


def _key(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name, name, f'"{name}"', f"'{name}'"])


def _flow(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_flow(inner)}' for name, inner in value.items())}}}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'
