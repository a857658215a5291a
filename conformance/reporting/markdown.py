"""The report as Markdown, for pull requests and `$GITHUB_STEP_SUMMARY`."""

from functools import cache
from typing import Final

import jinja2

from conformance.model.report import RunReport
from conformance.reporting import phrases, run_phrases
from conformance.reporting.template_cache import TemplateCache
from conformance.safe_text import (
    markdown,
    markdown_code,
    markdown_code_cell,
    markdown_html,
    visible,
)

# GitHub refuses a step summary above 1 MiB
MAX_BYTES: Final = 1 << 20
# More than a reader needs; halved until the page is small enough
_MAX_CASE_ROWS: Final = 500
_SHOWN_PATHS: Final = 10


def markdown_report(report: RunReport, max_bytes: int = MAX_BYTES) -> str:
    """Return the report as Markdown, with fewer causes and cases if it is too long.

    The result is empty if not even the rest of the page fits.
    """
    groups, rows = len(report.groups), _MAX_CASE_ROWS
    worth = report.cases_to_look_at
    while True:
        text = markdown_template("conformance.reporting", "report.md.j2").render(
            report=report,
            groups=report.groups[:groups],
            short_keys=phrases.short_keys(report.groups),
            short_titles=phrases.short_titles(report.groups),
            groups_left_out=len(report.groups) - groups,
            worth=worth[:rows],
            worth_all=len(worth) + report.more_cases,
            total=sum(report.counts.values()),
            shown_paths=_SHOWN_PATHS,
        )
        if len(text.encode("utf-8")) <= max_bytes:
            return text
        if not groups + rows:
            return ""
        groups, rows = groups // 2, rows // 2


@cache
def markdown_template(package: str, name: str) -> jinja2.Template:
    """Return a Markdown template of a package; every value in it needs a filter.

    The filters are text, html, code, code_cell and shown.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(package),
        autoescape=False,  # noqa: S701 - every value passes one of the filters below
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=TemplateCache("markdown"),
    )
    environment.filters.update(
        text=markdown,
        html=markdown_html,
        code=markdown_code,
        code_cell=markdown_code_cell,
        shown=visible,
    )
    environment.globals["phrases"] = phrases
    environment.globals["run_phrases"] = run_phrases
    return environment.get_template(name)
