"""Runtimes on the command line: `NAME=URL` and `NAME=LANGUAGE`.

A URL here is consent to send requests to it; nothing else in a suite can name a host.
"""

import re

from conformance.errors import Place, UsageError
from conformance.model.runtime import LANGUAGES, AttachedRuntime, Runtime
from conformance.suites.field_check import suggestion
from conformance.suites.runtime_fields import NAME_PATTERN, URL, URL_PATTERN
from conformance.suites.runtime_problems import can_be_called
from conformance.suites.scope import out_of_scope_url


def runtime_from_option(option: str, written: str = "--runtime ") -> Runtime:
    """Return the runtime for a `NAME=URL` of the command line; raise UsageError.

    `written` is what stood before it.
    """
    name, separator, url = option.partition("=")
    if not separator or not re.fullmatch(NAME_PATTERN, name):
        raise UsageError(
            f"{written}{option}: wanted NAME=URL with a lower-case name",
            hint=f"{written}a=http://127.0.0.1:8001",
        )
    if not re.fullmatch(URL_PATTERN, url) or not can_be_called(url):
        raise UsageError(
            f"{written}{option}: wanted {URL.meaning} after '='",
            hint=out_of_scope_url(url) or f"{written}a=http://127.0.0.1:8001",
        )
    return Runtime(name=name, reach=AttachedRuntime(url=url.rstrip("/")), place=Place("--runtime"))


def language_from_option(option: str) -> tuple[str, str]:
    """Return name and language of a `NAME=LANGUAGE` of the command line; raise UsageError."""
    name, separator, language = option.partition("=")
    if not separator or not re.fullmatch(NAME_PATTERN, name):
        raise UsageError(f"--language {option}: wanted NAME=LANGUAGE", hint="--language a=go")
    if language not in LANGUAGES:
        raise UsageError(
            f"--language {option}: {language!r} is no known "
            f"language{suggestion(language, LANGUAGES)}",
            hint=f"known: {', '.join(LANGUAGES)}",
        )
    return name, language
