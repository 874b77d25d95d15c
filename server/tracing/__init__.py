"""Spans for whoever follows one request through the bank: HTTP requests, checks of proofs, deliveries.

Off unless the settings name a collector. `spans` is all the rest of the server knows; `otel` alone imports
OpenTelemetry, which is an extra. A span holds ids, routes and outcomes, never an error's text, a code or a name.
"""
