"""A load run as one HTML page with charts, without other files.

The page has no script, and its content security policy allows none.
"""

from functools import cache

import jinja2

from conformance.load import charts, phrases
from conformance.load.figures import LoadRun
from conformance.safe_text import visible


def load_html(run: LoadRun) -> bytes:
    """Return the page as UTF-8."""
    ratios = list(phrases.ratios(run.runtimes[0], run.runtimes[1])) if len(run.runtimes) > 1 else []
    return _template().render(run=run, words=phrases, charts=charts, ratios=ratios).encode("utf-8")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("conformance.load"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: visible(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("load.html.j2")
