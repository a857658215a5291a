"""A page for each idiom: what it looks like, why it happens, and where it is fixed by language.

All of it is made of the catalogue and of the samples that its tests compare.
"""

from collections.abc import Iterator
from typing import Final

from conformance.comparison.idioms.catalogue import BY_NAME, IDIOMS
from conformance.comparison.idioms.idiom import Cure, Idiom
from tests.comparison.idioms.cross_table import SAMPLES, Sample
from tests.docs.idiom_table import findings_of, shown_answer, switched_off_by

FOLDER: Final = "idioms"
_LANGUAGES: Final = {
    "csharp": "C#",
    "go": "Go",
    "java": "Java",
    "python": "Python",
    "rust": "Rust",
    "typescript": "TypeScript",
}


def idiom_pages() -> dict[str, str]:
    """Return the pages by their path in the site, the list of all idioms first."""
    pages = {f"{FOLDER}/index.md": _index()}
    return pages | {f"{FOLDER}/{idiom.name}.md": _page(idiom) for idiom in IDIOMS}


def _index() -> str:
    rows = (
        f"| [{_title(idiom)}]({idiom.name}.md) | {_cell(idiom.explanation)} |" for idiom in IDIOMS
    )
    head = (
        "# Causes that have a name\n\n"
        "Each page shows what two runtimes sent, why it happens, and where it is fixed.\n\n"
        "| idiom | what it means |\n|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def _page(idiom: Idiom) -> str:
    return "\n".join(_lines(idiom, SAMPLES[idiom.name])) + "\n"


def _lines(idiom: Idiom, sample: Sample) -> Iterator[str]:
    (finding,) = findings_of(sample)
    yield f"# {_title(idiom)}"
    yield ""
    yield f"Its name in reports and in the ledger is `{idiom.name}`."
    yield from ("", "## What it looks like", "")
    yield "| | one side | the other side |"
    yield "|---|---|---|"
    shown = (_cell(shown_answer(each, finding, sample)) for each in (sample.a, sample.b))
    yield f"| sent | {' | '.join(shown)} |"
    yield f"| a report says | {' | '.join(f'`{_cell(fact)}`' for fact in sample.facts)} |"
    yield ""
    yield f"The finding is at `{finding.place}`."
    yield from ("", "## Why it happens", "", idiom.explanation)
    yield from ("", "## How it is fixed", "")
    yield from _fix_lines(idiom)
    yield from ("", "## If it is meant", "")
    yield f"Switched off by: {switched_off_by(sample, finding)}."
    yield "A difference that is meant is decided in the ledger: [tracker](../tracker.md)."


def _fix_lines(idiom: Idiom) -> Iterator[str]:
    """Yield a table of the catalogue's cures; an idiom without any says so."""
    if not idiom.cures:
        yield "No fix is proposed: it depends on what both sides mean."
        return
    yield "| language | where | about | for a runtime that shows |"
    yield "|---|---|---|---|"
    for cure in sorted(idiom.cures, key=lambda each: each.language):
        lines = f"{cure.lines} lines" if cure.lines and cure.lines > 1 else "1 line"
        size = lines if cure.lines else ""
        language = _LANGUAGES.get(cure.language, cure.language)
        yield f"| {language} | {_cell(_where(cure))} | {size} | {_cell(_shown_by(cure))} |"
    yield ""
    yield "A fix is not proposed where the run contradicts it: [fixes](../fixes.md)."


def _where(cure: Cure) -> str:
    return cure.where.replace("{others}", "what the others show")


def _shown_by(cure: Cure) -> str:
    shown = ", ".join(f"`{fact}`" for fact in sorted(cure.facts)) or "either"
    wanted = ", ".join(f"`{fact}`" for fact in sorted(cure.wanted))
    return f"{shown} beside {wanted}" if wanted else shown


def _title(idiom: Idiom) -> str:
    return f"{idiom.title[:1].upper()}{idiom.title[1:]}"


def _cell(text: str) -> str:
    """Return a text for a cell of a table, in which `<` and braces of plain text stay as they are."""
    parts = text.split("`")
    plain = [part.replace("<", "&lt;") if at % 2 == 0 else part for at, part in enumerate(parts)]
    return "`".join(plain).replace("|", "\\|").replace("\n", " ")


assert BY_NAME.keys() == SAMPLES.keys()
