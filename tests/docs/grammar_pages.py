"""The grammar of every file that people write, and the schemas of all files, as pages of the site.

Both are made of the tables that the readers check by.
"""

from collections.abc import Iterator
from typing import Final

from conformance.cli.file_kinds import KINDS
from conformance.reporting.output_schemas import OUTPUTS, output_schema_text
from conformance.suites.fields import (
    AnyValue,
    Choice,
    Either,
    Field,
    FieldTable,
    Flag,
    JsonWith,
    ListOf,
    Null,
    OneOrMany,
    Spec,
    Text,
    Whole,
)
from conformance.suites.json_schema import schema_text

FOLDER: Final = "reference"
_MADE: Final = "Made of the tables that the reader checks by."
_FILES: Final = {
    "suite": "a suite: cases that are replayed",
    "shared": "what suites include",
    "runtimes": "`runtimes.yaml`: who is asked, and how",
    "decisions": "`decisions.yaml`: the ledger",
    "review": "`review.yaml`: who reviews a change",
    "gauntlet": "`gauntlet.yaml`: the chain that a change has to pass",
    "load": "weighted scenarios for many users",
    "report": "`report.json` of a run",
    "record": "a line of `run.ndjson`",
    "next": "what `conformance next --json` prints",
    "verification": "what `conformance next --verify KEY --json` prints",
}


def grammar_pages() -> dict[str, str]:
    """Return the pages and the schemas by their path in the site."""
    schemas = {kind: schema_text(KINDS, kind) for kind in KINDS}
    schemas |= {kind: output_schema_text(kind) for kind in OUTPUTS}
    files = {f"{FOLDER}/{kind}.schema.json": text for kind, text in schemas.items()}
    grammars = {f"{FOLDER}/{kind}.md": _grammar(kind, table) for kind, table in KINDS.items()}
    return {f"{FOLDER}/index.md": _index(), **grammars, **files}


def _index() -> str:
    rows = "\n".join(
        f"| {f'[{kind}]({kind}.md)' if kind in KINDS else kind} | {_FILES[kind]} | "
        f"[{kind}.schema.json]({kind}.schema.json) |"
        for kind in (*KINDS, *OUTPUTS)
    )
    return (
        f"# Grammar and schemas\n\n{_MADE} `conformance schema KIND` prints a schema; with it an "
        "editor completes and checks a file as you type.\n\n"
        f"| kind | what it is | JSON Schema |\n|---|---|---|\n{rows}\n"
    )


def _grammar(kind: str, table: FieldTable) -> str:
    return "\n".join([f"# {kind}", "", f"{_FILES[kind].capitalize()}. {_MADE}", *_tables(table)])


def _tables(top: FieldTable) -> Iterator[str]:
    """Yield each table of a grammar once, the outer ones first."""
    waiting: list[tuple[str, FieldTable]] = [("", top)]
    seen: list[FieldTable] = []
    while waiting:
        path, table = waiting.pop(0)
        if any(table is each for each in seen):
            continue
        seen.append(table)
        yield from ("", f"## {f'`{path}`' if path else 'The whole file'}", "")
        yield "| field | value | what it says |"
        yield "|---|---|---|"
        for name, entry in table.fields.items():
            yield f"| `{name}`{_needed(entry)} | {_cell(_value(entry.spec))} | {_cell(entry.says)} |"
            waiting += [(f"{path}.{name}".strip("."), each) for each in _inner(entry.spec)]
        if table.keyed is not None:
            _, meaning, spec = table.keyed
            yield f"| *any other* | {_cell(_value(spec))} | {_cell(meaning)} |"
            waiting += [(f"{path}.*".strip("."), each) for each in _inner(spec)]


def _needed(entry: Field) -> str:
    return " (required)" if entry.required else ""


def _inner(spec: Spec) -> Iterator[FieldTable]:
    """Yield the tables that a value may be."""
    if isinstance(spec, FieldTable):
        yield spec
    elif isinstance(spec, ListOf | OneOrMany):
        yield from _inner(spec.item)
    elif isinstance(spec, Either):
        for option in spec.options:
            yield from _inner(option)


def _value(spec: Spec) -> str:
    """Return what a value may be, in words."""
    match spec:
        case FieldTable():
            words = "an object"
        case ListOf():
            words = f"a list of {_value(spec.item)}"
        case OneOrMany():
            words = f"{_value(spec.item)}, or a list of it"
        case Either():
            words = ", or ".join(dict.fromkeys(map(_value, spec.options)))
        case Choice():
            words = ", ".join(f"`{option}`" for option in spec.options)
        case Text():
            words = spec.meaning
        case AnyValue() | JsonWith():
            words = "any value"
        case Whole():
            words = f"a whole number from {spec.least} to {spec.most}"
        case Flag():
            words = "`true` or `false`"
        case _:
            words = "null" if isinstance(spec, Null) else "a number"
    return words


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
