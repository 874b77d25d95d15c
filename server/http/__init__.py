"""HTTP: a route is a row; router, published document and docs page are made from the same rows.

Handlers only translate between the wire and a desk. The structs shared with the stream, and the one table from errors
to statuses, are `channels`'.
"""
