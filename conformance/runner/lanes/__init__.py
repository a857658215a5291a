"""Lanes: the same interface to each runtime, however it is reached."""
