"""The drawings of docs/architecture.md, and the code that they draw."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs/architecture.md"
HARNESS: Final = ROOT / "conformance"
EVERYWHERE: Final = frozenset(
    {
        "model",
        "user_cache",
        "atomic_file",
        "distinct",
        "grouped",
        "input_file",
        "outgoing",
        "safe_text",
        "wording",
        "errors",
    }
)
"""What every package may use, so that it is not told."""
_CALLED: Final = "└ "
_INDENT: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a drawing: its modules, how deep it is, and what it says.

    A line at depth 0 need not be called by any line above.
    """

    modules: tuple[str, ...]
    depth: int
    says: str


def section(title: str) -> str:
    """Return the text below a heading of the page, as far as the next one of its rank or above."""
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(f"\n{title}\n")
    rank = title.partition(" ")[0]
    return re.split(rf"^#{{2,{len(rank)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def block(title: str) -> list[str]:
    """Return the lines of the one code block below a heading."""
    (found,) = re.findall(r"^```\n(.*?)^```$", section(title), re.DOTALL | re.MULTILINE)
    return str(found).splitlines()


def drawn_packages() -> list[str]:
    """Return the packages that the page draws, in its order."""
    return re.findall(r"^### (\w+)$", section("## The packages"), re.MULTILINE)


def drawing(package: str) -> list[Line]:
    """Return the drawing of a package."""
    return [_line(text) for text in block(f"### {package}")]


def _line(text: str) -> Line:
    bare = text.lstrip(" ")
    indent = len(text) - len(bare)
    called = bare.startswith(_CALLED)
    names, _, says = re.sub(r" {2,}", "  ", bare.removeprefix(_CALLED)).partition("  ")
    return Line(modules=tuple(names.split(", ")), depth=indent // _INDENT + called, says=says)


def told_calls(package: str) -> list[str]:
    """Return the packages that the page says a package calls."""
    found = re.match(r"\s*Calls: ([^.]*)\.", section(f"### {package}"))
    names = found[1].split() if found else []
    return [] if names == ["none"] else [name.strip(",") for name in names]


def layers() -> list[list[str]]:
    """Return the lines of the import contract of the harness, as far as their packages exist."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    (contract,) = (
        each
        for each in tool["importlinter"]["contracts"]
        if each.get("containers") == ["conformance"]
    )
    lines = [[name.strip("() ") for name in layer.split("|")] for layer in contract["layers"]]
    return [[name for name in line if _exists(name)] for line in lines]


def _exists(name: str) -> bool:
    return (HARNESS / name / "__init__.py").is_file() or (HARNESS / f"{name}.py").is_file()


@cache
def modules(package: str) -> tuple[str, ...]:
    """Return the modules of a package as drawings name them: below it with slashes.

    One that is a file, by its name.
    """
    if not (HARNESS / package).is_dir():
        return (package,)
    found = (
        file.relative_to(HARNESS / package).with_suffix("")
        for file in (HARNESS / package).rglob("*.py")
    )
    return tuple(sorted(file.as_posix() for file in found if file.name != "__init__"))


def imports_of(package: str, module: str) -> frozenset[str]:
    """Return the modules that a module imports, as `package.module`."""
    single = not (HARNESS / package).is_dir()
    return _imports(HARNESS / (f"{package}.py" if single else f"{package}/{module}.py"))


@cache
def _imports(file: Path) -> frozenset[str]:
    return frozenset(
        name
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in _named(node)
    )


def _named(node: ast.AST) -> Iterator[str]:
    """Yield the harness modules that an import names, each as its dotted name.

    The dotted name is without `conformance.`.
    """
    if not isinstance(node, ast.ImportFrom) or node.module is None:
        return
    first, _, inside = node.module.partition(".")
    if first != "conformance":
        return
    for alias in node.names:
        whole = ".".join(filter(None, (inside, alias.name)))
        path = HARNESS / whole.replace(".", "/")
        yield whole if path.is_dir() or path.with_suffix(".py").is_file() else inside


def calls_within(package: str, module: str) -> frozenset[str]:
    """Return the modules of its own package that a module imports, as drawings name them."""
    own = f"{package}."
    found = (name.removeprefix(own) for name in imports_of(package, module) if name.startswith(own))
    return frozenset(name.replace(".", "/") for name in found) & frozenset(modules(package))


def calls_outside(package: str) -> list[str]:
    """Return the other packages that a package imports, sorted."""
    found = {
        name.partition(".")[0]
        for module in modules(package)
        for name in imports_of(package, module)
    }
    found |= {
        name.partition(".")[0]
        for file in (HARNESS / package).rglob("__init__.py")
        for name in _imports(file)
    }
    return sorted(found - EVERYWHERE - {package, ""})
