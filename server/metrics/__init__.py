"""What the house shows of itself to Prometheus, counted at its edges: the rules know nothing of it.

`figures` are the counters, `edges` where they are moved, `standing` what is read when somebody asks, `loop` the event
loop's own lag. No label holds an id, a name or an address: docs/metrics.md lists every one.
"""
