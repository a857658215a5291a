"""A tiny caged worker whose work is named by its fault; run by the tests as a program."""

from __future__ import annotations

import os
import tempfile
import time

from reference_impl.kit.cage import end_after, limit_resources, serve_frames


def work(content: bytes) -> bytes:
    """Do what the content says."""
    end_after(0.5)
    match content.decode():
        case "hang":
            time.sleep(60)
        case "die":
            os._exit(3)
        case "hoard":
            return str(len(bytearray(2**31))).encode()
        case "write":
            with tempfile.TemporaryFile() as out:
                out.write(b"x" * 2000)
        case "tell":
            return repr(sorted(os.environ)).encode()
    return content


if __name__ == "__main__":
    limit_resources(space_mb=512, file_bytes=1000)
    serve_frames(work)
