"""Electronic certificates, pure: what one says and is good for, whose it must be, and what is signed with one.

Path and revocation are checked outside, in `server.outside.revocation`; the life of an enrolled one is the desk's.
"""
