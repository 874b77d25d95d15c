"""The benchmark, `make bench`: complete approvals against the real server and a real database, and what they cost.

Four processes take part: the server, PostgreSQL, the load generator (core, devices and cards of 500 companies) and
the one that runs them. Nothing of it leaves the loopback interface.
"""
