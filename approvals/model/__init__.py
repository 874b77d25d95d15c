"""Frozen values and typed ids of the core, one noun a file; no rules, no waiting."""
