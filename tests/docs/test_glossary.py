"""The glossary: one word an idea, and each word names something in the code."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
ROWS: Final = [
    match.groups()
    for match in re.finditer(
        r"^\| (?!word)(.+?) \| (.+) \| `(.+)` \|$",
        (ROOT / "docs/glossary.md").read_text(),
        re.MULTILINE,
    )
]


def modules(package: str) -> Iterator[ast.Module]:
    """Yield the modules of a package, parsed."""
    for path in sorted((ROOT / package).rglob("*.py")):
        if "files" not in path.parts:  # what the demo writes is not of the harness
            yield ast.parse(path.read_text())


def names_of(statement: ast.stmt) -> Iterator[str]:
    """Yield what a statement defines: `name`, and `Class.member` for each member of a class."""
    if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        yield statement.name
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        yield statement.target.id
    elif isinstance(statement, ast.Assign):
        yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
    if isinstance(statement, ast.ClassDef):
        for member in statement.body:
            yield from (f"{statement.name}.{name}" for name in names_of(member))


DEFINED: Final = {
    name
    for package in ("conformance", "reference_impl")
    for module in modules(package)
    for statement in module.body
    for name in names_of(statement)
}


def test_every_word_has_one_meaning() -> None:
    """No word is explained twice."""
    words = Counter(word for word, _meaning, _code in ROWS)
    assert len(words) > 60
    assert [word for word, count in words.items() if count > 1] == []


@pytest.mark.parametrize(("word", "code"), [(word, code) for word, _meaning, code in ROWS])
def test_every_word_names_something_in_the_code(word: str, code: str) -> None:
    """The code has what the glossary says that it has."""
    assert code in DEFINED, f"{word}: nothing is called {code}"


def test_every_class_name_has_one_meaning() -> None:
    """No two public classes of the harness have one name."""
    classes = Counter(
        node.name
        for module in modules("conformance")
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert sorted(name for name, count in classes.items() if count > 1) == []
