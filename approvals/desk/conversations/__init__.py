"""Conversations: what a person and the bank write to each other, and the queue advisers take them from."""
