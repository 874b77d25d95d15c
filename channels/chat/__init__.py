"""Talking with people: the assistant that answers what they ask about security."""
