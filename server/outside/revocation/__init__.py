"""Whether a certificate still holds: path, policy and revocation, asked of the authority and judged in a process apart.

`validator` is the port's face; `fetching` asks, `ocsp` reads as much of an answer as decides whether it is worth
judging, `supervisor` keeps the process, `worker` is it, `judging` is what it does.
"""
