"""Lanes: one runtime each, however it is reached, asked in one way."""
