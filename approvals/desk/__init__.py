"""Waiting code: a verb a method, each one load, decide, save, tell. Rules are elsewhere, and pure."""
