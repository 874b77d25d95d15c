"""The door and the wiring: HTTP, command line, jobs, adapters to the outside, and the composition root.

Rules are `approvals`', the stream is `channels`'; nothing here decides.
"""
