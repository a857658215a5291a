"""storaged: objects, bytes by bucket and key, on disk.

An object is stored and read whole or in ranges, under conditions on its digest, and listed in the
order of keys. What was acknowledged is on the disk. A key is data: it never becomes a path.
"""
