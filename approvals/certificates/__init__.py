"""Electronic certificates, the pure part: what one says, what it is good for, and whose it must be.

Path and revocation are checked outside, in `server.outside.revocation`; the life of an enrolled one is the desk's.
"""
