"""The code that all daemons share: everything around HTTP, and nothing of a daemon's subject.

Each file is about one noun. A daemon is handlers that declare operations, a function that opens its
room, and a call of `kit.daemon.run`; from these the kit builds strict bodies, problem documents,
request ids, logs, metrics, the OpenAPI document, the token gate and the life cycle. Nothing here
imports a room.
"""
