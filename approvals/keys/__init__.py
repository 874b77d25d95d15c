"""Where secrets rest: the keyring that seals them, and the card keys that come from them.

What the keys compute is `approvals.cap`'s; the rows that hold sealed bytes are the store's.
"""
