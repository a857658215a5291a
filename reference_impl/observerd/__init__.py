"""observerd: witnessed events.

`POST /observer/event` puts an event on the disk and then says so; `GET /observer/events` gives them
in their order, page by page; `GET /observer/stats` counts them by source and outcome.
"""
