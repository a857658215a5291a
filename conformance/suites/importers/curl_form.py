"""Forms that curl sends as multipart/form-data: `-F name=content;type=…;filename=…`.

The boundary is derived from the content, because curl's own is random.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Final

from conformance.suites.importers.imported import NotImportableError

_TYPES: Final = {
    ".gif": "image/gif",
    ".htm": "text/html",
    ".html": "text/html",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".xml": "application/xml",
}
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_PARAMETER: Final = re.compile(r';\s*(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^;]*))', re.DOTALL)


def multipart_body(parts: Sequence[tuple[str, str]]) -> tuple[str, bytes]:
    """Return the content type and the body of a form.

    Raises NotImportableError if the content of a part is in a file.
    """
    written = [b"\r\n".join([*_part_head(option, value)]) for option, value in parts]
    boundary = b"-" * 24 + hashlib.sha256(b"\0".join(written)).hexdigest()[:16].encode()
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in written)
    return f"multipart/form-data; boundary={boundary.decode()}", body + b"--" + boundary + b"--\r\n"


def _part_head(option: str, value: str) -> Iterator[bytes]:
    """Yield the lines of a part; the last one is its content."""
    name, equals, content = value.partition("=")
    if not equals:
        raise NotImportableError(f"its form field {name[:40]!r} has no value")
    parameters: dict[str, str] = {}
    if option == "form":
        if content[:1] in {"@", "<", "("}:
            raise NotImportableError(f"its form field {name[:40]!r} is the content of a file")
        content, parameters = _with_parameters(content)
    disposition = f'Content-Disposition: form-data; name="{_escaped(name)}"'
    if "filename" in parameters:
        disposition += f'; filename="{_escaped(parameters["filename"])}"'
    yield _bytes(disposition)
    if content_type := parameters.get("type") or _type_of(parameters.get("filename")):
        yield _bytes(f"Content-Type: {content_type}")
    yield b""
    yield _bytes(content)


def _type_of(filename: str | None) -> str | None:
    """Return the content type that curl derives from the name of a file, or None."""
    if filename is None:
        return None
    return _TYPES.get(PurePath(filename).suffix.lower())


def _with_parameters(written: str) -> tuple[str, dict[str, str]]:
    """Return the content of a field, and its parameters by name."""
    if quoted := _QUOTED.match(written):
        content, rest = _unescaped(quoted[1]), written[quoted.end() :]
    else:
        content, semicolon, after = written.partition(";")
        rest = semicolon + after
    found = {name: _unescaped(quoted) or plain for name, quoted, plain in _PARAMETER.findall(rest)}
    return content, found


def _unescaped(text: str) -> str:
    return re.sub(r'\\(["\\])', r"\1", text)


def _escaped(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
