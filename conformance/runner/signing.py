"""Signs requests when they are sent.

The ways are AWS Signature Version 4, an HMAC, or a command.
"""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import os
import re
import sys
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from msgspec.structs import replace

from conformance.input_file import input_file
from conformance.model.access import AwsSigner, CommandSigner, HmacSigner, Signer
from conformance.model.request import HeaderList, Request

_NAME: Final = re.compile(rb"\$\{([a-z]+)\}")
_FIELD: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(r"[\t -~\x80-\xff]*")
_MAX_SHOWN: Final = 300
_S3: Final = "s3"


class SigningError(ValueError):
    """A request could not be signed; the message says why."""


def with_fields(request: Request, fields: HeaderList) -> Request:
    """Return a request with further header fields."""
    return replace(request, headers=(*request.headers, *fields)) if fields else request


async def signature_fields(signer: Signer, request: Request, url: str) -> HeaderList:
    """Return the header fields that sign a request to a URL; raise SigningError."""
    match signer:
        case AwsSigner():
            return _aws_fields(signer, request, url)
        case HmacSigner():
            return _hmac_fields(signer, request, str(int(time.time())))
        case CommandSigner():
            return await _fields_of_command(signer, request, url)


def _aws_fields(signer: AwsSigner, request: Request, url: str) -> HeaderList:
    try:
        from botocore.auth import S3SigV4Auth, SigV4Auth  # noqa: PLC0415 - an extra, and slow to load
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415 - as above
        from botocore.credentials import Credentials  # noqa: PLC0415 - as above
    except ImportError as error:
        raise SigningError(
            "botocore is missing: pip install 'conformance-harness[sign]'"
        ) from error
    before = {
        "host": urlsplit(url).netloc,
        **{name.lower(): value for name, value in request.headers},
    }
    asking = AWSRequest(method=request.method, url=url, data=request.body or b"", headers=before)
    key = Credentials(signer.access_key, signer.secret_key, signer.session_token or None)
    sign = S3SigV4Auth if signer.service == _S3 else SigV4Auth
    sign(key, signer.service, signer.region).add_auth(asking)
    return tuple(
        (name.lower(), str(value))
        for name, value in asking.headers.items()
        if name.lower() not in before
    )


def _hmac_fields(signer: HmacSigner, request: Request, timestamp: str) -> HeaderList:
    parts = {
        b"method": request.method.encode(),
        b"target": request.target.encode("latin-1"),
        b"timestamp": timestamp.encode(),
        b"body": request.body or b"",
    }
    signed = _NAME.sub(lambda found: parts.get(found[1], found[0]), signer.over.encode())
    digest = hmac.new(signer.key.encode(), signed, getattr(hashlib, signer.digest)).digest()
    signature = digest.hex() if signer.encoding == "hex" else base64.b64encode(digest).decode()
    return tuple(
        (name, value.replace("${signature}", signature).replace("${timestamp}", timestamp))
        for name, value in signer.headers
    )


async def _fields_of_command(signer: CommandSigner, request: Request, url: str) -> HeaderList:
    argv = [sys.executable if word == "${python}" else word for word in signer.argv]
    asked = {
        "method": request.method,
        "url": url,
        "target": request.target,
        "headers": request.headers,
        "body_base64": base64.b64encode(request.body or b"").decode(),
    }
    try:
        with input_file(json.dumps(asked).encode()) as stdin:
            command = await asyncio.create_subprocess_exec(
                *argv,
                cwd=signer.directory,
                stdin=stdin,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=dict(os.environ),
            )
    except OSError as error:
        raise SigningError(f"{argv[0]} could not be started: {error.strerror}") from error
    try:
        async with asyncio.timeout(signer.timeout_ms / 1000):
            printed, complaint = await command.communicate()
    except TimeoutError as error:
        raise SigningError(f"{argv[0]} gave no header fields in {signer.timeout_ms} ms") from error
    finally:
        if command.returncode is None:
            with contextlib.suppress(ProcessLookupError):  # it may have ended since
                command.kill()
            await command.wait()
    if command.returncode:
        last = complaint.decode("utf-8", "replace").strip().rpartition("\n")[2][:_MAX_SHOWN]
        raise SigningError(f"{argv[0]} exited with {command.returncode}: {last}")
    return _fields_in(printed, argv[0])


def _fields_in(printed: bytes, program: str) -> HeaderList:
    try:
        document: Any = json.loads(printed)
    except ValueError as error:
        raise SigningError(f"{program} printed no JSON") from error
    fields = document.get("headers") if isinstance(document, Mapping) else None
    if not isinstance(fields, Mapping):
        raise SigningError(f'{program} printed no {{"headers": {{…}}}}')
    for name, value in fields.items():
        if not isinstance(value, str) or not _FIELD.fullmatch(name) or not _VALUE.fullmatch(value):
            raise SigningError(f"{program} printed {name!r}, which is no header field of one line")
    return tuple(fields.items())
