"""Loads: users who go through weighted scenarios, on all cores, and what a runtime made of it."""
