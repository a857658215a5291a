"""The grammar of `runtimes:` documents."""

from typing import Final

from conformance.model.runtime import (
    LANGUAGES,
)
from conformance.suites.access_fields import (
    ACCESS_FIELDS,
)
from conformance.suites.fields import (
    Choice,
    Field,
    FieldTable,
    Flag,
    ListOf,
    OneOrMany,
    Text,
    Whole,
)
from conformance.suites.request_defaults import HEADER_VALUE
from conformance.suites.reset_fields import RESET
from conformance.suites.suite_file import TAG

NAME_PATTERN: Final = r"[a-z0-9][a-z0-9._-]{0,62}"


URL_PATTERN: Final = (
    r'https?://(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?(?:/[!-"$->@-~]*)?'
)


URL = Text(pattern=URL_PATTERN, meaning="http:// or https://, a host, and no query")


URL_OR_VARIABLE = Text(
    pattern=rf"{URL_PATTERN}|[!-~]*\$\{{env:[A-Za-z_][A-Za-z0-9_]*\}}[!-~]*",
    meaning=URL.meaning or "",
)


WORD = Text(pattern=r"[^\0]*", meaning="text without a NUL character")


FILE = Text(pattern=r"[^\0]+", meaning="the path of a file")


TLS = FieldTable(
    fields={
        "authority": Field(spec=FILE, says="a PEM file of further trusted certificates"),
        "server_name": Field(
            spec=Text(pattern=r"[A-Za-z0-9.-]+", meaning="a host name"),
            says="the name in the certificate, if it is not the URL's host",
        ),
        "certificate": Field(
            spec=FILE, says="a PEM file with the certificate that the harness shows"
        ),
        "key": Field(spec=FILE, says="a PEM file with that certificate's key"),
        "verify": Field(spec=Choice(options=("none",)), says="none: no certificate is checked"),
    },
)


RUNTIME = FieldTable(
    fields={
        "url": Field(
            spec=URL_OR_VARIABLE, says="where it already runs; ${env:NAME} stands for a variable"
        ),
        "tls": Field(spec=TLS, says="the certificates of an https url: trusted ones, and our own"),
        "command": Field(
            spec=ListOf(item=WORD, least=1),
            says="the argument vector that starts it; ${port} and ${python}",
        ),
        "batch": Field(
            spec=ListOf(item=WORD, least=1),
            says="the argument vector that a `run` adds its arguments to; ${directory} and "
            "${python}",
        ),
        "app": Field(
            spec=Text(pattern=r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", meaning="module:attribute"),
            says="an ASGI application, called in process",
        ),
        "recording": Field(spec=FILE, says="a file of answers captured earlier"),
        "labels": Field(
            spec=ListOf(item=TAG), says="the words that a suite's `against` picks runtimes by"
        ),
        "language": Field(
            spec=Choice(options=LANGUAGES),
            says="what it is written in: reports then say where such a runtime is fixed",
        ),
        "supports": Field(
            spec=ListOf(item=TAG), says="all that it supports; without it, it gets every case"
        ),
        "headers": Field(
            spec=FieldTable(
                keyed=(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", "header names", OneOrMany(item=HEADER_VALUE))
            ),
            says="header fields that only this runtime is sent, such as a token ${env:NAME}",
        ),
        "secret_hosts": Field(
            spec=ListOf(item=Text(pattern=r"[A-Za-z0-9.:-]+", meaning="a host name")),
            says="further hosts that the variables in `headers` may be sent to, by --runtime "
            "NAME=URL",
        ),
        "directory": Field(
            spec=WORD,
            says="where the command runs or the app is found, from the folder of this file",
        ),
        "environment": Field(
            spec=FieldTable(keyed=(r"[A-Za-z_][A-Za-z0-9_]*", "variable names", WORD)),
            says="variables of the command",
        ),
        "ready": Field(
            spec=Text(pattern=r"/[!-~]*", meaning="a path"),
            says="the path that answers 2xx once it can serve",
        ),
        "port": Field(
            spec=Whole(least=1, most=65_535),
            says="the port it serves on, if that is fixed",
        ),
        "start_timeout_ms": Field(
            spec=Whole(least=1, most=600_000), says="how long it may take to get ready"
        ),
        "stop_timeout_ms": Field(
            spec=Whole(least=1, most=600_000), says="how long it may take to stop when asked to"
        ),
        "toolchain": Field(
            spec=ListOf(item=WORD, least=1), says="the command that names what built it"
        ),
        "source": Field(
            spec=ListOf(item=FILE, least=1),
            says="the files and folders of its code, from `directory`: a document that rests on "
            "older code is refused",
        ),
        "fallback": Field(
            spec=FILE, says="the recording that stands in if the command's program is missing"
        ),
        **ACCESS_FIELDS,
        "disposable": Field(
            spec=Flag(),
            says="true: `fuzz`, `init` and `discover` may send requests that change or delete its "
            "data",
        ),
        "reset": RESET,
    },
    one_of=("url", "command", "batch", "app", "recording"),
)


RUNTIMES = FieldTable(
    fields={
        "runtimes": Field(
            spec=FieldTable(keyed=(NAME_PATTERN, "names of runtimes", RUNTIME)),
            required=True,
            says="each runtime by name",
        )
    }
)
