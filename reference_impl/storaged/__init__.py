"""storaged: objects, bytes by bucket and key, on the disk.

An object is stored and read whole or in ranges, under conditions on its digest, and listed in the
order of keys. Acknowledged changes are on the disk. A key is only data: it never becomes a path.
"""
