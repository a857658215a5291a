"""The page around the data: its templates, style, script and content security policy.

Every value is made visible and then escaped.  The policy is in the page itself. It allows no
requests, only the style and the script of the page (by their digests), and no script can turn text
into HTML.
"""

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Any, Final

import jinja2
from markupsafe import Markup

from conformance.reporting import phrases, run_phrases
from conformance.reporting.html.marks import marked_lines, short
from conformance.reporting.html.places import link_to
from conformance.reporting.template_cache import TemplateCache
from conformance.safe_text import visible

_PACKAGE: Final = "conformance.reporting.html"
_STYLES: Final = ("page.css", "cases.css")
_SCRIPTS: Final = (
    "text.js",
    "copy.js",
    "json_tree.js",
    "alignment.js",
    "marks.js",
    "comparison.js",
    "case_view.js",
    "case_list.js",
    "search.js",
    "keys.js",
)
_DATA: Final = "<!-- data -->"


def rendered(**values: Any) -> tuple[bytes, bytes]:
    """Return the part of the page before its data, and the part after."""
    style, script = _joined(_STYLES), _joined(_SCRIPTS)
    text = page_template().render(
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own files
        policy=_policy(style, script),
        data=Markup(_DATA),  # noqa: S704 - where the data go
        **values,
    )
    before, after = text.split(_DATA)
    return before.encode("utf-8"), after.encode("utf-8")


@cache
def page_template() -> jinja2.Template:
    """Return the template of the page, compiled."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(_PACKAGE),
        autoescape=True,
        finalize=_finalized,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=TemplateCache("page"),
    )
    environment.globals["phrases"] = phrases
    environment.globals["run_phrases"] = run_phrases
    environment.globals["link_to"] = link_to
    environment.globals["marked_lines"] = marked_lines
    environment.filters["short"] = short
    return environment.get_template("report.html.j2")


def _finalized(value: object) -> object:
    return value if isinstance(value, Markup) else visible(str(value))


@cache
def _joined(names: tuple[str, ...]) -> str:
    folder = resources.files(_PACKAGE) / "assets"
    return "".join((folder / name).read_text("utf-8") for name in names)


def _policy(style: str, script: str) -> str:
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode(
        "ascii"
    )
