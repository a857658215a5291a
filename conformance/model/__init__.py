"""The values that stages exchange: frozen, and without I/O.

They have no behaviour except what follows from their own members.
"""
