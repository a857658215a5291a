"""Spells the ids and addresses of two runtimes alike, before their answers are compared."""
