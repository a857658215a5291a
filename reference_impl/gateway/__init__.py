"""gateway: the only entry to the lakehouse.

A request whose path begins with a daemon's segment goes to that daemon, and the answer comes back
unchanged, in pieces, with one request id through the whole chain. `GET /v1/status` reports the
health of all daemons.
"""
