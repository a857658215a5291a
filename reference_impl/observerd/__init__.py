"""observerd: a log of observed events.

`POST /observer/event` writes an event to the disk before it answers; `GET /observer/events` returns
events in their order, page by page; `GET /observer/stats` counts them by source and outcome.
"""
