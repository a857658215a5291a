"""What every daemon shares: the door to the network and nothing about any daemon's own subject.

One noun a file. A daemon is handlers that declare operations, an opening, and a call of
`kit.daemon.run`; from these the kit makes strict bodies, problem documents, request ids, logs,
metrics, the OpenAPI document, the token gate and the life cycle. Nothing here imports a room.
"""
