"""Resumable uploads on PyPI's tuspyserver, kept in a new folder.

Run as `python tus_server.py PORT`.
"""

import sys
import tempfile

import uvicorn
from fastapi import FastAPI
from tuspyserver import create_tus_router

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="flow-tus-") as folder:
        app = FastAPI()
        app.include_router(create_tus_router(prefix="files", files_dir=folder, max_size=1000))
        uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
