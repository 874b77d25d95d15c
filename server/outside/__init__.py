"""Adapters to the world outside: each speaks one protocol to one neighbour, and turns its answers into our values."""
