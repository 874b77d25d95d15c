"""A person's own key in a USB token: which certificates are on it, the statement shown, the signature.

Reading and judging are `statements` and `certificates`, both pure; the talk with the token is `pkcs11`'s.
"""
