"""What the core asks of the world, as Protocols: the store, the keys, the clock, the people told.

`book.py` is the store's transaction and the Ledger inside it, one noun a file beside it; `world.py` the rest.
Only the composition root joins a port to what stands behind it.
"""
