"""gateway: the one door to the lakehouse.

Whatever begins with a daemon's path goes to that daemon and comes back as it is, in pieces, with
one request id through the whole chain; `GET /v1/status` tells how all of them are.
"""
